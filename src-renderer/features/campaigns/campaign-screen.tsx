import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { CampaignDetail } from '@shared/contract/campaigns';
import { CopyLink } from '@renderer/commands';
import { client } from '@renderer/platform/client';
import { useFormat } from '@renderer/i18n/use-format';
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
import { Deliveries, type ShownDeliveries } from './deliveries';
import { Failures } from './failures';
import { deliveryTones, doneRecipients, isOver } from './figures';
import { FrozenMessage } from './frozen-message';
import { LimitNotice } from './limit-notice';
import { useRefreshOnCounts } from './queries';
import { SenderLine } from './senders/standing';
import { StandingNotice } from './standing-notice';
import { useCampaignsText } from './texts';
import { TimedOutLine } from './timed-out-line';
import { UnknownNotice } from './unknown-notice';

interface CampaignScreenProps {
  readonly id: string;
  readonly shown: ShownDeliveries;
  readonly path: '/campaigns' | '/emails';
}

/** One campaign, live. */
export function CampaignScreen({ id, shown, path }: CampaignScreenProps) {
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
          <CopyLink target={{ kind: 'campaign', id: campaign.id }} />
          <CampaignActions campaign={campaign} path={path} onChanged={setAnswered} />
        </>
      }
    >
      <Detail campaign={campaign} shown={shown} path={path} onChanged={setAnswered} />
    </Page>
  );
}

interface DetailProps extends Omit<CampaignScreenProps, 'id'> {
  readonly campaign: CampaignDetail;
  readonly onChanged: (campaign: CampaignDetail) => void;
}

function Detail({ campaign, shown, path, onChanged }: DetailProps) {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useRefreshOnCounts(campaign.counts);
  const show = (next: ShownDeliveries): void => {
    if (next.state !== shown.state || next.code !== shown.code || next.search !== shown.search)
      setChosen(new Set());
    void navigate({ to: path, search: { id: campaign.id, ...next }, replace: true });
  };
  return (
    <div className="flex flex-col gap-4">
      <StandingNotice campaign={campaign} onChanged={onChanged} />
      <LimitNotice campaign={campaign} onChanged={onChanged} />
      <UnknownNotice
        campaign={campaign}
        chosen={shown.state === 'unknown' ? chosen : new Set()}
        onShow={() => show({ state: 'unknown' })}
        onChanged={(changed) => {
          setChosen(new Set());
          onChanged(changed);
        }}
      />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Standing campaign={campaign} />
          <Failures campaign={campaign} onShow={(code) => show({ code })} onChanged={onChanged} />
        </div>
        <FrozenMessage campaign={campaign} />
      </div>
      <Deliveries campaign={campaign} shown={shown} onShow={show} chosen={chosen} onChosen={setChosen} />
    </div>
  );
}

/** Who is left alone at this moment, and until when. */
function QuietLine({ quiet }: { quiet: NonNullable<CampaignDetail['quiet']> }) {
  const t = useCampaignsText();
  const format = useFormat();
  const until = quiet.until === null ? '' : format.dateTime(Date.parse(quiet.until));
  return (
    <Notice tone="info">
      {t('quiet.waiting', { count: quiet.waiting, amount: format.number(quiet.waiting) })}{' '}
      {until !== '' && t('quiet.until', { until })}
    </Notice>
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
          leftMs={campaign.etaSeconds === null ? null : campaign.etaSeconds * 1_000}
        />
        {campaign.quiet !== null && campaign.quiet.waiting > 0 && <QuietLine quiet={campaign.quiet} />}
        <PartsBar
          label={t('parts')}
          parts={deliveryTones.map(([id, tone]) => ({
            id,
            label: t(`state.${id}`),
            value: campaign.counts[id],
            tone,
          }))}
        />
        <SenderLine campaign={campaign} />
        <TimedOutLine timedOut={campaign.timedOut} />
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
