import type { ChartPoint, ChartSeries } from '@shared/contract/charts';
import { TABLE_BATCH_ROWS, type TableRows } from '../../files/table-file';
import type { XlsxCell } from '../../files/xlsx-writer';

const FIGURES = [
  ['watched_seconds', (point) => point.watchedSeconds],
  ['completed', (point) => point.completed],
  ['failed', (point) => point.failed],
  ['completed_per_second', (point) => perSecond(point.completed, point.watchedSeconds)],
  ['failed_per_second', (point) => perSecond(point.failed, point.watchedSeconds)],
  ['backlog', (point) => point.backlog],
  ['active', (point) => point.active],
  ['delayed', (point) => point.delayed],
  ['oldest_waiting_seconds', (point) => point.oldestSeconds],
  ['eta_seconds', (point) => point.etaSeconds],
  ...(['wait', 'run'] as const).flatMap((of) =>
    (['p50', 'p95', 'p99'] as const).map(
      (share) => [`${of}_${share}_ms`, (point: ChartPoint) => point[of]?.[share] ?? null] as const,
    ),
  ),
] as const satisfies readonly (readonly [string, (point: ChartPoint) => number | null])[];

const DECIMALS = 1_000;

const perSecond = (count: number | null, seconds: number): number | null =>
  count === null || seconds === 0 ? null : count / seconds;

export interface ChartTable {
  /** What it is of; the first columns of every line, so that files can be put together. */
  readonly queue: string;
  readonly name: string;
  readonly series: ChartSeries;
}

/** A chart as lines: the time in UTC, every figure, and the same of the time that it is compared with. A gap is empty. */
export async function* chartRows({ queue, name, series }: ChartTable): TableRows {
  const { points, compared, stepSeconds } = series;
  const earlier = compared === null ? [] : ['compared_at', ...FIGURES.map(([title]) => `compared_${title}`)];
  const head = ['queue', 'job_name', 'at', 'step_seconds', ...FIGURES.map(([title]) => title), ...earlier];
  let batch: XlsxCell[][] = [head];
  for (const [index, point] of points.entries()) {
    const before = compared?.[index];
    batch.push([
      queue,
      name,
      point.at,
      stepSeconds,
      ...figuresOf(point),
      ...(before === undefined ? [] : [before.at, ...figuresOf(before)]),
    ]);
    if (batch.length < TABLE_BATCH_ROWS) continue;
    yield batch;
    batch = [];
    await Promise.resolve();
  }
  if (batch.length > 0) yield batch;
}

const figuresOf = (point: ChartPoint): (number | null)[] =>
  FIGURES.map(([, figure]) => {
    const value = figure(point);
    return value === null ? null : Math.round(value * DECIMALS) / DECIMALS;
  });
