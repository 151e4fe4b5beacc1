import { RotateCw } from 'lucide-react';
import type { CampaignDetail, FailureReason } from '@shared/contract/campaigns';
import { client } from '@renderer/platform/client';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Card, NumberText, showToast } from '@renderer/ui';
import { useAction } from './queries';
import { useCampaignsText } from './texts';

interface FailuresProps {
  readonly campaign: CampaignDetail;
  /** Lists the recipients that failed with this code. */
  readonly onShow: (code: string) => void;
  readonly onChanged: (campaign: CampaignDetail) => void;
}

/** Why recipients failed, what to do about it, and putting back those that may be tried again. */
export function Failures({ campaign, onShow, onChanged }: FailuresProps) {
  const t = useCampaignsText();
  const { busy, run } = useAction();
  if (campaign.failures.length === 0) return null;
  const retry = async (errorCode: string | undefined): Promise<void> => {
    const answer = await run(() =>
      client.campaigns.retryFailed({
        campaignId: campaign.id,
        ...(errorCode !== undefined && { errorCode }),
      }),
    );
    if (answer === null) return;
    onChanged(answer.campaign);
    showToast({ title: t('failures.retried', { count: answer.retried }), tone: 'success' });
  };
  const retryable = campaign.failures.filter((failure) => failure.retryable);
  return (
    <Card
      title={t('failures.title')}
      padding="none"
      actions={
        retryable.length > 1 && (
          <Button size="sm" icon={RotateCw} busy={busy} onClick={() => void retry(undefined)}>
            {t('failures.retryAll')}
          </Button>
        )
      }
    >
      <ul className="divide-y divide-line">
        {campaign.failures.map((failure) => (
          <Failure
            key={failure.code}
            failure={failure}
            busy={busy}
            onShow={() => onShow(failure.code)}
            onRetry={() => void retry(failure.code)}
          />
        ))}
      </ul>
    </Card>
  );
}

interface FailureProps {
  readonly failure: FailureReason;
  readonly busy: boolean;
  readonly onShow: () => void;
  readonly onRetry: () => void;
}

function Failure({ failure, busy, onShow, onRetry }: FailureProps) {
  const t = useCampaignsText();
  const format = useFormat();
  // Two reasons may have as many recipients: their buttons are told apart by the reason.
  const named = {
    count: format.number(failure.recipients),
    reason: `${failure.reason} (${failure.code})`,
  };
  return (
    <li className="flex items-start gap-4 px-4 py-2.5">
      <span className="tabular w-14 shrink-0 text-right text-sm font-semibold">
        <NumberText value={failure.recipients} />
      </span>
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-medium">
          {failure.reason} <span className="font-mono text-xs font-normal text-ink-3">{failure.code}</span>
        </p>
        <p className="text-ink-2">{failure.advice}</p>
        {!failure.retryable && <p className="text-xs text-ink-3">{t('failures.permanent')}</p>}
      </div>
      <Button size="sm" variant="ghost" aria-label={t('failures.showNamed', named)} onClick={onShow}>
        {t('failures.show', named)}
      </Button>
      {failure.retryable && (
        <Button
          size="sm"
          icon={RotateCw}
          busy={busy}
          aria-label={t('failures.retryNamed', named)}
          onClick={onRetry}
        >
          {t('failures.retry', named)}
        </Button>
      )}
    </li>
  );
}
