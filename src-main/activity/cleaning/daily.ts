import type { Actor } from '@shared/rpc/define';
import type { Logger } from '../../logging/logger';
import type { CleaningService } from './service';

/** Looked at every hour: a console is rarely open for a whole day. */
const LOOK_EVERY_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** After the start, which has other things to do first. */
const FIRST_LOOK_MS = 2 * 60_000;

interface DailyDependencies {
  readonly cleaning: CleaningService;
  /** Days that rows are kept; null: for good. */
  readonly keepDays: () => number | null;
  readonly actor: Actor;
  readonly logger: Logger;
  readonly now?: () => number;
}

/** Cleans up once a day while the console runs, where Settings say so. */
export class DailyCleaning {
  private lastAt = 0;
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(private readonly deps: DailyDependencies) {}

  start(): void {
    this.timers.push(
      setTimeout(() => void this.look(), FIRST_LOOK_MS).unref(),
      setInterval(() => void this.look(), LOOK_EVERY_MS).unref(),
    );
  }

  stop(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
  }

  /** Cleans up where it is due; what goes wrong is logged, and tried again within the hour. */
  async look(): Promise<void> {
    const { cleaning, keepDays, actor, logger, now = Date.now } = this.deps;
    const days = keepDays();
    if (days === null || now() - this.lastAt < DAY_MS) return;
    try {
      const { removed } = await cleaning.run(days, 'console', actor);
      this.lastAt = now();
      if (removed > 0) logger.info(`${removed} rows of job_logs older than ${days} days were cleaned up.`);
    } catch (error) {
      logger.warn('Old rows of job_logs could not be cleaned up.', { error });
    }
  }
}
