import type { JobState, QueueName } from '@shared/domain/queues';

/**
 * A job as an engine keeps it, before anything is believed about it: foreign producers put what they
 * like into a queue. Times are ms since 1970.
 */
export interface JobRow {
  readonly queue: QueueName;
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  /** JSON text; null where it is larger than a list carries (see MAX_LISTED_DATA). */
  readonly data: string | null;
  /** JSON text of the options. */
  readonly options: string;
  /** JSON text. */
  readonly progress: string | null;
  readonly priority: number;
  readonly attemptsMade: number;
  readonly attemptsStarted: number;
  readonly addedAt: number;
  /** When a delayed job is due. */
  readonly dueAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly failedReason: string | null;
}

/** What only the job panel needs. */
export interface JobRowDetail extends JobRow {
  /** JSON text. */
  readonly result: string | null;
  /** JSON text of an array, the latest attempt last. */
  readonly stacks: string | null;
  readonly processedBy: string | null;
  readonly parentKey: string | null;
}

/** Bytes of a payload that a list still carries; larger ones show without a subject. */
export const MAX_LISTED_DATA = 16 * 1024;

/** A JSON text's value; undefined where it is not JSON. */
export const parseJson = (text: string | null): unknown => {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a foreign producer's text is shown as it is by who asks
  }
};

/** The latest moment that a Date can be. */
const LATEST_MS = 8.64e15;

/** A moment in text, in ms since 1970; null for none, and for what is none: other programs may count in nanoseconds. */
export const timeOrNull = (text: unknown): number | null => {
  const ms = numberOrNull(text);
  return ms === null || Math.abs(ms) > LATEST_MS ? null : ms;
};

/** A number in text; null for none. */
export const numberOrNull = (text: unknown): number | null => {
  if (text === null || text === undefined || text === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
};
