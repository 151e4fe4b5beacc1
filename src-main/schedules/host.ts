import type { BullEngine } from '../engine/bullmq-engine';
import type { WorkerHost } from '../engine/worker-host';
import type { Logger } from '../logging/logger';
import type { Schedules } from '.';

/** The database and the engine are brought together again this often, in ms. */
export const UPKEEP_EVERY_MS = 60_000;
/** A launch that is under way gets this long to end; another host goes on with it after that. */
const CLOSE_MS = 3_000;

/** A worker host that also looks after schedules: wherever jobs are worked on, they fall due. */
export function withSchedules(
  host: WorkerHost,
  parts: {
    readonly engine: BullEngine;
    readonly schedules: Pick<Schedules, 'work' | 'upkeep'>;
    /** Says of campaigns that are due that somebody is there. */
    readonly noteDue: () => Promise<void>;
    readonly logger: Logger;
  },
): WorkerHost {
  const { engine, schedules, noteDue, logger } = parts;
  let carrier: ReturnType<BullEngine['carrier']> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const upkeep = async (): Promise<void> => {
    try {
      await schedules.upkeep();
      // After what asks the engine: while that is away nobody works on anything.
      await noteDue();
    } catch (error) {
      logger.warn('Schedules could not be looked after; it is tried again in a minute.', { error });
    }
  };
  return {
    id: host.id,
    settings: () => host.settings(),
    configure: (settings) => host.configure(settings),
    heartbeat: () => host.heartbeat(),
    async start() {
      await host.start();
      carrier = engine.carrier(schedules.work, logger);
      timer = setInterval(() => void upkeep(), UPKEEP_EVERY_MS);
      await upkeep();
    },
    async shutdown(drainMs) {
      clearInterval(timer);
      const closed = carrier?.close();
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())]);
      await host.shutdown(drainMs);
    },
  };
}
