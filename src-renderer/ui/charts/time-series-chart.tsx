import { ChartSpline, ImageDown, Table2 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { IconButton } from '../button';
import { useUiText } from '../texts';
import { ChartLegend } from './chart-legend';
import { ChartTable } from './chart-table';
import { Plot, type PlotKind } from './plot';
import { saveChartImage, type ChartImage } from './save-image';
import type { Series, SeriesPoint } from './series';
import { type Unit, useUnit } from './use-unit';

export interface TimeSeriesChartProps {
  /** What it shows, in words: the chart's name. */
  label: string;
  series: readonly Series[];
  /** In order of time; a missing reading is a point with null. */
  data: readonly SeriesPoint[];
  /** `line` for latencies, `area` for one amount, `stacked` for parts of a whole, `bars` for counts per interval. */
  kind?: PlotKind | undefined;
  unit?: Unit | undefined;
  /** The time axis in epoch milliseconds; the data's own ends unless given. */
  from?: number | undefined;
  to?: number | undefined;
  /** Pixels of the plot: 200 unless told. */
  height?: number | undefined;
  /** Charts with the same id share their crosshair. */
  syncId?: string | undefined;
  /** Called with the stretch of time, in epoch milliseconds, that was dragged over the plot. */
  onZoom?: ((from: number, to: number) => void) | undefined;
  /** What a picture of it is called and says above it; without it none is offered. */
  image?: ChartImage | undefined;
}

/** Numbers over time: legend that toggles, crosshair with all values, the same as a table. Never animates. */
export function TimeSeriesChart({
  label,
  series,
  data,
  kind = 'line',
  unit = 'count',
  from,
  to,
  height = 200,
  syncId,
  onZoom,
  image,
}: TimeSeriesChartProps) {
  const t = useUiText();
  const unitFormat = useUnit(unit);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [asTable, setAsTable] = useState(false);
  const figure = useRef<HTMLElement>(null);
  const shown = useMemo(() => series.filter(({ id }) => !hidden.has(id)), [series, hidden]);
  const last = data[data.length - 1];
  const latest = Object.fromEntries(
    series.map(({ id }) => {
      const value = last?.values[id] ?? null;
      return [id, value === null ? null : unitFormat.full(value)];
    }),
  );
  const toggle = (id: string): void => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  };

  return (
    <figure ref={figure} aria-label={label} className="min-w-0">
      <div className="mb-2 flex items-start gap-2">
        <ChartLegend
          series={series}
          hidden={hidden}
          onToggle={toggle}
          look={kind === 'line' ? 'line' : 'square'}
          latest={latest}
        />
        {image !== undefined && !asTable && data.length > 0 && (
          <IconButton
            icon={ImageDown}
            label={t('chart.image', { name: label })}
            size="sm"
            onClick={() => {
              if (figure.current) void saveChartImage(figure.current, image, { series: shown, kind, latest });
            }}
          />
        )}
        <IconButton
          icon={asTable ? ChartSpline : Table2}
          label={asTable ? t('chart.chart') : t('chart.table')}
          size="sm"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        />
      </div>
      {asTable ? (
        <ChartTable label={label} series={shown} data={data} unit={unitFormat} height={height} />
      ) : data.length === 0 ? (
        <div className="flex items-center justify-center text-sm text-ink-3" style={{ height }}>
          {t('chart.noData')}
        </div>
      ) : (
        <Plot
          label={label}
          all={series}
          shown={shown}
          data={data}
          kind={kind}
          unit={unitFormat}
          from={from ?? data[0]?.at ?? 0}
          to={to ?? last?.at ?? 0}
          height={height}
          syncId={syncId}
          onZoom={onZoom}
        />
      )}
    </figure>
  );
}
