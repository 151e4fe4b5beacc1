import { useNavigate } from '@tanstack/react-router';
import { Ban, Pause, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { CampaignDetail } from '@shared/contract/campaigns';
import { client } from '@renderer/platform/client';
import { Button, ConfirmDialog, showToast } from '@renderer/ui';
import { isOver, openRecipients } from './figures';
import { useAction } from './queries';
import { useCampaignsText } from './texts';

interface CampaignActionsProps {
  readonly campaign: CampaignDetail;
  readonly path: '/campaigns' | '/emails';
  readonly onChanged: (campaign: CampaignDetail) => void;
}

/** Pause, resume and cancel while it goes on; remove once it is over. */
export function CampaignActions({ campaign, path, onChanged }: CampaignActionsProps) {
  const t = useCampaignsText();
  const { busy, run } = useAction();
  const [asking, setAsking] = useState<'cancel' | 'remove' | null>(null);
  const one = { campaignId: campaign.id };
  const act = async (name: 'pause' | 'resume' | 'cancel'): Promise<void> => {
    const changed = await run(() => client.campaigns[name](one));
    if (changed) onChanged(changed);
  };
  return (
    <>
      {campaign.state === 'paused' ? (
        <Button
          icon={Play}
          variant={campaign.isStopped ? 'secondary' : 'primary'}
          busy={busy}
          onClick={() => void act('resume')}
        >
          {t('resume')}
        </Button>
      ) : (
        (campaign.state === 'running' || campaign.state === 'launching') && (
          <Button icon={Pause} busy={busy} onClick={() => void act('pause')}>
            {t('pause')}
          </Button>
        )
      )}
      {isOver(campaign.state) ? (
        <Button icon={Trash2} onClick={() => setAsking('remove')}>
          {t('remove')}
        </Button>
      ) : (
        <Button
          icon={Ban}
          variant={campaign.isStopped ? 'primary' : 'secondary'}
          onClick={() => setAsking('cancel')}
        >
          {t('cancel')}
        </Button>
      )}
      <CancelDialog
        campaign={campaign}
        open={asking === 'cancel'}
        onClose={() => setAsking(null)}
        onConfirm={() => act('cancel')}
      />
      <RemoveDialog
        campaign={campaign}
        path={path}
        open={asking === 'remove'}
        onClose={() => setAsking(null)}
      />
    </>
  );
}

interface DialogProps {
  readonly campaign: CampaignDetail;
  readonly open: boolean;
  readonly onClose: () => void;
}

function CancelDialog({
  campaign,
  open,
  onClose,
  onConfirm,
}: DialogProps & { readonly onConfirm: () => Promise<void> }) {
  const t = useCampaignsText();
  const count = openRecipients(campaign);
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onClose}
      danger
      title={t('confirm.cancel')}
      description={t('confirm.cancelHint', { count })}
      confirmLabel={t('confirm.cancelGo', { count })}
      onConfirm={onConfirm}
    />
  );
}

function RemoveDialog({ campaign, path, open, onClose }: DialogProps & Pick<CampaignActionsProps, 'path'>) {
  const t = useCampaignsText();
  const navigate = useNavigate();
  const { run } = useAction();
  const remove = async (): Promise<void> => {
    const removed = await run(() => client.campaigns.remove({ campaignId: campaign.id }));
    if (removed === null) return;
    showToast({ title: t('removed'), tone: 'success' });
    await navigate({ to: path, search: {} });
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onClose}
      danger
      title={t('confirm.remove')}
      description={t('confirm.removeHint', { count: campaign.recipients })}
      confirmLabel={t('confirm.removeGo')}
      onConfirm={remove}
    />
  );
}
