import {
  MOST_NAMED_BACKLOG,
  type ChartPoint,
  type ChartSeries,
  type ChartWanted,
  type Compare,
} from '@shared/contract/charts';
import { backlogEtaSeconds } from '@shared/domain/backlog-eta';
import type { QueueName } from '@shared/domain/queues';
import { later, NO_GAUGES, ofName, type Gauges } from '../gauge-ring';
import { addInto, percentiles, type Histogram } from '../histogram';
import type { MetricsRecorder } from '../metrics-recorder';
import { SLACK_SECONDS } from '../metrics-heard';
import { NAMES_SIZE } from '../name-rings';
import type { Kept, QueueMetricsRepository } from '../repository';
import { Yielder, yieldNow } from '../yielder';
import { isKeptStep, stepsOf, type Steps, type StepsWanted } from './steps';

export interface SeriesParts {
  readonly recorder: Pick<MetricsRecorder, 'measure' | 'gauges' | 'queues' | 'unsavedFrom' | 'watched'>;
  readonly repository: Pick<QueueMetricsRepository, 'steps'>;
  readonly organizationId: string;
  readonly now: () => number;
}

/** What stood in a queue, and the second since 1970 at which it was still true; all null is known to be unknown. */
interface Reading extends Gauges {
  readonly at: number;
}

/** Sums of one step, and each queue's last reading in it: of all, and of the name that is drawn. */
interface Step {
  completed: number;
  failed: number;
  readonly watched: Map<QueueName, number>;
  readonly readings: Map<QueueName, Reading>;
  readonly named: Map<QueueName, Gauges>;
  readonly wait: Histogram;
  readonly run: Histogram;
}

/**
 * Seconds for which a reading is believed: the recorder looks several times a minute, so a watched step
 * without a reading of its own, above all the one that has only begun, still stands where the last one was.
 */
const HOLD_SECONDS = 120;
/** A rate for an ETA is measured over at least this long, in seconds. */
const RATE_SECONDS = 60;
const SHIFT_SECONDS: Readonly<Record<Compare, number>> = { day: 86_400, week: 7 * 86_400 };

const emptyStep = (): Step => ({
  completed: 0,
  failed: 0,
  watched: new Map(),
  readings: new Map(),
  named: new Map(),
  wait: [],
  run: [],
});

/**
 * Chart data of one queue or of all together, and of the same time a day or a week before. Finished jobs are counts
 * per step; what stands in the queues, all of it or under one name, is a gauge: each queue's last reading in the step,
 * summed over the queues and never over time. Gaps are null.
 * @throws AppFailure (`invalid_input`) for a time that is too short or not kept any more.
 */
export const readSeries = async (parts: SeriesParts, wanted: ChartWanted): Promise<ChartSeries> => {
  const { queue, name, window, compare } = wanted;
  const isNamed = name !== undefined;
  const steps = await drawnSteps(parts, { window, isNamed, isKept: compare !== undefined }, queue);
  const [drawn, compared] = await Promise.all([
    pointsOf(parts, steps, queue, name),
    compare === undefined ? null : pointsOf(parts, shifted(steps, SHIFT_SECONDS[compare]), queue, name),
  ]);
  return {
    from: isoOf(steps.start),
    to: isoOf(steps.end),
    stepSeconds: steps.stepSeconds,
    points: drawn.points,
    compared: compared?.points ?? null,
    tooMany: drawn.tooMany,
  };
};

const isoOf = (second: number): string => new Date(second * 1_000).toISOString();

/** A point a minute where memory alone would show a gap that is none: somebody watched, and kept what was seen. */
const drawnSteps = async (
  parts: SeriesParts,
  wanted: StepsWanted,
  queue: QueueName | undefined,
): Promise<Steps> => {
  const steps = stepsOf(wanted, parts.now());
  if (isKeptStep(steps.stepSeconds) || !(await isMoreKept(parts, steps, queue))) return steps;
  return stepsOf({ ...wanted, isKept: true }, parts.now());
};

