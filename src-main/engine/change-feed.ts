import type { QueueName } from '@shared/domain/queues';
import type { QueueChange } from './engine';

/** One thing that happened, as an engine's event stream says it. */
export interface EngineEvent {
  readonly queue: QueueName;
  readonly event: string;
  readonly jobId: string | null;
}

/** Ms between two batches: at most 10 a second. */
const MIN_INTERVAL_MS = 100;
/** More ids than this say "read everything again". */
const MAX_NAMED_JOBS = 1_000;
const MAX_FINISHED_SAMPLE = 500;

interface Pending {
  jobIds: Set<string> | null;
  completed: number;
  failed: number;
  readonly finishedIds: string[];
}

/** Gathers events into batches: the first at once, the next ones at most every 100 ms. */
export class ChangeFeed {
  private readonly listeners = new Set<(changes: readonly QueueChange[]) => void>();
  private readonly pending = new Map<QueueName, Pending>();
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

  private note({ queue, event, jobId }: EngineEvent): void {
    const pending = this.pendingOf(queue);
    if (event === 'completed') pending.completed += 1;
    if (event === 'failed') pending.failed += 1;
    if (jobId === null) return;
    const ended = event === 'completed' || event === 'failed';
    if (ended && pending.finishedIds.length < MAX_FINISHED_SAMPLE) pending.finishedIds.push(jobId);
    if (pending.jobIds === null) return;
    pending.jobIds.add(jobId);
    if (pending.jobIds.size > MAX_NAMED_JOBS) pending.jobIds = null;
  }

  private pendingOf(queue: QueueName): Pending {
    const known = this.pending.get(queue);
    if (known !== undefined) return known;
    const fresh: Pending = { jobIds: new Set(), completed: 0, failed: 0, finishedIds: [] };
    this.pending.set(queue, fresh);
    return fresh;
  }

  private schedule(): void {
    if (this.timer !== undefined || this.pending.size === 0) return;
    const wait = Math.max(0, this.lastFlush + MIN_INTERVAL_MS - Date.now());
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
