import { type PointerEvent, useState } from 'react';
import { ChartTooltip } from './chart-tooltip';
import { pointAt, useCrosshair } from './crosshair';
import { momentAt, nearest, type PlotArea, type Scale } from './geometry';
import { type Band, colorOf, type Series, type SeriesPoint } from './series';
import type { UnitFormat } from './use-unit';

interface PointerLayerProps {
  /** Names this chart among those that share the crosshair. */
  readonly chart: string;
  readonly group: string;
  readonly area: PlotArea;
  readonly size: { readonly width: number; readonly height: number };
  readonly from: number;
  readonly to: number;
  readonly points: readonly SeriesPoint[];
  readonly shown: readonly Series[];
  readonly bandOf: (point: SeriesPoint, series: Series) => Band | null;
  readonly x: Scale;
  readonly y: Scale;
  readonly unit: UnitFormat;
  readonly showTotal: boolean;
  readonly onZoom: ((from: number, to: number) => void) | undefined;
}

/** A drag of fewer pixels is a click. */
const LEAST_DRAG = 6;
const TOOLTIP_GAP = 14;

/** What follows the pointer: the crosshair with its values, and the stretch that is being dragged. Draws nothing else anew. */
export function PointerLayer(props: PointerLayerProps) {
  const { chart, group, area, size, from, to, points, shown, x, y, onZoom } = props;
  const pointed = useCrosshair(group);
  const [drag, setDrag] = useState<{ readonly start: number; readonly end: number } | null>(null);
  const point = pointed === undefined ? undefined : points[nearest(points, pointed.at)];

  const place = (event: PointerEvent<SVGSVGElement>): number =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const within = (at: number): number => Math.min(area.left + area.width, Math.max(area.left, at));
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    const at = place(event);
    pointAt(group, { at: momentAt(area, from, to, at), over: chart });
    if (drag !== null) setDrag({ ...drag, end: within(at) });
  };
  const press = (event: PointerEvent<SVGSVGElement>): void => {
    if (onZoom === undefined || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = within(place(event));
    setDrag({ start: at, end: at });
  };
  const release = (): void => {
    if (drag === null) return;
    setDrag(null);
    const [low, high] = [Math.min(drag.start, drag.end), Math.max(drag.start, drag.end)];
    if (high - low < LEAST_DRAG) return;
    onZoom?.(momentAt(area, from, to, low), momentAt(area, from, to, high));
  };
  const crossAt = point === undefined ? undefined : x(point.at);
  const isInside = crossAt !== undefined && crossAt >= area.left - 1 && crossAt <= area.left + area.width + 1;

  return (
    <>
      <svg
        width={size.width}
        height={size.height}
        className={onZoom ? 'absolute inset-0 cursor-crosshair touch-pan-y' : 'absolute inset-0'}
        aria-hidden
        onPointerMove={move}
        onPointerDown={press}
        onPointerUp={release}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => pointAt(group, undefined)}
      >
        {drag !== null && (
          <rect
            x={Math.min(drag.start, drag.end)}
            y={area.top}
            width={Math.abs(drag.end - drag.start)}
            height={area.height}
            fill="var(--accent)"
            opacity={0.16}
          />
        )}
        {point !== undefined && isInside && (
          <g>
            <path
              d={`M${crossAt} ${area.top}v${area.height}`}
              stroke="var(--ink-3)"
              strokeDasharray="3 3"
              fill="none"
            />
            {shown.map((series) => {
              const band = props.bandOf(point, series);
              return (
                band !== null && (
                  <circle
                    key={series.id}
                    cx={crossAt}
                    cy={y(band[1])}
                    r={3}
                    fill={colorOf(series.color)}
                    stroke="var(--surface)"
                    strokeWidth={1}
                  />
                )
              );
            })}
          </g>
        )}
      </svg>
      {point !== undefined && isInside && pointed?.over === chart && drag === null && (
        <div
          className="pointer-events-none absolute top-1 z-20 w-max"
          style={
            crossAt < size.width / 2
              ? { left: crossAt + TOOLTIP_GAP }
              : { right: size.width - crossAt + TOOLTIP_GAP }
          }
        >
          <ChartTooltip point={point} series={shown} unit={props.unit} showTotal={props.showTotal} />
        </div>
      )}
    </>
  );
}