/** Whether somebody watched, and kept, what this console did not. */
const isMoreKept = async (
  { recorder, repository, organizationId, now }: SeriesParts,
  { start, end }: Steps,
  queue: QueueName | undefined,
): Promise<boolean> => {
  const until = Math.min(end, Math.floor(now() / 1_000));
  if (recorder.watched(start, until, queue) >= until - start - SLACK_SECONDS) return false;
  const range = { from: new Date(start * 1_000), to: new Date(end * 1_000), stepSeconds: 60, queue } as const;
  // A database that is away is no reason to show nothing.
  const rows = await repository.steps(organizationId, range).catch(() => []);
  return rows.some((row) => {
    const minute = row.begins.getTime() / 1_000;
    return row.watchedSeconds > recorder.watched(minute, minute + 60, row.queue) + SLACK_SECONDS;
  });
};

/** Every step is a part of a day, so that steps of another day lie exactly as these do. */
const shifted = ({ start, end, stepSeconds }: Steps, seconds: number): Steps => ({
  start: start - seconds,
  end: end - seconds,
  stepSeconds,
});

const pointsOf = async (
  parts: SeriesParts,
  steps: Steps,
  queue: QueueName | undefined,
  name: string | undefined,
): Promise<Drawn> => {
  const { start, end, stepSeconds } = steps;
  const sums = Array.from({ length: Math.ceil((end - start) / stepSeconds) }, emptyStep);
  const add = (at: number, kept: Kept): void => {
    const step = sums[Math.floor((at - start) / stepSeconds)];
    if (step !== undefined) addTo(step, at, kept, name ?? '');
  };
  if (isKeptStep(stepSeconds)) {
    const range = { from: new Date(start * 1_000), to: new Date(end * 1_000), stepSeconds, queue };
    const rows = await parts.repository.steps(parts.organizationId, range, name);
    const seen = new Set<string>();
    for (const row of rows) {
      const begins = row.begins.getTime() / 1_000;
      seen.add(`${begins} ${row.queue}`);
      add(begins, row);
    }
    addUnsaved(parts, { start, end }, queue, name, seen, add);
  } else {
    const pace = new Yielder();
    for (const each of queuesOf(parts, queue)) {
      for (let at = start; at < end; at += stepSeconds)
        for (const kept of measured(parts, each, name, at, at + stepSeconds)) add(at, kept);
      // Hundreds of queues by hundreds of steps: the window's other questions are not to wait for all of them.
      if (pace.isDue()) await yieldNow(pace);
    }
  }
  return draw(sums, { start, stepSeconds, isNamed: name !== undefined });
};

const queuesOf = ({ recorder }: SeriesParts, queue: QueueName | undefined): readonly QueueName[] =>
  queue === undefined ? recorder.queues() : [queue];

/** Minutes that are not written yet: the running one, and what a database that was away has not got. */
const addUnsaved = (
  parts: SeriesParts,
  { start, end }: Pick<Steps, 'start' | 'end'>,
  queue: QueueName | undefined,
  name: string | undefined,
  seen: ReadonlySet<string>,
  add: (at: number, kept: Kept) => void,
): void => {
  const now = Math.floor(parts.now() / 1_000);
  const reach = name === undefined ? 3_600 : NAMES_SIZE.seconds;
  const first = Math.max(
    Math.ceil(start / 60) * 60,
    parts.recorder.unsavedFrom(),
    Math.ceil((now - reach) / 60) * 60,
  );
  for (const each of queuesOf(parts, queue)) {
    for (let minute = first; minute < Math.min(end, now + 1); minute += 60) {
      // Another console may have written it; what there is of one that runs, one that ended in it has left.
      if (seen.has(`${minute} ${each}`) && now > minute + 60) continue;
      for (const kept of measured(parts, each, name, minute, minute + 60)) add(minute, kept);
    }
  }
};

/** What memory knows of a stretch of time, in the form in which it is kept: the whole queue, then the name. */
const measured = (
  { recorder }: SeriesParts,
  queue: QueueName,
  name: string | undefined,
  from: number,
  to: number,
): Kept[] => {
  // Written out: this runs for each of hundreds of queues and steps, and spreading was half of its time.
  const kept = (of: string, gauges: Gauges): Kept => {
    const { observedSeconds, completed, failed, cancelled, wait, run } = recorder.measure(
      queue,
      from,
      to,
      of,
    );
    const { backlog, active, delayed, oldestMs } = gauges;
    return {
      queue,
      name: of,
      watchedSeconds: observedSeconds,
      completed,
      failed,
      cancelled,
      wait,
      run,
      backlog,
      active,
      delayed,
      oldestMs,
    };
  };
  const whole = kept('', recorder.gauges(queue, from, to));
  if (whole.watchedSeconds === 0) return [];
  return name === undefined ? [whole] : [whole, kept(name, recorder.gauges(queue, from, to, name))];
};

