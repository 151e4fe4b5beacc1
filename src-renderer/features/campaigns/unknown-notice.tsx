import type { CampaignDetail } from '@shared/contract/campaigns';
import { client } from '@renderer/platform/client';
import { DeliveryId } from '@shared/domain/ids';
import { Button, Notice, showToast } from '@renderer/ui';
import { useAction } from './queries';
import { useCampaignsText } from './texts';

interface UnknownNoticeProps {
  readonly campaign: CampaignDetail;
  /** Ids of the unknown recipients the operator has looked up. */
  readonly chosen: ReadonlySet<string>;
  readonly onShow: () => void;
  readonly onChanged: (campaign: CampaignDetail) => void;
}

/** Recipients whose answer was lost: only a person can say what came of them. */
export function UnknownNotice({ campaign, chosen, onShow, onChanged }: UnknownNoticeProps) {
  const t = useCampaignsText();
  const { busy, run } = useAction();
  const unknown = campaign.counts.unknown;
  if (unknown === 0) return null;
  const resolve = async (as: 'sent' | 'failed'): Promise<void> => {
    const deliveryIds = [...chosen].map((id) => DeliveryId.parse(id));
    const answer = await run(() =>
      client.campaigns.resolveUnknown({ campaignId: campaign.id, deliveryIds, as }),
    );
    if (answer === null) return;
    onChanged(answer.campaign);
    showToast({ title: t('unknown.resolved', { count: answer.resolved }), tone: 'success' });
  };
  const count = chosen.size;
  return (
    <Notice
      tone="warning"
      title={t('unknown.title', { count: unknown })}
      actions={
        chosen.size === 0 ? (
          <Button size="sm" onClick={onShow}>
            {t('unknown.show', { count: unknown })}
          </Button>
        ) : (
          <>
            <Button size="sm" busy={busy} onClick={() => void resolve('sent')}>
              {t('unknown.sent', { count })}
            </Button>
            <Button size="sm" busy={busy} onClick={() => void resolve('failed')}>
              {t('unknown.failed', { count })}
            </Button>
          </>
        )
      }
    >
      {t('unknown.hint', { count: unknown })}
    </Notice>
  );
}
