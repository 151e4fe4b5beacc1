import { setTimeout as sleep } from 'node:timers/promises';
import { adsappQueues, isAdsappQueue, QueueName } from '@shared/domain/queues';
import { CARRIER_QUEUE } from './scheduler';

/** Ms between the end of one look for queues and the next: a queue that is new shows within about this time. */
const LOOK_MS = 30_000;
/** Ms until it is tried again where the engine was away. */
const RETRY_MS = 1_000;

/** Ms that the engine is left alone after a look that nobody asked for by name. */
const REST_MS = 2_000;
/** And so many times as long as the last look took: where there are very many keys, the steady look has to do. */
const REST_OF_COST = 20;

/** Finds the names of all queues in an engine. */
export interface QueueFinder {
  /** `gently`: nobody waits for it, so it pauses between its steps. Rejects when the engine is away. */
  find(gently: boolean): Promise<readonly string[]>;
}

/**
 * Which queues there are: ADSapp's four always and first, then by name the others that are in the engine. BullMQ
 * keeps no list of its queues, so they are looked for, again and again.
 */
export class QueueCatalog {
  private found: readonly QueueName[] = [];
  private readonly listeners = new Set<(added: readonly QueueName[]) => void>();
  private running: Promise<void> | undefined;
  private readonly ending = new AbortController();
  private looked = false;
  private looking: Promise<boolean> | undefined;
  private restUntil = 0;

  constructor(private readonly finder: QueueFinder) {}

  start(): void {
    this.running ??= this.follow();
  }

  async close(): Promise<void> {
    this.ending.abort();
    this.listeners.clear();
    await this.running;
  }

  names(): readonly QueueName[] {
    return [...adsappQueues, ...this.found];
  }

  /** False only where the engine was looked through and has no such queue. */
  mayHave(queue: QueueName): boolean {
    return isAdsappQueue(queue) || !this.looked || this.found.includes(queue);
  }

  has(queue: QueueName): boolean {
    return isAdsappQueue(queue) || this.found.includes(queue);
  }

  /** Told when the list changes, with the queues that are new in it. */
  onChange(listener: (added: readonly QueueName[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async follow(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      const done = await this.look();
      await sleep(done ? LOOK_MS : RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Looks at once. Rejects when the engine is away. */
  async refresh(): Promise<void> {
    this.take(await this.finder.find(false));
  }

  /**
   * Looks now, because somebody has come to where queues are listed. Not where that would be dear, nor while the
   * engine rests from the last look: whoever looks often makes no more work than whoever looks once.
   */
  async glance(): Promise<void> {
    if (!this.looking && performance.now() >= this.restUntil) await this.look();
  }

  /** At most one at a time. */
  private look(): Promise<boolean> {
    this.looking ??= this.lookThrough().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async lookThrough(): Promise<boolean> {
    const begun = performance.now();
    try {
      this.take(await this.finder.find(this.looked));
      return true;
    } catch {
      // The connection's state is the health monitor's affair; here it only means to look again.
      return false;
    } finally {
      const now = performance.now();
      this.restUntil = now + Math.max(REST_MS, REST_OF_COST * (now - begun));
    }
  }

  private take(names: readonly string[]): void {
    const before = new Set<string>(this.found);
    this.found = [...new Set(names)].flatMap(foreign).sort();
    this.looked = true;
    const added = this.found.filter((name) => !before.has(name));
    if (added.length === 0 && before.size === this.found.length) return;
    for (const listener of this.listeners) listener(added);
  }
}

/** The queue that carries schedules is the console's own: nothing is in it that the database does not know. */
const foreign = (name: string): QueueName[] => {
  if (name === CARRIER_QUEUE || isAdsappQueue(name)) return [];
  const parsed = QueueName.safeParse(name);
  return parsed.success ? [parsed.data] : [];
};
