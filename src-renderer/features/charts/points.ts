import type { ChartPoint, ChartSeries } from '@shared/contract/charts';
import type { SeriesPoint } from '@renderer/ui/charts';

const SECOND = 1_000;

/** Of the time that it is compared with, beside each figure. */
export const earlierOf = (id: string): string => `${id}-earlier`;

/** The figures of one step as the charts draw them: rates a second, durations in ms. */
const figuresOf = (point: ChartPoint): Record<string, number | null> => {
  const {
    watchedSeconds,
    completed,
    failed,
    backlog,
    delayed,
    active,
    oldestSeconds,
    etaSeconds,
    wait,
    run,
  } = point;
  const ms = (seconds: number | null): number | null => (seconds === null ? null : seconds * SECOND);
  return {
    // Counts are per step; steps differ, and the last has only begun: a rate does not care.
    completed: completed === null ? null : completed / watchedSeconds,
    failed,
    ...{ backlog, delayed, active },
    oldest: ms(oldestSeconds),
    eta: ms(etaSeconds),
    ...{ wait50: wait?.p50 ?? null, wait95: wait?.p95 ?? null, wait99: wait?.p99 ?? null },
    ...{ run50: run?.p50 ?? null, run95: run?.p95 ?? null, run99: run?.p99 ?? null },
  };
};

/** The points of a chart with, where something is compared, the earlier figure at the same place. */
export function pointsOf({ points, compared }: ChartSeries): readonly SeriesPoint[] {
  return points.map((point, index) => {
    const before = compared?.[index];
    const earlier =
      before === undefined
        ? []
        : Object.entries(figuresOf(before)).map(([id, value]) => [earlierOf(id), value] as const);
    return {
      at: Date.parse(point.at),
      watched: point.watchedSeconds > 0,
      values: { ...figuresOf(point), ...Object.fromEntries(earlier) },
    };
  });
}
