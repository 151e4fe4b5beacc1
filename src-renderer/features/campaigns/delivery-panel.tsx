import type { CampaignDetail, DeliveryDetail, DeliveryStep } from '@shared/contract/campaigns';
import type { DeliveryId } from '@shared/domain/ids';
import { wordsOf } from '@renderer/platform/failure';
import {
  CopyButton,
  DateTime,
  ErrorState,
  PropertyList,
  Section,
  SidePanel,
  SkeletonLines,
  StateBadge,
} from '@renderer/ui';
import { FrozenEmailView } from './frozen-email';
import { useDelivery } from './queries';
import { useCampaignsText } from './texts';

interface DeliveryPanelProps {
  readonly campaign: CampaignDetail;
  readonly deliveryId: DeliveryId;
  readonly onClose: () => void;
}

/** Everything that is known of one recipient: what happened, what they get, and the values frozen for it. */
export function DeliveryPanel({ campaign, deliveryId, onClose }: DeliveryPanelProps) {
  const { data: delivery, error, refetch } = useDelivery(campaign.id, deliveryId, campaign.counts);
  return (
    <SidePanel
      id="campaigns.delivery"
      open
      onClose={onClose}
      defaultWidth={440}
      title={delivery?.name ?? delivery?.recipient ?? ''}
      subtitle={delivery && <span className="font-mono">{delivery.recipient}</span>}
      actions={delivery && <StateBadge state={delivery.state} />}
    >
      {delivery ? (
        <Body campaign={campaign} delivery={delivery} />
      ) : error ? (
        <ErrorState error={wordsOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonLines lines={8} />
      )}
    </SidePanel>
  );
}

function Body({
  campaign,
  delivery,
}: Pick<DeliveryPanelProps, 'campaign'> & { readonly delivery: DeliveryDetail }) {
  const t = useCampaignsText();
  const values = Object.entries(delivery.parameters);
  return (
    <div className="flex flex-col gap-5">
      <Section title={t('timeline.title')}>
        <ol className="flex flex-col gap-2 text-sm">
          {delivery.timeline.map((step, index) => (
            <Step key={`${step.at} ${index}`} step={step} />
          ))}
        </ol>
      </Section>
      <Section title={t('timeline.message')}>
        {campaign.channel === 'email' ? (
          <FrozenEmailView deliveryId={delivery.id} counts={campaign.counts} />
        ) : (
          <p dir="auto" className="text-sm break-words whitespace-pre-wrap">
            {delivery.text}
          </p>
        )}
      </Section>
      {values.length > 0 && (
        <Section title={t('timeline.values')}>
          <PropertyList properties={values.map(([label, value]) => ({ label, value }))} />
        </Section>
      )}
      {delivery.providerMessageId !== null && (
        <Section title={t('deliveries.provider')}>
          <p className="flex items-center gap-2 font-mono text-xs break-all">
            {delivery.providerMessageId}
            <CopyButton text={delivery.providerMessageId} label={t('timeline.copyProvider')} />
          </p>
        </Section>
      )}
    </div>
  );
}

/** Events that have words; a provider may report others, which are shown as it calls them. */
const EVENTS = [
  'frozen',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'read',
  'failed',
  'retry_wait',
  'asked_again',
  'unknown',
  'resolved',
  'retried',
  'skipped',
  'cancelled',
  'delivery_delayed',
  'bounced',
  'complained',
  'opened',
  'clicked',
  'suppressed',
  'scheduled',
] as const;

function Step({ step }: { readonly step: DeliveryStep }) {
  const t = useCampaignsText();
  const known = EVENTS.find((event) => event === step.event);
  return (
    <li className="grid grid-cols-[10rem_minmax(0,1fr)] gap-x-3">
      <span className="tabular text-xs leading-5 text-ink-3">
        <DateTime at={Date.parse(step.at)} />
      </span>
      <div>
        <span className="font-medium">{known === undefined ? step.event : t(`timeline.event.${known}`)}</span>
        {step.detail !== null && <p className="text-ink-2">{step.detail}</p>}
      </div>
    </li>
  );
}
