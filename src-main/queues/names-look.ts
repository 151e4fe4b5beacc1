import { MOST_NAMED_BACKLOG } from '@shared/contract/charts';
import type { QueueName } from '@shared/domain/queues';
import type { QueueSnapshot } from '../engine/engine';
import type { Selection } from '../engine/selection';
import { namesWaiting, type NameWaiting } from './names-waiting';
import { Yielder, yieldNow } from './yielder';

/** Jobs of all queues together that are looked through in one look: it runs every minute, beside everything else. */
const MOST_JOBS = 50_000;
const MOST_QUEUES = 200;

export interface NamesLookParts {
  readonly selection: Pick<Selection, 'scan'>;
  /** All that waits in a queue. */
  readonly onFound: (queue: QueueName, found: ReadonlyMap<string, NameWaiting>) => void;
}

/**
 * Which names wait in the queues. That costs as much as there are jobs, so what is too much is left out and stays
 * unknown: a queue in which very many wait, and where many queues are full, each in its turn.
 */
export class NamesLook {
  /** When a queue was looked at last, counted in looks. */
  private readonly turns = new Map<QueueName, number>();
  private turn = 0;

  constructor(private readonly parts: NamesLookParts) {}

  /**
   * Answers how many queues it looked through.
   * @throws the signal's reason where it was stopped
   */
  async look(snapshots: readonly QueueSnapshot[], signal: AbortSignal): Promise<number> {
    this.turn += 1;
    const chosen = this.choose(snapshots);
    const pace = new Yielder(signal);
    const onStep = (): Promise<void> | undefined => (pace.isDue() ? yieldNow(pace) : undefined);
    for (const queue of chosen) {
      signal.throwIfAborted();
      this.turns.set(queue, this.turn);
      // One more than is believed tells that there are more.
      const most = MOST_NAMED_BACKLOG + 1;
      const { found, coverage } = await namesWaiting(this.parts.selection, queue, { most, signal, onStep });
      if (coverage.complete) this.parts.onFound(queue, found);
      await onStep();
    }
    return chosen.length;
  }

  private choose(snapshots: readonly QueueSnapshot[]): QueueName[] {
    const turnOf = (queue: QueueName): number => this.turns.get(queue) ?? 0;
    const full = snapshots
      .filter(({ counts: { waiting } }) => waiting > 0 && waiting <= MOST_NAMED_BACKLOG)
      .sort((a, b) => turnOf(a.queue) - turnOf(b.queue));
    const chosen: QueueName[] = [];
    let jobs = 0;
    for (const { queue, counts } of full) {
      jobs += counts.waiting;
      if (jobs > MOST_JOBS || chosen.length >= MOST_QUEUES) break;
      chosen.push(queue);
    }
    return chosen;
  }
}
