/**
 * The life of a job as lines of its own log: what BullMQ itself forgets (when an attempt before the last
 * one ran, and why it ended). The lines are for people; they are also read back here for the timeline.
 */
export type LifeLine =
  | {
      readonly type: 'failed-attempt';
      readonly at: Date;
      readonly attempt: number;
      readonly runMs: number;
      readonly error: string;
    }
  /** The attempt ended without a fault and goes on later. */
  | {
      readonly type: 'interrupted';
      readonly at: Date;
      readonly attempt: number;
      readonly runMs: number;
      readonly why: string;
    }
  | { readonly type: 'stalled'; readonly at: Date }
  | { readonly type: 'retried'; readonly at: Date; readonly by: string }
  /** From another queue, where it was the job `id`. */
  | {
      readonly type: 'moved';
      readonly at: Date;
      readonly from: string;
      readonly id: string;
      readonly by: string;
    }
  | { readonly type: 'cancel-requested'; readonly at: Date; readonly by: string };

const MAX_TEXT = 500;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, MAX_TEXT);

export const formatLifeLine = (line: LifeLine): string => `[${line.at.toISOString()}] ${sentence(line)}`;

const sentence = (line: LifeLine): string => {
  switch (line.type) {
    case 'failed-attempt':
      return `Attempt ${line.attempt} failed after ${Math.round(line.runMs)} ms: ${oneLine(line.error)}`;
    case 'interrupted':
      return `Attempt ${line.attempt} stopped after ${Math.round(line.runMs)} ms and goes on later: ${oneLine(line.why)}`;
    case 'stalled':
      return 'Its worker disappeared; the job waits for another one.';
    case 'retried':
      return `Retried by ${oneLine(line.by)}.`;
    case 'moved':
      return `Moved here from ${oneLine(line.from)}, job ${oneLine(line.id)}, by ${oneLine(line.by)}.`;
    case 'cancel-requested':
      return `Cancel asked for by ${oneLine(line.by)}.`;
  }
};

const STAMP = /^\[(\d{4}-\d\d-\d\dT[\d:.]+Z)\] (.*)$/;
const FAILED = /^Attempt (\d+) failed after (\d+) ms: (.*)$/;
const INTERRUPTED = /^Attempt (\d+) stopped after (\d+) ms and goes on later: (.*)$/;
const RETRIED = /^Retried by (.*)\.$/;
const MOVED = /^Moved here from (\S+), job (\S+), by (.*)\.$/;
const CANCEL = /^Cancel asked for by (.*)\.$/;

/** The meaning of a log line; undefined for every line that is not one of these. */
export const parseLifeLine = (line: string): LifeLine | undefined => {
  const stamped = STAMP.exec(line);
  const at = new Date(stamped?.[1] ?? '');
  const text = stamped?.[2];
  if (text === undefined || Number.isNaN(at.getTime())) return undefined;
  const failed = FAILED.exec(text);
  if (failed !== null) {
    const [, attempt = '', runMs = '', error = ''] = failed;
    return { type: 'failed-attempt', at, attempt: Number(attempt), runMs: Number(runMs), error };
  }
  const interrupted = INTERRUPTED.exec(text);
  if (interrupted !== null) {
    const [, attempt = '', runMs = '', why = ''] = interrupted;
    return { type: 'interrupted', at, attempt: Number(attempt), runMs: Number(runMs), why };
  }
  if (text === sentence({ type: 'stalled', at })) return { type: 'stalled', at };
  const retried = RETRIED.exec(text);
  if (retried !== null) return { type: 'retried', at, by: retried[1] ?? '' };
  const moved = MOVED.exec(text);
  if (moved !== null) {
    const [, from = '', id = '', by = ''] = moved;
    return { type: 'moved', at, from, id, by };
  }
  const cancel = CANCEL.exec(text);
  return cancel === null ? undefined : { type: 'cancel-requested', at, by: cancel[1] ?? '' };
};
