/** What the panel knows of what happened to a job: see `TimelineEntry` of the contract. */
export interface LifeEvent {
  readonly at: string;
  readonly what:
    | 'added'
    | 'delayed'
    | 'waiting'
    | 'started'
    | 'progress'
    | 'failed-attempt'
    | 'completed'
    | 'failed'
    | 'cancelled';
  readonly detail: string | null;
  readonly timeUnknown?: true | undefined;
}

/** A stretch of a job's life. Times are ms since 1970; `to` is null while it lasts. */
export interface LifeStretch {
  readonly kind: 'waited' | 'delayed' | 'attempt';
  readonly from: number;
  readonly to: number | null;
  /** Of an attempt: which, how it ended, and why. */
  readonly attempt: number | null;
  readonly outcome: 'completed' | 'failed' | 'cancelled' | 'interrupted' | 'running' | null;
  readonly error: string | null;
  /** Attempts within a wait, of which nobody wrote down when they were. */
  readonly unseen: number;
}

/** A failure is written down twice, by the worker and by the queue; within this many ms it is the same one. */
const SAME_END_MS = 5_000;

/**
 * A job's life from when it was added, one stretch after the other: waited, delayed, each attempt. `latest` is the
 * number of the latest attempt: where it is higher than what was told, the first ones were within the wait before.
 */
export function jobLife(events: readonly LifeEvent[], latest = 0): LifeStretch[] {
  const life = new Life();
  for (const event of events) life.take(event);
  const stretches = life.stretches();
  const seen = stretches.filter(({ kind }) => kind === 'attempt').length;
  return seen === 0 || latest <= seen ? stretches : withUnseen(stretches, latest - seen);
}

const withUnseen = (stretches: readonly LifeStretch[], unseen: number): LifeStretch[] => {
  const first = stretches.findIndex(({ kind }) => kind === 'attempt');
  return stretches.map((stretch, index) => ({
    ...stretch,
    attempt: stretch.attempt === null ? null : stretch.attempt + unseen,
    unseen: index === first - 1 ? unseen : 0,
  }));
};

class Life {
  private readonly done: LifeStretch[] = [];
  private now: { kind: LifeStretch['kind']; from: number } | undefined;
  private attempts = 0;
  private over = false;

  take({ at, what, detail, timeUnknown }: LifeEvent): void {
    // A bar needs times: what was before the latest attempt is counted as unseen. Of that one the beginning is known.
    if (timeUnknown === true && this.now?.kind !== 'attempt') return;
    const time = Date.parse(at);
    switch (what) {
      case 'progress':
        return;
      case 'added':
        this.now = { kind: 'waited', from: time };
        return;
      case 'delayed':
        this.end(time, 'interrupted', detail);
        this.now = { kind: 'delayed', from: time };
        return;
      case 'waiting':
        this.end(time, 'interrupted', detail);
        this.now = { kind: 'waited', from: time };
        this.over = false;
        return;
      case 'started':
        this.end(time, 'interrupted', null);
        this.attempts += 1;
        this.now = { kind: 'attempt', from: time };
        this.over = false;
        return;
      case 'failed-attempt':
        this.end(time, 'failed', detail);
        this.now = { kind: 'waited', from: time };
        return;
      default:
        this.finish(time, what, detail);
    }
  }

  stretches(): LifeStretch[] {
    if (this.over || this.now === undefined) return this.done;
    return [...this.done, this.stretch(this.now, null, this.now.kind === 'attempt' ? 'running' : null, null)];
  }

  private finish(time: number, outcome: 'completed' | 'failed' | 'cancelled', detail: string | null): void {
    const last = this.done.at(-1);
    const isTold = last?.outcome === 'failed' && last.to !== null && time - last.to < SAME_END_MS;
    if (isTold && this.now?.kind === 'waited') {
      // The log has one line of the reason, the queue all of it.
      this.done[this.done.length - 1] = { ...last, outcome, error: detail ?? last.error };
    } else this.end(time, outcome, detail);
    this.now = undefined;
    this.over = true;
  }

  private end(to: number, outcome: LifeStretch['outcome'], error: string | null): void {
    if (this.now === undefined) return;
    const isAttempt = this.now.kind === 'attempt';
    // Nobody waits for no time at all.
    if (isAttempt || to > this.now.from) {
      this.done.push(this.stretch(this.now, to, isAttempt ? outcome : null, isAttempt ? error : null));
    }
    this.now = undefined;
  }

  private stretch(
    { kind, from }: { kind: LifeStretch['kind']; from: number },
    to: number | null,
    outcome: LifeStretch['outcome'],
    error: string | null,
  ): LifeStretch {
    const failed = outcome === 'completed' ? null : error;
    const attempt = kind === 'attempt' ? this.attempts : null;
    return { kind, from, to, attempt, outcome, error: failed, unseen: 0 };
  }
}
