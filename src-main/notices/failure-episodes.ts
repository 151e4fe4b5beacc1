import type { QueueName } from '@shared/domain/queues';

/** Ms between two notices about failures of one queue. */
const QUIET_MS = 60_000;

/** Failures of a queue that nobody was told of yet. */
export interface FailureEpisode {
  readonly queue: QueueName;
  readonly failed: number;
}

/** Gathers failures, so that a queue in trouble speaks at once and then at most once a minute. */
export class FailureEpisodes {
  private readonly untold = new Map<QueueName, number>();
  private readonly toldAt = new Map<QueueName, number>();

  add(queue: QueueName, failed: number): void {
    if (failed > 0) this.untold.set(queue, (this.untold.get(queue) ?? 0) + failed);
  }

  /** What is to be told at `now` (ms since 1970); it counts as told from then on. */
  take(now: number): FailureEpisode[] {
    return [...this.untold].flatMap(([queue, failed]) => {
      if (this.dueAt(queue) > now) return [];
      this.untold.delete(queue);
      this.toldAt.set(queue, now);
      return [{ queue, failed }];
    });
  }

  /** When the next untold failure may be told, in ms since 1970; null where there is none. */
  nextAt(): number | null {
    const due = [...this.untold.keys()].map((queue) => this.dueAt(queue));
    return due.length === 0 ? null : Math.min(...due);
  }

  private dueAt(queue: QueueName): number {
    return (this.toldAt.get(queue) ?? -Infinity) + QUIET_MS;
  }
}
