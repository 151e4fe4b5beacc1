import { memo, useId, useMemo, useRef } from 'react';
import { Area, Bar, ComposedChart, Line, XAxis, YAxis } from 'recharts';
import { useFormat } from '@renderer/i18n/use-format';
import { type PlotArea, roomFor, timeScale, valueScale } from './geometry';
import { PointerLayer } from './pointer-layer';
import {
  type Band,
  colorOf,
  dashOf,
  EARLIER_DASH,
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
import { useTurn } from './use-turn';
import { useWidth } from './use-width';

export type PlotKind = 'line' | 'area' | 'stacked' | 'bars';

interface PlotProps {
  readonly label: string;
  /** All series, also the hidden: their place decides their pattern. */
  readonly all: readonly Series[];
  readonly shown: readonly Series[];
  readonly data: readonly SeriesPoint[];
  readonly kind: PlotKind;
  readonly unit: UnitFormat;
  readonly from: number;
  readonly to: number;
  readonly height: number;
  readonly syncId: string | undefined;
  readonly onZoom: ((from: number, to: number) => void) | undefined;
}

const TICKS = 7;
/** Pixels that a moment's text needs on the axis. */
const TICK_ROOM = 64;
/** Room above the highest value, so that its stroke is not cut. */
const HEADROOM = 1.04;
const DAY_MS = 86_400_000;
const AXIS_HEIGHT = 24;
const MARGIN = { top: 6, right: 8 };
const WIDEST_BAR = 22;
/** Between an axis and its texts, px. */
const TICK_GAP = 6;
/** Pixels before the right edge in which the words of a tick would be cut where they are centred. */
const EDGE = 16;
const AXIS_TEXT = { fontSize: 11, fill: 'var(--ink-3)' } as const;

/**
 * The drawing, by recharts, and what follows the pointer above it. The two are apart, and the place of the axes is
 * ours, because recharts lays out and draws everything anew at each move of its own crosshair, in all charts that
 * share it.
 */
export function Plot(props: PlotProps) {
  const { label, height } = props;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const drawing = useTurn(useDrawn(props, width), frame);
  return (
    <div ref={frame} className="relative" style={{ height }}>
      <div role="img" aria-label={label} data-chart>
        {drawing !== undefined && width > 0 && <Drawing {...drawing} />}
      </div>
      {drawing !== undefined && width > 0 && <Pointing {...drawing} />}
    </div>
  );
}

type Drawn = ReturnType<typeof useDrawn>;

/** All that is to be drawn, the same object until something about it changes. */
function useDrawn(
  { all, shown, data, kind, unit, from, to, height, syncId, onZoom }: PlotProps,
  width: number,
) {
  return useMemo(() => {
    const ids = shown.filter(({ earlier }) => earlier !== true).map((series) => series.id);
    const stacked = kind === 'stacked' || kind === 'bars';
    const earlier = shown.filter((series) => series.earlier === true).map((series) => series.id);
    const most = Math.max(highest(data, ids, stacked), highest(data, earlier, false));
    const { factor, short } = unit.axis(most);
    const yTicks = valueTicks(most * factor * HEADROOM, unit.wholeOnly).map((tick) => tick / factor);
    const left = roomFor(yTicks.map(short));
    const area: PlotArea = {
      left,
      top: MARGIN.top,
      width: Math.max(1, width - left - MARGIN.right),
      height: height - MARGIN.top - AXIS_HEIGHT,
    };
    const margin = kind === 'bars' ? intervalOf(data) / 2 : 0;
    const [start, end] = [from - margin, to + margin];
    const bandOf = (point: SeriesPoint, series: Series): Band | null => {
      if (stacked && series.earlier !== true) return stackAt(point, ids)[series.id] ?? null;
      const value = point.values[series.id] ?? null;
      return value === null ? null : [0, value];
    };
    return {
      ...{ all, shown, data, kind, unit, height, width, syncId, onZoom },
      ...{ stacked, yTicks, short, area, start, end, bandOf },
      x: timeScale(area, start, end),
      y: valueScale(area, yTicks[yTicks.length - 1] ?? 1),
      xTicks: timeTicks(from, to, Math.max(2, Math.min(TICKS, Math.floor(area.width / TICK_ROOM)))),
      // A bar stands in the middle of where its step is drawn.
      gaps: gapsOf(data, ids).map(([begins, ends]) => [begins - margin, ends - margin] as const),
    };
  }, [all, shown, data, kind, unit, from, to, height, width, syncId, onZoom]);
}

/**
 * recharts draws the marks. What stands still is ours: its axes and its dots are elements by the hundred, measured
 * and made anew with each reading, of which a window of six charts spent a quarter of a second at a time.
 */
const Drawing = memo(function Drawing(drawn: Drawn) {
  const { all, shown, data, kind, height, width, area } = drawn;
  const id = useId();
  return (
    <ComposedChart
      width={width}
      height={height}
      data={data}
      margin={{ ...MARGIN, left: area.left, bottom: AXIS_HEIGHT }}
      barCategoryGap="20%"
      accessibilityLayer={false}
    >
      <Frame drawn={drawn} id={id} />
      <XAxis
        hide
        dataKey="at"
        type="number"
        scale="time"
        domain={[drawn.start, drawn.end]}
        allowDataOverflow
      />
      <YAxis hide domain={[0, drawn.yTicks[drawn.yTicks.length - 1] ?? 1]} />
      {shown.map((series) => mark(series, { ...drawn, index: all.indexOf(series), kind }))}
      <Dots drawn={drawn} />
    </ComposedChart>
  );
});

/** Grid, axes and the times without readings, behind the marks. */
function Frame({ drawn, id }: { readonly drawn: Drawn; readonly id: string }) {
  const { area, x, y, xTicks, yTicks, gaps, short } = drawn;
  const format = useFormat();
  const bottom = area.top + area.height;
  const byDay = (xTicks[1] ?? 0) - (xTicks[0] ?? 0) >= DAY_MS;
  return (
    <g>
      <defs>
        <pattern
          id={`${id}-gap`}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path d="M0 0v6" stroke="var(--line-control)" strokeWidth="1.5" opacity="0.45" />
        </pattern>
      </defs>
      {gaps.map(([start, end]) => (
        <rect
          key={start}
          x={x(start)}
          y={area.top}
          width={Math.max(0, x(end) - x(start))}
          height={area.height}
          fill={`url(#${id}-gap)`}
        />
      ))}
      {yTicks.map((tick) => (
        <g key={tick}>
          <path
            d={`M${area.left} ${y(tick)}h${area.width}`}
            stroke={tick === 0 ? 'var(--line)' : 'var(--chart-grid)'}
          />
          <text {...AXIS_TEXT} x={area.left - TICK_GAP} y={y(tick)} dy="0.355em" textAnchor="end">
            {short(tick)}
          </text>
        </g>
      ))}
      {xTicks.map((tick) => (
        <text
          key={tick}
          {...AXIS_TEXT}
          x={x(tick)}
          y={bottom + TICK_GAP}
          dy="0.71em"
          textAnchor={x(tick) > area.left + area.width - EDGE ? 'end' : 'middle'}
        >
          {byDay ? format.day(tick) : format.clock(tick)}
        </text>
      ))}
    </g>
  );
}

/** Readings that no line leads to. */
function Dots({ drawn }: { readonly drawn: Drawn }) {
  const { shown, data, kind, x, y } = drawn;
  const dotted = shown.filter(({ earlier }) => earlier === true || kind === 'line' || kind === 'area');
  return (
    <g>
      {dotted.flatMap(({ id, color }) =>
        data.flatMap((point, index) =>
          standsAlone(data, index, id) ? (
            <circle
              key={`${id} ${point.at}`}
              cx={x(point.at)}
              cy={y(point.values[id] ?? 0)}
              r={2}
              fill={colorOf(color)}
            />
          ) : (
            []
          ),
        ),
      )}
    </g>
  );
}

/** Above the drawing. Apart from it, since recharts would draw everything anew at each move of its own crosshair. */
function Pointing({ data, shown, height, width, syncId, ...drawn }: Drawn) {
  const id = useId();
  return (
    <PointerLayer
      chart={id}
      group={syncId ?? id}
      area={drawn.area}
      size={{ width, height }}
      from={drawn.start}
      to={drawn.end}
      points={data}
      shown={shown}
      bandOf={drawn.bandOf}
      x={drawn.x}
      y={drawn.y}
      unit={drawn.unit}
      showTotal={drawn.stacked}
      onZoom={drawn.onZoom}
    />
  );
}

interface MarkOptions extends Pick<Drawn, 'shown' | 'bandOf'> {
  readonly index: number;
  readonly kind: PlotKind;
}

/** What one series is drawn with. No mark joins readings across a gap. */
function mark(series: Series, { index, kind, shown, bandOf }: MarkOptions) {
  const { id, label, earlier = false } = series;
  const color = colorOf(series.color);
  const value = (point: SeriesPoint): number | null => point.values[id] ?? null;
  const still = { isAnimationActive: false, activeDot: false, name: label } as const;
  if (earlier || kind === 'line') {
    return (
      <Line
        key={id}
        {...still}
        dataKey={value}
        type="linear"
        stroke={color}
        strokeWidth={earlier ? 1.25 : 1.75}
        strokeDasharray={earlier ? EARLIER_DASH : dashOf(index)}
        strokeOpacity={earlier ? 0.85 : 1}
        dot={false}
      />
    );
  }
  switch (kind) {
    case 'area':
      return (
        <Area
          key={id}
          {...still}
          dataKey={value}
          type="linear"
          stroke={color}
          strokeWidth={1.75}
          fill={color}
          fillOpacity={0.14}
        />
      );
    case 'stacked':
      return (
        <Area
          key={id}
          {...still}
          dataKey={(point: SeriesPoint) => bandOf(point, series)}
          type="linear"
          stroke={color}
          strokeWidth={1}
          fill={color}
          fillOpacity={0.5}
        />
      );
    case 'bars': {
      const isAlone = shown.filter((each) => each.earlier !== true).length === 1;
      // A bar of nothing is an element all the same; most are.
      const bar = (point: SeriesPoint): number | null => value(point) || null;
      return (
        <Bar
          key={id}
          {...still}
          dataKey={bar}
          {...(!isAlone && { stackId: 'stack' })}
          fill={color}
          maxBarSize={WIDEST_BAR}
        />
      );
    }
  }
}
