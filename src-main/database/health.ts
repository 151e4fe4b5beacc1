import type { Pool } from './pool';

export type DatabaseState = 'starting' | 'up' | 'down';

/** What the console shows about the database. */
export interface DatabaseStatus {
  readonly state: DatabaseState;
  /** When the state last changed. */
  readonly since: Date;
  /** Why it is down, or was last; in the database's words, without the connection's secrets. */
  readonly lastError: string | undefined;
  /** How long the last check took, in ms. */
  readonly latencyMs: number | undefined;
}

export interface HealthOptions {
  /** How often to check, in ms. Default 5,000 while up; while down a fifth of it. */
  readonly intervalMs?: number;
  /** A check that takes longer counts as down, in ms. Default 5,000. */
  readonly timeoutMs?: number;
}

/** Watches a pool: knows at any time whether the database answers, since when, and why not. */
export class DatabaseHealth {
  private readonly listeners = new Set<(status: DatabaseStatus) => void>();
  /** One broken connection says little: ask. */
  private readonly onPoolError = (): void => void this.check();
  private readonly intervalMs: number;
  private readonly timeoutMs: number;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private current: DatabaseStatus = {
    state: 'starting',
    since: new Date(),
    lastError: undefined,
    latencyMs: undefined,
  };

  constructor(
    private readonly pool: Pool,
    options: HealthOptions = {},
  ) {
    this.intervalMs = options.intervalMs ?? 5_000;
    this.timeoutMs = options.timeoutMs ?? 5_000;
    pool.on('error', this.onPoolError);
  }

  get status(): DatabaseStatus {
    return this.current;
  }

  /** Called whenever the state changes; returns how to stop that. */
  onChange(listener: (status: DatabaseStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks the database now. Never throws: the answer is the status. */
  async check(): Promise<DatabaseStatus> {
    const started = performance.now();
    try {
      await withTimeout(this.pool.query('SELECT 1'), this.timeoutMs);
      this.record('up', undefined, performance.now() - started);
    } catch (error) {
      this.record('down', error instanceof Error ? error.message : 'unknown error', undefined);
    }
    return this.current;
  }

  /** Checks from now on, at once and then regularly. */
  start(): void {
    if (this.stopped) return;
    void this.check().then((status) => {
      if (this.stopped) return;
      const wait = status.state === 'up' ? this.intervalMs : this.intervalMs / 5;
      this.timer = setTimeout(() => this.start(), wait);
      this.timer.unref();
    });
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.pool.removeListener('error', this.onPoolError);
    this.listeners.clear();
  }

  private record(state: DatabaseState, error: string | undefined, latencyMs: number | undefined): void {
    const before = this.current;
    const changed = before.state !== state;
    this.current = {
      state,
      since: changed ? new Date() : before.since,
      lastError: error ?? before.lastError,
      latencyMs,
    };
    if (changed) for (const listener of this.listeners) listener(this.current);
  }
}

async function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer for ${timeoutMs} ms.`)), timeoutMs);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
