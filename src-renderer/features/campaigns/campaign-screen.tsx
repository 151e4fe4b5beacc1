import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { CampaignDetail, DeliveryState } from '@shared/contract/campaigns';
import { client } from '@renderer/platform/client';
import { useStream } from '@renderer/platform/use-stream';
import {
  ButtonLink,
  Card,
  ErrorState,
  Link,
  Notice,
  Page,
  PartsBar,
  Progress,
  SkeletonLines,
} from '@renderer/ui';
import { CampaignActions } from './campaign-actions';
import { CampaignBadge } from './campaign-badge';
import { Deliveries } from './deliveries';
import { Failures } from './failures';
import { deliveryTones, doneRecipients, isOver } from './figures';
import { FrozenMessage } from './frozen-message';
import { useRefreshOnCounts } from './queries';
import { useCampaignsText } from './texts';
import { UnknownNotice } from './unknown-notice';

interface CampaignScreenProps {
  readonly id: string;
  readonly state: DeliveryState | undefined;
  readonly path: '/campaigns' | '/emails';
}

/** One campaign, live. */
export function CampaignScreen({ id, state, path }: CampaignScreenProps) {
  const t = useCampaignsText();
  const live = useStream(client.campaigns.changes, { campaignId: id });
  const [answered, setAnswered] = useState<CampaignDetail | undefined>(undefined);
  // What an action answered stands until the stream has said something newer.
  const [seen, setSeen] = useState(live.value);
  if (seen !== live.value) {
    setSeen(live.value);
    setAnswered(undefined);
  }
  const campaign = answered ?? live.value;
  const back = (
    <ButtonLink to={path} size="sm" variant="ghost">
      {path === '/emails' ? t('backEmails') : t('back')}
    </ButtonLink>
  );
  if (!campaign)
    return (
      <Page title={t('title')} actions={back}>
        {live.error ? <ErrorState error={live.error} size="page" /> : <SkeletonLines lines={8} />}
      </Page>
    );
  return (
    <Page
      title={campaign.name}
      badge={<CampaignBadge campaign={campaign} />}
      hint={t(campaign.channel)}
      actions={
        <>
          {back}
          <CampaignActions campaign={campaign} path={path} onChanged={setAnswered} />
        </>
      }
    >
      <Detail campaign={campaign} state={state} path={path} onChanged={setAnswered} />
    </Page>
  );
}

interface DetailProps extends Omit<CampaignScreenProps, 'id'> {
  readonly campaign: CampaignDetail;
  readonly onChanged: (campaign: CampaignDetail) => void;
}

function Detail({ campaign, state, path, onChanged }: DetailProps) {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useRefreshOnCounts(campaign.counts);
  const show = (next: DeliveryState | undefined): void => {
    setChosen(new Set());
    void navigate({ to: path, search: { id: campaign.id, state: next } });
  };
  return (
    <div className="flex flex-col gap-4">
      {campaign.problem !== null && <Notice tone="warning">{campaign.problem}</Notice>}
      <UnknownNotice
        campaign={campaign}
        chosen={state === 'unknown' ? chosen : new Set()}
        onShow={() => show('unknown')}
        onChanged={(changed) => {
          setChosen(new Set());
          onChanged(changed);
        }}
      />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Standing campaign={campaign} />
          <Failures campaign={campaign} onChanged={onChanged} />
        </div>
        <FrozenMessage campaign={campaign} />
      </div>
      <Deliveries
        campaignId={campaign.id}
        state={state}
        onState={show}
        chosen={chosen}
        onChosen={setChosen}
      />
    </div>
  );
}

function Standing({ campaign }: { campaign: CampaignDetail }) {
  const t = useCampaignsText();
  return (
    <Card>
      <div className="flex flex-col gap-5">
        <Progress
          label={t('progress')}
          done={doneRecipients(campaign)}
          total={campaign.recipients}
          perSecond={isOver(campaign.state) ? null : campaign.perSecond}
        />
        <PartsBar
          label={t('parts')}
          parts={deliveryTones.map(([id, tone]) => ({
            id,
            label: t(`state.${id}`),
            value: campaign.counts[id],
            tone,
          }))}
        />
        {campaign.jobId !== null && (
          <p className="text-sm">
            <Link
              to="/jobs"
              search={{
                queue: campaign.channel === 'email' ? 'email-notification' : 'bulk-messages',
                job: campaign.jobId,
              }}
            >
              {t('job')}
            </Link>
          </p>
        )}
      </div>
    </Card>
  );
}
