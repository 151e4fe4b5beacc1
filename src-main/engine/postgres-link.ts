import { EngineLink } from './engine-link';
import { isUnreachable } from './engine-errors';
import type { SqlQueries } from './postgres-job-reader';

const WATCH_INTERVAL_MS = 1_000;

/**
 * The embedded database as the queues' engine. It computes one statement after the other, so a slow
 * answer means work and not a failure: only a refused statement takes the engine down.
 */
export class PostgresLink extends EngineLink {
  private readonly watch: NodeJS.Timeout;
  private looking: Promise<void> | undefined;

  constructor(private readonly pool: SqlQueries) {
    super();
    this.watch = setInterval(() => void this.look(), WATCH_INTERVAL_MS);
    this.watch.unref();
    void this.look();
  }

  async ping(): Promise<number> {
    const started = performance.now();
    await this.pool.query('SELECT 1');
    return performance.now() - started;
  }

  close(): Promise<void> {
    clearInterval(this.watch);
    return this.looking ?? Promise.resolve();
  }

  describe(error: unknown): string {
    if (error instanceof Error && 'code' in error && error.code === '42P01') {
      return 'the embedded database is not set up for the queues yet';
    }
    return isUnreachable(error)
      ? 'the embedded database does not answer'
      : 'the embedded database refused to work';
  }

  protected failed(error: unknown): void {
    this.health.down(this.describe(error));
  }

  private look(): Promise<void> {
    this.looking ??= this.check().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async check(): Promise<void> {
    try {
      // While it is up a round trip is enough; before that the tables have to be there.
      await (this.health.isUp
        ? this.ping()
        : this.pool.query('SELECT 1 FROM bullmq.job, engine.hosts LIMIT 1'));
      this.health.up();
    } catch (error) {
      this.failed(error);
    }
  }
}
