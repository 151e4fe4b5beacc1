import { Timer } from 'lucide-react';
import type { CampaignDetail } from '@shared/contract/campaigns';
import { useFormat } from '@renderer/i18n/use-format';
import { Link } from '@renderer/ui';
import { useCampaignsText } from './texts';

/** Runs of the campaign's jobs that their time limit ended: nothing is wrong, and nothing is to be done. */
export function TimedOutLine({ timedOut }: Pick<CampaignDetail, 'timedOut'>) {
  const t = useCampaignsText();
  const format = useFormat();
  if (timedOut === null) return null;
  const words = {
    count: timedOut.runs,
    amount: format.number(timedOut.runs),
    limit: format.duration(timedOut.afterMs),
    at: format.dateTime(Date.parse(timedOut.at)),
  };
  return (
    <p className="flex items-start gap-2 text-sm text-ink-2">
      <Timer aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
      <span>
        {t('timedOut.runs', words)} {t('timedOut.hint')} <Link to="/settings">{t('timedOut.change')}</Link>
      </span>
    </p>
  );
}
