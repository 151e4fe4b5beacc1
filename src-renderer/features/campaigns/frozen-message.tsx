import type { Audience, CampaignDetail } from '@shared/contract/campaigns';
import { Card, CopyButton, DateTime, PropertyList } from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import { useCampaignsText } from './texts';

/** Enough to tell two messages apart at a glance. */
const SHOWN_OF_HASH = 12;

/** What was sent to whom and when, as it was when it was launched. */
export function FrozenMessage({ campaign }: { campaign: CampaignDetail }) {
  const t = useCampaignsText();
  const { message } = campaign;
  return (
    <Card title={t('message.title')}>
      <div className="flex flex-col gap-4">
        <div className="rounded-md border border-line bg-sunken p-3 text-sm">
          {message.channel === 'email' && <p className="mb-1 font-semibold">{message.subject}</p>}
          {message.channel === 'whatsapp' && message.mediaUrl !== null && (
            <p className="mb-1 font-mono text-xs break-all text-ink-2">{message.mediaUrl}</p>
          )}
          <p dir="auto" className="max-h-64 overflow-y-auto break-words whitespace-pre-wrap">
            {message.body}
          </p>
        </div>
        <PropertyList
          properties={[
            { label: t('message.audience'), value: <AudienceWords audience={campaign.audience} /> },
            { label: t('message.by'), value: campaign.createdBy },
            { label: t('message.created'), value: <Time at={campaign.createdAt} /> },
            ...(campaign.scheduledAt === null
              ? []
              : [{ label: t('message.scheduled'), value: <Time at={campaign.scheduledAt} /> }]),
            { label: t('message.started'), value: campaign.startedAt && <Time at={campaign.startedAt} /> },
            { label: t('message.finished'), value: campaign.finishedAt && <Time at={campaign.finishedAt} /> },
            {
              label: t('message.hash'),
              value: campaign.contentHash && (
                <span className="flex items-center gap-1 font-mono text-xs" title={campaign.contentHash}>
                  {campaign.contentHash.slice(0, SHOWN_OF_HASH)}…
                  <CopyButton text={campaign.contentHash} />
                </span>
              ),
            },
          ]}
        />
      </div>
    </Card>
  );
}

const Time = ({ at }: { at: string }) => <DateTime at={Date.parse(at)} />;

function AudienceWords({ audience }: { audience: Audience }) {
  const t = useCampaignsText();
  const format = useFormat();
  if (audience.kind === 'contacts')
    return t('audience.contacts', { count: format.number(audience.contactIds.length) });
  const without =
    audience.excludeTags.length === 0 ? '' : t('audience.without', { tags: audience.excludeTags.join(', ') });
  switch (audience.kind) {
    case 'tags':
      return t('audience.tags', { tags: audience.tags.join(', ') }) + without;
    case 'search':
      return t('audience.search', { search: audience.search }) + without;
    case 'all':
    case 'import':
      return t(`audience.${audience.kind}`) + without;
  }
}
