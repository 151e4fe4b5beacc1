import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { QueueName } from '@shared/domain/queues';
import { MAX_REASON, type ChangeFeed } from './change-feed';
import type { SqlQueries } from './postgres-job-reader';

/** BullMQ's channel; the payload is the queue's name. */
const CHANNEL = 'bullmq_events';
const BATCH = 2_000;
/** Ms between two reads, so that events that come together are read together. */
const PAUSE_MS = 50;
/** A notification may be lost, an event is not: read at least this often, in ms. */
const IDLE_MS = 2_000;
const RETRY_MS = 500;
/** BullMQ keeps about this many events. */
const KEPT_EVENTS = 10_000;

/** A connection of its own for LISTEN, as a pg.Pool gives it out. */
export interface ListenClient {
  query(text: string): Promise<unknown>;
  on(event: 'notification' | 'error' | 'end', listener: () => void): unknown;
  release(destroy?: boolean): void;
}
export interface ListenPool extends SqlQueries {
  connect(): Promise<ListenClient>;
}

const eventShape = z.object({
  id: z.coerce.number(),
  queue: QueueName,
  event: z.string(),
  job_id: z.string().nullable(),
  name: z.string().nullable(),
  reason: z.string().nullable(),
});

/** Follows BullMQ's event table: woken by NOTIFY, read by a cursor, and read on a timer besides. */
export class PostgresEventFeed {
  private closed = false;
  private cursor: number | undefined;
  private running: Promise<void> | undefined;
  private listener: ListenClient | undefined;
  private began: () => void = () => undefined;
  /** Resolves when every later event will be heard. */
  readonly following = new Promise<void>((resolve) => {
    this.began = resolve;
  });
  private wake: () => void = () => {
    this.woken = true;
  };
  private woken = false;

  constructor(
    private readonly pool: ListenPool,
    private readonly queues: () => readonly QueueName[],
    private readonly feed: ChangeFeed,
  ) {}

  start(): void {
    this.running ??= this.follow();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.began();
    this.wake();
    await this.running;
    this.dropListener();
  }

  private async follow(): Promise<void> {
    while (!this.isClosed()) {
      try {
        await this.listen();
        if (!(await this.readOnce())) await this.idle();
        else await sleep(PAUSE_MS);
      } catch {
        // The connection's state is the health monitor's affair; here it only means to begin again.
        this.dropListener();
        if (!this.isClosed()) await sleep(RETRY_MS);
      }
    }
  }

  private isClosed(): boolean {
    return this.closed;
  }

  private async listen(): Promise<void> {
    if (this.listener !== undefined) return;
    const client = await this.pool.connect();
    this.listener = client;
    client.on('notification', () => {
      this.wake();
    });
    client.on('error', () => {
      this.dropListener();
      this.wake();
    });
    await client.query(`LISTEN ${CHANNEL}`);
  }

  private dropListener(): void {
    const client = this.listener;
    this.listener = undefined;
    client?.release(true);
  }

  /** Whether there was anything to read. */
  private async readOnce(): Promise<boolean> {
    if (this.cursor === undefined) {
      this.cursor = await this.latest();
      this.began();
      return false;
    }
    const { rows } = await this.pool.query(
      `SELECT id, queue, event, data ->> 'jobId' AS job_id, data ->> 'name' AS name,
              left(data ->> 'failedReason', ${String(MAX_REASON)}) AS reason
         FROM bullmq.event
        WHERE queue = ANY ($1) AND id > $2 ORDER BY id LIMIT ${String(BATCH)}`,
      [this.queues(), this.cursor],
    );
    const events = z.array(eventShape).parse(rows);
    const last = events.at(-1);
    const first = events[0];
    if (last === undefined || first === undefined) return false;
    const lagging = events.length === BATCH && first.id - this.cursor > 1;
    this.cursor = last.id;
    this.feed.push(events.map(({ id: _, job_id: jobId, ...event }) => ({ ...event, jobId })));
    if (lagging && (await this.latest()) - first.id > KEPT_EVENTS) this.feed.missed(this.queues());
    return true;
  }

  private async latest(): Promise<number> {
    const { rows } = await this.pool.query(
      'SELECT coalesce(max(id), 0) AS id FROM bullmq.event WHERE queue = ANY ($1)',
      [this.queues()],
    );
    return z.array(z.object({ id: z.coerce.number() })).parse(rows)[0]?.id ?? 0;
  }

  private async idle(): Promise<void> {
    if (!this.woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, IDLE_MS);
        this.wake = () => {
          this.woken = true;
          clearTimeout(timer);
          resolve();
        };
        if (this.closed) this.wake();
      });
    }
    this.woken = false;
  }
}
