import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { QueueName } from '@shared/domain/queues';
import { MAX_REASON, type ChangeFeed, type EngineEvent } from './change-feed';

/** Longest a read waits for an event, in ms. */
const BLOCK_MS = 5_000;
/** Most events of one queue in one read. */
const BATCH = 1_000;
/** Ms between two reads: events that come together are read together. */
const PAUSE_MS = 25;
const RETRY_MS = 250;

type StreamEntries = [id: string, fields: string[]][];

/**
 * Follows the event streams of all queues over one connection, and goes on after the last event it saw
 * when that connection was lost. Events that Redis trimmed meanwhile are reported as missed.
 */
export class RedisEventFeed {
  private readonly cursors = new Map<QueueName, string>();
  private closed = false;
  private running: Promise<void> | undefined;
  private began: () => void = () => undefined;
  /** Resolves when every later event will be heard. */
  readonly following = new Promise<void>((resolve) => {
    this.began = resolve;
  });

  constructor(
    private readonly client: Redis,
    private readonly prefix: string,
    private readonly queues: () => readonly QueueName[],
    private readonly feed: ChangeFeed,
  ) {}

  start(): void {
    this.running ??= this.follow();
  }

  /**
   * Queues that were found just now: their later events will be heard, though the read that goes on waits for those
   * of the others. `client` is another connection, for ours is blocked.
   */
  async meet(queues: readonly QueueName[], client: Redis): Promise<void> {
    for (const queue of queues) await this.findCursor(queue, client);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.began();
    this.client.disconnect();
    await this.running;
  }

  private async follow(): Promise<void> {
    let resumed = false;
    while (!this.isClosed()) {
      try {
        if (resumed) await this.checkResumption();
        await this.findCursors();
        this.began();
        resumed = false;
        await this.readOnce();
      } catch {
        // The connection's state is the health monitor's affair; here it only means to begin again.
        resumed = this.cursors.size > 0;
        if (!this.isClosed()) await sleep(RETRY_MS);
      }
    }
  }

  /** A method, because the field changes while the loop waits. */
  private isClosed(): boolean {
    return this.closed;
  }

  private async findCursors(): Promise<void> {
    const queues = this.queues();
    for (const queue of this.cursors.keys()) if (!queues.includes(queue)) this.cursors.delete(queue);
    for (const queue of queues) await this.findCursor(queue, this.client);
  }

  private async findCursor(queue: QueueName, client: Redis): Promise<void> {
    if (this.cursors.has(queue)) return;
    const [last] = await client.xrevrange(this.key(queue), '+', '-', 'COUNT', 1);
    if (!this.cursors.has(queue)) this.cursors.set(queue, last?.[0] ?? '0-0');
  }

  private async readOnce(): Promise<void> {
    const byKey = new Map([...this.cursors.keys()].map((queue) => [this.key(queue), queue]));
    const keys = [...byKey.keys()];
    const ids = [...this.cursors.values()];
    const answer = await this.client.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', ...keys, ...ids);
    if (answer === null) return;
    for (const [key, entries] of answer) {
      const queue = byKey.get(key);
      if (queue !== undefined) await this.take(queue, entries);
    }
    await sleep(PAUSE_MS);
  }

  private async take(queue: QueueName, entries: StreamEntries): Promise<void> {
    const last = entries.at(-1);
    if (last === undefined) return;
    const before = this.cursors.get(queue) ?? '0-0';
    this.cursors.set(queue, last[0]);
    this.feed.push(entries.map(([, fields]) => toEvent(queue, fields)));
    // Only who is far behind can have lost events to trimming.
    if (entries.length >= BATCH && before !== '0-0' && (await this.trimmedBefore(queue, entries[0]?.[0]))) {
      this.feed.missed([queue]);
    }
  }

  /** Whether the stream now begins after the first entry that was just read: it is being cut behind us. */
  private async trimmedBefore(queue: QueueName, id: string | undefined): Promise<boolean> {
    const [first] = await this.client.xrange(this.key(queue), '-', '+', 'COUNT', 1);
    return first !== undefined && id !== undefined && compareIds(first[0], id) >= 0;
  }

  /** After a lost connection: what happened meanwhile is read from the stream, if it still has all of it. */
  private async checkResumption(): Promise<void> {
    for (const queue of this.queues()) {
      const cursor = this.cursors.get(queue);
      if (cursor === undefined) continue;
      const [first] = await this.client.xrange(this.key(queue), '-', '+', 'COUNT', 1);
      const [last] = await this.client.xrevrange(this.key(queue), '+', '-', 'COUNT', 1);
      const cut = first !== undefined && compareIds(first[0], cursor) > 0;
      const emptied = cursor !== '0-0' && (last === undefined || compareIds(last[0], cursor) < 0);
      if (emptied) this.cursors.set(queue, last?.[0] ?? '0-0');
      if (cut || emptied) this.feed.missed([queue]);
    }
    // Whatever was missed or not: the numbers may have changed while nobody looked.
    this.feed.missed(this.queues());
  }

  private key(queue: QueueName): string {
    return `${this.prefix}:${queue}:events`;
  }
}

const toEvent = (queue: QueueName, fields: readonly string[]): EngineEvent => {
  let event = '';
  let jobId: string | null = null;
  let name: string | null = null;
  let reason: string | null = null;
  for (let index = 0; index < fields.length; index += 2) {
    if (fields[index] === 'event') event = fields[index + 1] ?? '';
    if (fields[index] === 'jobId') jobId = fields[index + 1] ?? null;
    if (fields[index] === 'name') name = fields[index + 1] ?? null;
    if (fields[index] === 'failedReason') reason = fields[index + 1]?.slice(0, MAX_REASON) ?? null;
  }
  return { queue, event, jobId, name, reason };
};

/** Orders stream ids ("milliseconds-counter"). */
export const compareIds = (a: string, b: string): number => {
  const [aTime = '0', aCount = '0'] = a.split('-');
  const [bTime = '0', bCount = '0'] = b.split('-');
  return Number(aTime) - Number(bTime) || Number(aCount) - Number(bCount);
};
