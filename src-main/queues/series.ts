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

/** A count of waiting jobs, and the second since 1970 in whose minute or step it was read. */
interface Reading {
  readonly at: number;
  readonly waiting: number;
}

/** Sums of one step, and the last reading of each queue's backlog; null fields are gaps. */
interface Step {
  completed: number | null;
  failed: number | null;
  readonly backlogs: Map<QueueName, Reading>;
  readonly wait: Histogram;
  readonly run: Histogram;
}

/**
 * Seconds for which a backlog is believed: the recorder reads it at least once a minute, so a watched step
 * without a reading of its own, above all the one that has only begun, still stands where the last one was.
 */
const HOLD_SECONDS = 120;

const emptyStep = (): Step => ({ completed: null, failed: null, backlogs: new Map(), wait: [], run: [] });
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

/**
 * Chart data of one queue or of all together. Finished jobs are counts per step; the backlog is a gauge: each
 * queue's last reading in the step, summed over the queues and never over time. Gaps are null.
 */
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
  const backlogs = backlogOf(steps, start, stepSeconds);
  const points = steps.map((step, index) => ({
    at: new Date((start + index * stepSeconds) * 1_000).toISOString(),
    completed: step.completed,
    failed: step.failed,
    backlog: backlogs[index] ?? null,
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
      if (measured.observedSeconds > 0) add(step, queue, from, measured);
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
    if (step !== undefined) add(step, row.queue, minute, row);
  }
  // Minutes that are not written yet: the running one, and what a database that was away has not got.
  for (const queue of queues) {
    for (let minute = Math.max(Math.ceil(start / 60) * 60, end - 3_600); minute < end; minute += 60) {
      if (seen.has(`${queue} ${minute}`)) continue;
      const measured = recorder.measure(queue, minute, minute + 60);
      const step = steps[Math.floor((minute - start) / stepSeconds)];
      if (step !== undefined && measured.observedSeconds > 0) add(step, queue, minute, measured);
    }
  }
};

/** The backlog at the end of each watched step, over all queues that have a reading; null for the others. */
const backlogOf = (steps: readonly Step[], start: number, stepSeconds: number): (number | null)[] => {
  const last = new Map<QueueName, Reading>();
  return steps.map((step, index) => {
    for (const [queue, reading] of step.backlogs) last.set(queue, reading);
    if (step.completed === null) return null;
    const oldest = start + index * stepSeconds - HOLD_SECONDS;
    const readings = [...last.values()].filter(({ at }) => at >= oldest);
    return readings.length === 0 ? null : readings.reduce((all, { waiting }) => all + waiting, 0);
  });
};

const add = (
  step: Step,
  queue: QueueName,
  at: number,
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
  const known = step.backlogs.get(queue);
  if (more.backlog !== null && (known === undefined || known.at <= at)) {
    step.backlogs.set(queue, { at, waiting: more.backlog });
  }
  addInto(step.wait, more.wait);
  addInto(step.run, more.run);
};
