import { Send } from 'lucide-react';
import type { CampaignDetail } from '@shared/contract/campaigns';
import { client } from '@renderer/platform/client';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Notice } from '@renderer/ui';
import { useAction } from './queries';
import { useCampaignsText } from './texts';

interface StandingNoticeProps {
  readonly campaign: CampaignDetail;
  readonly onChanged: (campaign: CampaignDetail) => void;
}

/** Why a campaign stands still, what is still on its way, and whether its canary waits for a word. */
export function StandingNotice({ campaign, onChanged }: StandingNoticeProps) {
  const t = useCampaignsText();
  const format = useFormat();
  const { busy, run } = useAction();
  const held = campaign.canary?.state === 'held';
  const inFlight = campaign.state === 'paused' ? campaign.counts.sending : 0;
  if (campaign.problem === null && inFlight === 0 && campaign.canary?.state !== 'running') return null;
  if (campaign.canary?.state === 'running' && campaign.problem === null)
    return (
      <Notice tone="info">{t('canary.running', { count: format.number(campaign.canary.recipients) })}</Notice>
    );
  const sendRest = async (): Promise<void> => {
    const changed = await run(() => client.campaigns.resume({ campaignId: campaign.id }));
    if (changed) onChanged(changed);
  };
  return (
    <Notice
      tone={held ? 'info' : 'warning'}
      actions={
        held && (
          <Button size="sm" icon={Send} variant="primary" busy={busy} onClick={() => void sendRest()}>
            {t('canary.sendRest', { count: format.number(campaign.counts.pending) })}
          </Button>
        )
      }
    >
      {campaign.problem}
      {inFlight > 0 && <span> {t('inFlight', { count: inFlight })}</span>}
    </Notice>
  );
}
