import type { z } from 'zod';
import type { SeriesPoint } from '@shared/contract/queues';
import { queueNames, type QueueName } from '@shared/domain/queues';
import { addInto, percentiles, type Histogram } from './histogram';
import type { MetricsRecorder } from './metrics-recorder';
import type { QueueMetricsRepository } from './repository';

export interface Series {
  readonly stepSeconds: number;
  readonly points: z.infer<typeof SeriesPoint>[];
}

/** Sums of one step; null fields are gaps. */
interface Step {
  completed: number | null;
  failed: number | null;
  backlog: number | null;
  readonly wait: Histogram;
  readonly run: Histogram;
}

const emptyStep = (): Step => ({ completed: null, failed: null, backlog: null, wait: [], run: [] });
const sum = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b);

/** About 200 to 400 points for any range: memory up to half an hour, the database beyond. */
const stepOf = (minutes: number): number => {
  if (minutes <= 15) return 5;
  if (minutes <= 30) return 10;
  if (minutes <= 6 * 60) return 60;
  return 300;
};

export interface SeriesParts {
  readonly recorder: Pick<MetricsRecorder, 'measure'>;
  readonly repository: QueueMetricsRepository;
  readonly organizationId: string;
  readonly now: () => number;
}

/** Chart data of one queue or of all together; counts are per step, gaps are null. */
export const readSeries = async (
  parts: SeriesParts,
  queue: QueueName | undefined,
  minutes: number,
): Promise<Series> => {
  const stepSeconds = stepOf(minutes);
  const queues = queue === undefined ? queueNames : [queue];
  const end = Math.floor(parts.now() / 1_000 / stepSeconds + 1) * stepSeconds;
  const start = end - minutes * 60;
  const steps = Array.from({ length: Math.ceil((end - start) / stepSeconds) }, emptyStep);
  if (stepSeconds < 60) fromMemory(parts, queues, start, stepSeconds, steps);
  else await fromMinutes(parts, queues, start, end, stepSeconds, steps);
  const points = steps.map((step, index) => ({
    at: new Date((start + index * stepSeconds) * 1_000).toISOString(),
    completed: step.completed,
    failed: step.failed,
    backlog: step.backlog,
    wait: percentiles(step.wait),
    run: percentiles(step.run),
  }));
  return { stepSeconds, points };
};

const fromMemory = (
  { recorder }: SeriesParts,
  queues: readonly QueueName[],
  start: number,
  stepSeconds: number,
  steps: readonly Step[],
): void => {
  for (const [index, step] of steps.entries()) {
    const from = start + index * stepSeconds;
    for (const queue of queues) {
      const measured = recorder.measure(queue, from, from + stepSeconds);
      if (measured.observedSeconds > 0) add(step, measured);
    }
  }
};

const fromMinutes = async (
  { recorder, repository, organizationId }: SeriesParts,
  queues: readonly QueueName[],
  start: number,
  end: number,
  stepSeconds: number,
  steps: readonly Step[],
): Promise<void> => {
  const from = new Date(start * 1_000);
  const kept = await repository.minutes(organizationId, queues, from, new Date(end * 1_000));
  const seen = new Set<string>();
  for (const row of kept) {
    const minute = row.minute.getTime() / 1_000;
    seen.add(`${row.queue} ${minute}`);
    const step = steps[Math.floor((minute - start) / stepSeconds)];
    if (step !== undefined) add(step, row);
  }
  // Minutes that are not written yet: the running one, and what a database that was away has not got.
  for (const queue of queues) {
    for (let minute = Math.max(Math.ceil(start / 60) * 60, end - 3_600); minute < end; minute += 60) {
      if (seen.has(`${queue} ${minute}`)) continue;
      const measured = recorder.measure(queue, minute, minute + 60);
      const step = steps[Math.floor((minute - start) / stepSeconds)];
      if (step !== undefined && measured.observedSeconds > 0) add(step, measured);
    }
  }
};

const add = (
  step: Step,
  more: {
    readonly completed: number;
    readonly failed: number;
    readonly backlog: number | null;
    readonly wait: readonly number[];
    readonly run: readonly number[];
  },
): void => {
  step.completed = sum(step.completed, more.completed);
  step.failed = sum(step.failed, more.failed);
  step.backlog = sum(step.backlog, more.backlog);
  addInto(step.wait, more.wait);
  addInto(step.run, more.run);
};
