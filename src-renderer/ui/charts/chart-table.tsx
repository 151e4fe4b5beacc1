import { useFormat } from '@renderer/i18n/use-format';
import { useUiText } from '../texts';
import type { Series, SeriesPoint } from './series';
import type { UnitFormat } from './use-unit';

/** From here on a time of day is not enough. */
const DAY_MS = 86_400_000;

interface ChartTableProps {
  label: string;
  series: readonly Series[];
  data: readonly SeriesPoint[];
  unit: UnitFormat;
  height: number;
}

/** The same numbers as text, newest first. */
export function ChartTable({ label, series, data, unit, height }: ChartTableProps) {
  const t = useUiText();
  const format = useFormat();
  const isLong = (data[data.length - 1]?.at ?? 0) - (data[0]?.at ?? 0) >= DAY_MS;
  return (
    <div
      className="overflow-auto rounded-md border border-line"
      style={{ height }}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table className="tabular w-full text-xs">
        <thead className="sticky top-0 bg-canvas text-ink-3">
          <tr>
            <th className="px-3 py-1.5 text-left font-medium">{t('chart.time')}</th>
            {series.map(({ id, label: name }) => (
              <th key={id} className="px-3 py-1.5 text-right font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...data].reverse().map((point) => (
            <tr key={point.at} className="border-t border-line">
              <td className="px-3 py-1 whitespace-nowrap text-ink-2">
                {isLong ? format.dateTime(point.at) : format.time(point.at)}
              </td>
              {series.map(({ id }) => {
                const value = point.values[id] ?? null;
                return (
                  <td key={id} className="px-3 py-1 text-right whitespace-nowrap">
                    {value === null ? <span className="text-ink-3">{t('chart.gap')}</span> : unit.full(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
