import type { QueueName } from '@shared/domain/queues';

/** Jobs whose names are kept at least, over all queues; at most twice as many: some megabytes. */
const KEPT = 25_000;

/**
 * What the jobs that were added lately are called. Events tell a job's name only when it is added, so who heard
 * that can count finished jobs by name without asking for them, also where they are removed at once.
 */
export class JobNames {
  /** Two generations: to drop the oldest entry of one large map for each new one takes ever longer. */
  private young = new Map<string, string>();
  private old = new Map<string, string>();
  /** One text a name: each event brings its own. */
  private readonly texts = new Map<string, string>();

  constructor(private readonly kept = KEPT) {}

  learn(queue: QueueName, jobId: string, name: string): void {
    this.young.set(keyOf(queue, jobId), this.shared(name));
    if (this.young.size < this.kept) return;
    this.old = this.young;
    this.young = new Map();
  }

  of(queue: QueueName, jobId: string): string | undefined {
    const key = keyOf(queue, jobId);
    return this.young.get(key) ?? this.old.get(key);
  }

  forget(queue: QueueName, jobId: string): void {
    const key = keyOf(queue, jobId);
    if (!this.young.delete(key)) this.old.delete(key);
  }

  private shared(name: string): string {
    const known = this.texts.get(name);
    if (known !== undefined) return known;
    if (this.texts.size >= 1_000) this.texts.clear();
    this.texts.set(name, name);
    return name;
  }
}

/** No queue has a colon in its name. */
const keyOf = (queue: QueueName, jobId: string): string => `${queue}:${jobId}`;
