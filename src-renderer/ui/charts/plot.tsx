import { useId, useState } from 'react';
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useFormat } from '@renderer/i18n/use-format';
import { ChartTooltip } from './chart-tooltip';
import {
  type Band,
  colorOf,
  dashOf,
  gapsOf,
  highest,
  intervalOf,
  standsAlone,
  type Series,
  type SeriesPoint,
  stackAt,
  timeTicks,
  valueTicks,
} from './series';
import type { UnitFormat } from './use-unit';

export type PlotKind = 'line' | 'area' | 'stacked' | 'bars';

interface PlotProps {
  label: string;
  /** All series, also the hidden: their place decides their pattern. */
  all: readonly Series[];
  shown: readonly Series[];
  data: readonly SeriesPoint[];
  kind: PlotKind;
  unit: UnitFormat;
  from: number;
  to: number;
  height: number;
  syncId: string | undefined;
}

interface Drawn extends SeriesPoint {
  readonly bands: Readonly<Record<string, Band | null>>;
}

const TICKS = 7;
/** Room above the highest value, so that its stroke is not cut. */
const HEADROOM = 1.04;
const DAY_MS = 86_400_000;
const axisText = { fontSize: 11, fill: 'var(--ink-3)' };

/** The drawing itself. */
export function Plot({ label, all, shown, data, kind, unit, from, to, height, syncId }: PlotProps) {
  const format = useFormat();
  const hatch = useId();
  // Charts that share a crosshair would otherwise all open their tooltip at once.
  const [pointed, setPointed] = useState(false);
  const ids = shown.map(({ id }) => id);
  const drawn: readonly Drawn[] = data.map((point) => ({ ...point, bands: stackAt(point, ids) }));
  const stacked = kind === 'stacked' || kind === 'bars';
  const yTicks = [...valueTicks(highest(data, ids, stacked) * HEADROOM, unit.wholeOnly)];
  const xTicks = timeTicks(from, to, TICKS);
  const byDay = (xTicks[1] ?? 0) - (xTicks[0] ?? 0) >= DAY_MS;
  const margin = kind === 'bars' ? intervalOf(data) / 2 : 0;
  const cursor =
    kind === 'bars' ? { fill: 'var(--hover)' } : { stroke: 'var(--ink-3)', strokeDasharray: '3 3' };

  return (
    <div
      role="img"
      aria-label={label}
      style={{ height }}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
    >
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          data={[...drawn]}
          margin={{ top: 4, right: 8, bottom: 0, left: 0 }}
          barCategoryGap="20%"
          accessibilityLayer={false}
          {...(syncId !== undefined && { syncId, syncMethod: 'value' as const })}
        >
          <defs>
            <pattern
              id={hatch}
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <path d="M0 0v6" stroke="var(--line-control)" strokeWidth="1.5" opacity="0.45" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
          <XAxis
            dataKey="at"
            type="number"
            scale="time"
            domain={[from - margin, to + margin]}
            allowDataOverflow
            ticks={[...xTicks]}
            tickFormatter={(at: number) => (byDay ? format.day(at) : format.clock(at))}
            tick={axisText}
            tickLine={false}
            axisLine={{ stroke: 'var(--line)' }}
            tickMargin={6}
            height={24}
          />
          <YAxis
            width="auto"
            ticks={yTicks}
            tick={axisText}
            tickLine={false}
            axisLine={false}
            tickFormatter={unit.short}
            domain={[0, yTicks[yTicks.length - 1] ?? 1]}
          />
          {gapsOf(data, ids).map(([start, end]) => (
            <ReferenceArea
              key={start}
              x1={start}
              x2={end}
              fill={`url(#${hatch})`}
              fillOpacity={1}
              stroke="none"
            />
          ))}
          <Tooltip
            isAnimationActive={false}
            cursor={cursor}
            offset={14}
            content={({ active, label: at }) =>
              active && pointed ? (
                <ChartTooltip
                  point={data.find((point) => point.at === at)}
                  series={shown}
                  unit={unit}
                  showTotal={stacked}
                />
              ) : null
            }
          />
          {shown.map((series) => marks(series, all.indexOf(series), kind, data))}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

/** Where recharts would draw a dot. */
interface DotPlace {
  readonly index: number;
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
}

/** What one series is drawn with. No mark joins readings across a gap. */
function marks(series: Series, index: number, kind: PlotKind, data: readonly SeriesPoint[]) {
  const { id, label } = series;
  const color = colorOf(series.color);
  const value = (point: Drawn): number | null => point.values[id] ?? null;
  const lonely = ({ index: at, cx, cy }: DotPlace) =>
    cx !== undefined && cy !== undefined && standsAlone(data, at, id) ? (
      <circle key={at} cx={cx} cy={cy} r={2} fill={color} />
    ) : (
      <g key={at} />
    );
  const still = { isAnimationActive: false, name: label } as const;
  switch (kind) {
    case 'line':
      return (
        <Line
          key={id}
          {...still}
          dataKey={value}
          type="monotone"
          stroke={color}
          strokeWidth={1.75}
          strokeDasharray={dashOf(index)}
          dot={lonely}
          activeDot={{ r: 3 }}
        />
      );
    case 'area':
      return (
        <Area
          key={id}
          {...still}
          dataKey={value}
          type="monotone"
          stroke={color}
          strokeWidth={1.75}
          fill={color}
          fillOpacity={0.14}
          dot={lonely}
          activeDot={{ r: 3 }}
        />
      );
    case 'stacked':
      return (
        <Area
          key={id}
          {...still}
          dataKey={(point: Drawn) => point.bands[id] ?? null}
          type="monotone"
          stroke={color}
          strokeWidth={1}
          fill={color}
          fillOpacity={0.5}
          activeDot={false}
        />
      );
    case 'bars':
      return <Bar key={id} {...still} dataKey={value} stackId="stack" fill={color} maxBarSize={22} />;
  }
}