/** Rows of whole queues say when somebody watched and what stood there; those of the subject say what of it was its. */
const addTo = (step: Step, at: number, kept: Kept, subject: string): void => {
  if (kept.name === '') {
    step.watched.set(kept.queue, (step.watched.get(kept.queue) ?? 0) + kept.watchedSeconds);
    const before = step.readings.get(kept.queue);
    const { backlog, active, delayed, oldestMs } = before === undefined ? kept : later(before, kept);
    step.readings.set(kept.queue, { backlog, active, delayed, oldestMs, at });
  } else if (kept.name === subject) {
    const before = step.named.get(kept.queue);
    step.named.set(kept.queue, before === undefined ? kept : later(before, kept));
  }
  if (kept.name !== subject) return;
  step.completed += kept.completed;
  step.failed += kept.failed;
  addInto(step.wait, kept.wait);
  addInto(step.run, kept.run);
};

interface Drawn {
  readonly points: ChartPoint[];
  /** Steps in which too many jobs waited to know the names of. */
  readonly tooMany: number;
}

interface Drawing {
  readonly start: number;
  readonly stepSeconds: number;
  readonly isNamed: boolean;
}

const draw = (steps: readonly Step[], { start, stepSeconds, isNamed }: Drawing): Drawn => {
  const held = new Map<QueueName, Reading>();
  let tooMany = 0;
  const points = steps.map((step, index): ChartPoint => {
    const begins = start + index * stepSeconds;
    const at = isoOf(begins);
    // What was read in a long step stood until its last minute.
    for (const [queue, whole] of step.readings) {
      const reading = isNamed ? ofName(whole, step.named.get(queue) ?? NO_GAUGES) : whole;
      const isUntold = isNamed && (whole.backlog ?? 0) > MOST_NAMED_BACKLOG;
      if (reading.backlog !== null || isUntold)
        held.set(queue, { ...reading, at: Math.max(whole.at, begins + stepSeconds - 60) });
    }
    const watchedSeconds = Math.max(0, ...step.watched.values());
    if (watchedSeconds === 0) return gap(at);
    const recent = [...held.values()].filter((reading) => reading.at >= begins - HOLD_SECONDS);
    // The rest of the queues would not be a sum of all.
    const isUntold = recent.some(({ backlog: known }) => known === null);
    if (isUntold) tooMany += 1;
    const readings = isUntold ? [] : recent;
    const backlog = total(readings.map((reading) => reading.backlog));
    const oldestMs = readings.reduce<number | null>(
      (most, reading) => (reading.oldestMs === null ? most : Math.max(most ?? 0, reading.oldestMs)),
      null,
    );
    return {
      at,
      watchedSeconds,
      completed: step.completed,
      failed: step.failed,
      backlog,
      active: total(readings.map((reading) => reading.active)),
      delayed: total(readings.map((reading) => reading.delayed)),
      oldestSeconds: oldestMs === null ? null : oldestMs / 1_000,
      etaSeconds: backlog === null ? null : backlogEtaSeconds(backlog, rateUntil(steps, index, stepSeconds)),
      wait: percentiles(step.wait),
      run: percentiles(step.run),
    };
  });
  return { points, tooMany };
};

const total = (values: readonly (number | null)[]): number | null =>
  values.reduce((sum, value) => (value === null ? sum : (sum ?? 0) + value), null);

/** Jobs that ended a second, over the steps up to this one that make a minute. */
const rateUntil = (steps: readonly Step[], index: number, stepSeconds: number): number => {
  const back = Math.max(1, Math.ceil(RATE_SECONDS / stepSeconds));
  let ended = 0;
  let watched = 0;
  for (const step of steps.slice(Math.max(0, index - back + 1), index + 1)) {
    ended += step.completed + step.failed;
    watched += Math.max(0, ...step.watched.values());
  }
  return watched === 0 ? 0 : ended / watched;
};

const gap = (at: string): ChartPoint => ({
  at,
  watchedSeconds: 0,
  completed: null,
  failed: null,
  backlog: null,
  active: null,
  delayed: null,
  oldestSeconds: null,
  etaSeconds: null,
  wait: null,
  run: null,
});
