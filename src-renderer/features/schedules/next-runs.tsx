import { useFormat } from '@renderer/i18n/use-format';
import { RelativeTime } from '@renderer/ui';
import { useSchedulesText } from './texts';
import { timeIn } from './times';

interface NextRunsProps {
  /** In ms since 1970. */
  readonly runs: readonly number[];
  readonly timeZone: string;
}

/** The next times on the clocks of the schedule and, where those are others, on the user's. */
export function NextRuns({ runs, timeZone }: NextRunsProps) {
  const t = useSchedulesText();
  const format = useFormat();
  const both = timeZone !== format.timeZone;
  return (
    <table className="w-full text-left text-sm">
      <thead>
        <tr className="text-xs text-ink-2">
          <th className="py-1 pr-4 font-medium">{t('there', { zone: timeZone })}</th>
          {both && <th className="py-1 pr-4 font-medium">{t('here')}</th>}
          <th className="py-1 text-right font-medium">
            <span className="sr-only">{t('next')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run} className="border-t border-line">
            <td className="tabular py-1 pr-4">{timeIn(run, timeZone, format.locale)}</td>
            {both && (
              <td className="tabular py-1 pr-4 text-ink-2">{timeIn(run, format.timeZone, format.locale)}</td>
            )}
            <td className="py-1 text-right text-ink-2">
              <RelativeTime at={run} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
