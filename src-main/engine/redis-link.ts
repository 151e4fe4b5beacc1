import type { Redis } from 'ioredis';
import { EngineLink } from './engine-link';
import { commandClient, redisLabel, redisProblem } from './redis-client';

/** Ms between two looks at a connection that says nothing, and how long an answer may take. */
const WATCH_INTERVAL_MS = 2_000;
const WATCH_TIMEOUT_MS = 1_500;

/** The console's connection for commands, its state, and a watch that finds a Redis that hangs. */
export class RedisLink extends EngineLink {
  readonly client: Redis;
  readonly label: string;
  private readonly watch: NodeJS.Timeout;
  private closing = false;
  private lastError: Error | undefined;

  constructor(url: string, name: string) {
    super();
    this.label = redisLabel(url);
    this.client = commandClient(url, name);
    this.client.on('ready', () => {
      this.lastError = undefined;
      this.health.up();
    });
    this.client.on('error', (error: Error) => {
      this.lastError = error;
      if (this.client.status !== 'ready') this.health.down(this.describe(error));
    });
    this.client.on('close', () => {
      if (!this.closing) this.health.down(this.describe(this.lastError ?? new Error('closed')));
    });
    this.watch = setInterval(() => void this.look(), WATCH_INTERVAL_MS);
    this.watch.unref();
  }

  async ping(): Promise<number> {
    const started = performance.now();
    await this.client.ping();
    return performance.now() - started;
  }

  close(): Promise<void> {
    this.closing = true;
    clearInterval(this.watch);
    // Not `quit`: that needs an answer, and between two attempts to connect nothing would ever end it.
    this.client.disconnect();
    return Promise.resolve();
  }

  describe(error: unknown): string {
    return redisProblem(error instanceof Error ? error : new Error(String(error)), this.label);
  }

  protected failed(error: unknown): void {
    if (this.client.status !== 'ready') this.health.down(this.describe(error));
  }

  private async look(): Promise<void> {
    if (this.closing || this.client.status !== 'ready') return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error('timed out'));
      }, WATCH_TIMEOUT_MS);
    });
    try {
      await Promise.race([this.client.ping(), late]);
    } catch (error) {
      if (error instanceof Error && error.message === 'timed out') this.reconnect(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A connection without answers is given up: what waits on it fails now, and a new one is tried. */
  private reconnect(error: Error): void {
    this.lastError = error;
    this.health.down(this.describe(error));
    this.client.disconnect(true);
  }
}
