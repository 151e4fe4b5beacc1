import { isCancelled } from '@shared/domain/failure-cause';
import type { QueueName } from '@shared/domain/queues';
import type { Ended, QueueChange } from './engine';
import { elapsed } from '../elapsed';
import { JobNames } from './job-names';

/** One thing that happened, as an engine's event stream says it. */
export interface EngineEvent {
  readonly queue: QueueName;
  readonly event: string;
  readonly jobId: string | null;
  /** The job's name, where the event tells it: only `added` does. */
  readonly name: string | null;
  /** Why the job failed, its first `MAX_REASON` characters, where the event tells it: only `failed` does. */
  readonly reason: string | null;
}

/** Characters of a reason: it may be a whole response of a server. */
export const MAX_REASON = 1_000;

/** Ms between two batches: at most 10 a second. */
const MIN_INTERVAL_MS = 100;
/** More ids than this say "read everything again". */
const MAX_NAMED_JOBS = 1_000;
const MAX_FINISHED_SAMPLE = 500;
const NONE: Ended = { completed: 0, failed: 0 };

interface Pending {
  jobIds: Set<string> | null;
  completed: number;
  failed: number;
  cancelled: number;
  reason: string | null;
  readonly finishedIds: string[];
  readonly named: Map<string, Ended>;
  readonly nameless: Map<string, keyof Ended>;
}

/** Gathers events into batches: the first at once, the next ones at most every 100 ms. */
export class ChangeFeed {
  private readonly listeners = new Set<(changes: readonly QueueChange[]) => void>();
  private readonly pending = new Map<QueueName, Pending>();
  private readonly names = new JobNames();
  private timer: NodeJS.Timeout | undefined;
  private lastFlush = 0;

  subscribe(listener: (changes: readonly QueueChange[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  push(events: readonly EngineEvent[]): void {
    for (const event of events) this.note(event);
    this.schedule();
  }

  /** Events were missed: whoever listens reads these queues again from the start. */
  missed(queues: readonly QueueName[]): void {
    for (const queue of queues) this.pendingOf(queue).jobIds = null;
    this.schedule();
  }

  close(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
    this.pending.clear();
  }

  private note({ queue, event, jobId, name, reason }: EngineEvent): void {
    const pending = this.pendingOf(queue);
    if (event === 'completed') pending.completed += 1;
    if (event === 'failed') {
      pending.failed += 1;
      if (isCancelled(reason)) pending.cancelled += 1;
      else pending.reason = reason ?? pending.reason;
    }
    if (jobId === null) return;
    if (name !== null) this.names.learn(queue, jobId, name);
    if (event === 'completed' || event === 'failed') this.ended(pending, queue, jobId, event);
    if (pending.jobIds === null) return;
    pending.jobIds.add(jobId);
    if (pending.jobIds.size > MAX_NAMED_JOBS) pending.jobIds = null;
  }

  private ended(pending: Pending, queue: QueueName, jobId: string, how: keyof Ended): void {
    const name = this.names.of(queue, jobId);
    // A failed job may be retried and end once more.
    if (how === 'completed') this.names.forget(queue, jobId);
    if (name !== undefined) {
      const { completed, failed } = pending.named.get(name) ?? NONE;
      pending.named.set(
        name,
        how === 'completed' ? { completed: completed + 1, failed } : { completed, failed: failed + 1 },
      );
    }
    if (pending.finishedIds.length >= MAX_FINISHED_SAMPLE) return;
    pending.finishedIds.push(jobId);
    if (name === undefined) pending.nameless.set(jobId, how);
  }

  private pendingOf(queue: QueueName): Pending {
    const known = this.pending.get(queue);
    if (known !== undefined) return known;
    const fresh: Pending = {
      jobIds: new Set(),
      completed: 0,
      failed: 0,
      cancelled: 0,
      reason: null,
      finishedIds: [],
      named: new Map(),
      nameless: new Map(),
    };
    this.pending.set(queue, fresh);
    return fresh;
  }

  private schedule(): void {
    if (this.timer !== undefined || this.pending.size === 0) return;
    const wait = Math.max(0, MIN_INTERVAL_MS - elapsed(this.lastFlush, Date.now()));
    this.timer = setTimeout(() => {
      this.flush();
    }, wait);
  }

  private flush(): void {
    this.timer = undefined;
    this.lastFlush = Date.now();
    const changes = [...this.pending].map(([queue, pending]): QueueChange => ({ queue, ...pending }));
    this.pending.clear();
    for (const listener of this.listeners) listener(changes);
  }
}
