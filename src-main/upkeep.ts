import type { Background } from './background/supervisor';
import type { Campaigns } from './campaigns';
import type { createImports } from './imports';
import type { Logger } from './logging/logger';
import type { createSchedules } from './schedules';
import { UPKEEP_EVERY_MS } from './schedules/host';
import type { OverdueNotices } from './schedules/overdue-notices';
import type { Templates } from './templates';

/** Campaigns and queue are brought together again this often, in ms. */
const RECOVER_EVERY_MS = 60_000;
interface Recoverable {
  readonly imports: ReturnType<typeof createImports>;
  readonly campaigns: Campaigns;
  readonly templates: Templates;
  readonly background: Background;
  readonly logger: Logger;
}

/** Takes up what an earlier run left behind, now and whenever it may have been missed. */
export const startRecovery = ({
  imports,
  campaigns,
  templates,
  background,
  logger,
}: Recoverable): NodeJS.Timeout => {
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logger.warn(`${what} could not be brought together with their queue; it is tried again in a minute.`, {
        error,
      });
    }
  };
  const recover = async (): Promise<void> => {
    await attempt('Campaigns', () => campaigns.recovery.recover());
    await attempt('Renderings of templates', () => templates.runs.service.recover());
  };
  const begin = async (): Promise<void> => {
    await background.started();
    await recover();
    await imports.start();
    await campaigns.tidy().catch((error: unknown) => {
      logger.warn('What earlier drafts left behind is removed at the next start.', { error });
    });
  };
  void begin();
  return setInterval(() => void recover(), RECOVER_EVERY_MS).unref();
};

interface KeptUp {
  readonly schedules: ReturnType<typeof createSchedules>;
  readonly overdue: OverdueNotices | null;
  readonly background: Background;
  readonly logger: Logger;
}

/**
 * Looks after schedules now and every minute. Worker hosts do so too; but where none is running, somebody has
 * to see that a time has passed.
 */
export const startUpkeep = ({ schedules, overdue, background, logger }: KeptUp): NodeJS.Timeout => {
  const look = async (): Promise<void> => {
    try {
      await schedules.upkeep();
    } catch (error) {
      logger.warn('Schedules could not be looked after; it is tried again in a minute.', { error });
    }
    try {
      await overdue?.look();
    } catch (error) {
      logger.debug('It could not be asked what is overdue.', { error });
    }
  };
  void background.started().then(look);
  return setInterval(() => void look(), UPKEEP_EVERY_MS).unref();
};
