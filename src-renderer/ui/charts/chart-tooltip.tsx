import { useFormat } from '@renderer/i18n/use-format';
import { useUiText } from '../texts';
import { colorOf, type Series, type SeriesPoint } from './series';
import type { UnitFormat } from './use-unit';

interface ChartTooltipProps {
  point: SeriesPoint | undefined;
  series: readonly Series[];
  unit: UnitFormat;
  showTotal: boolean;
}

/** All values at the crosshair. */
export function ChartTooltip({ point, series, unit, showTotal }: ChartTooltipProps) {
  const t = useUiText();
  const format = useFormat();
  if (!point) return null;
  const parts = series.filter(({ earlier }) => earlier !== true);
  const total = parts.reduce((sum, { id }) => sum + (point.values[id] ?? 0), 0);
  return (
    <div className="rounded-md border border-line bg-raised px-2.5 py-2 text-xs shadow-e2">
      <p className="tabular mb-1 text-ink-3">{format.dateTime(point.at)}</p>
      <dl className="grid grid-cols-[1fr_auto] gap-x-5 gap-y-0.5">
        {series.map(({ id, label, color }) => {
          const value = point.values[id] ?? null;
          return (
            <div key={id} className="contents">
              <dt className="flex items-center gap-1.5 text-ink-2">
                <span className="size-2 rounded-xs" style={{ background: colorOf(color) }} />
                {label}
              </dt>
              <dd className="tabular text-right font-medium">
                {value === null ? (
                  <span className="font-normal text-ink-3">{t('chart.gap')}</span>
                ) : (
                  unit.full(value)
                )}
              </dd>
            </div>
          );
        })}
        {showTotal && parts.length > 1 && (
          <div className="contents">
            <dt className="mt-1 border-t border-line pt-1 text-ink-2">{t('chart.total')}</dt>
            <dd className="tabular mt-1 border-t border-line pt-1 text-right font-semibold">
              {unit.full(total)}
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}
