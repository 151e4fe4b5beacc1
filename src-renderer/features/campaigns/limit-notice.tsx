import { useState } from 'react';
import type { CampaignDetail } from '@shared/contract/campaigns';
import { client } from '@renderer/platform/client';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, ConfirmDialog, Notice } from '@renderer/ui';
import { useAction } from './queries';
import { useCampaignsText } from './texts';

interface LimitNoticeProps {
  readonly campaign: CampaignDetail;
  readonly onChanged: (campaign: CampaignDetail) => void;
}

/** Who waits for WhatsApp's limit of 24 hours, until when, and the way past it; of a scheduled campaign, what happens then. */
export function LimitNotice({ campaign, onChanged }: LimitNoticeProps) {
  const t = useCampaignsText();
  const format = useFormat();
  const [asks, setAsks] = useState(false);
  const { busy, run } = useAction();
  const { budget, state, scheduledAt } = campaign;
  if (state === 'scheduled' && scheduledAt !== null) {
    const at = format.dateTime(Date.parse(scheduledAt));
    return <Notice tone="info">{t(campaign.keepsLimit ? 'budget.scheduled' : 'begins', { at })}</Notice>;
  }
  if (budget === null || state === 'cancelled') return null;
  const amount = format.number(budget.waiting);
  const pass = async (): Promise<void> => {
    const changed = await run(() => client.campaigns.passLimit({ campaignId: campaign.id }));
    if (changed) onChanged(changed);
  };
  return (
    <>
      <Notice
        tone="warning"
        title={t('budget.title', { count: budget.waiting, amount })}
        actions={
          <Button size="sm" busy={busy} onClick={() => setAsks(true)}>
            {t('budget.pass')}
          </Button>
        }
      >
        {t('budget.hint', {
          limit: format.number(budget.limit),
          until: format.dateTime(Date.parse(budget.until)),
        })}
      </Notice>
      <ConfirmDialog
        open={asks}
        onOpenChange={setAsks}
        title={t('budget.ask', { count: budget.waiting, amount })}
        description={t('budget.askHint')}
        confirmLabel={t('budget.go', { count: budget.waiting, amount })}
        onConfirm={pass}
      />
    </>
  );
}
