import type { QueueName } from '@shared/domain/queues';
import { later } from './gauge-ring';
import { addInto } from './histogram';
import type { EndedMinute } from './metrics-heard';
import type { MinuteRow, StepRow } from './repository';

/** Minutes that consoles before this one kept. */
export interface EarlierMinutes {
  /** By queue, then by their begin in seconds since 1970. */
  readonly ofQueues: ReadonlyMap<QueueName, ReadonlyMap<number, EndedMinute>>;
  /** Of the minute in which this console began: it is written together with what it measures itself. */
  readonly begun: readonly StepRow[];
}

export const NOTHING_EARLIER: EarlierMinutes = { ofQueues: new Map(), begun: [] };

/** `begun` are those of the minute in which this console began. */
export const earlierMinutes = (hour: readonly StepRow[], begun: readonly StepRow[]): EarlierMinutes => {
  const ofQueues = new Map<QueueName, Map<number, EndedMinute>>();
  for (const { queue, name, begins, completed, failed, cancelled, watchedSeconds } of [...hour, ...begun]) {
    if (name !== '') continue;
    const minutes = ofQueues.get(queue) ?? new Map<number, EndedMinute>();
    // Without their histograms, which are most of them.
    minutes.set(begins.getTime() / 1_000, { completed, failed, cancelled, watchedSeconds });
    ofQueues.set(queue, minutes);
  }
  return { ofQueues, begun };
};

/** A minute together with what was left of it, if anything was. */
export const withEarlier = (row: MinuteRow, earlier = NOTHING_EARLIER): MinuteRow => {
  const before = earlier.begun.find((each) => isSameMinute(each, row));
  return before === undefined ? row : joined(before, row);
};

const isSameMinute = (a: StepRow, b: MinuteRow): boolean =>
  a.queue === b.queue && a.name === b.name && a.begins.getTime() === b.minute.getTime();

/** Two parts of one minute. */
const joined = (first: StepRow, second: MinuteRow): MinuteRow => {
  const [wait, run] = [[...first.wait], [...first.run]];
  addInto(wait, second.wait);
  addInto(run, second.run);
  return {
    ...second,
    ...later(first, second),
    ...{ wait, run },
    completed: first.completed + second.completed,
    failed: first.failed + second.failed,
    cancelled: first.cancelled + second.cancelled,
    watchedSeconds: Math.min(60, first.watchedSeconds + second.watchedSeconds),
  };
};
