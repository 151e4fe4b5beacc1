import { z } from 'zod';
import type { AdsappQueue } from '@shared/domain/queues';

/** What the worker side logs through: the seed guide's lines, for people. */
export interface WorkerLogger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Results of the processors name their counts in one of these ways. */
const tally = z.union([
  z
    .object({ successCount: z.number(), failureCount: z.number() })
    .transform(({ successCount, failureCount }) => ({ success: successCount, failed: failureCount })),
  z.object({ success: z.number(), failed: z.number() }),
  z
    .object({ sent: z.number(), failed: z.number() })
    .transform(({ sent, failed }) => ({ success: sent, failed })),
  z
    .object({ read: z.number(), rejected: z.number() })
    .transform(({ read, rejected }) => ({ success: read - rejected, failed: rejected })),
]);

/** The lines of one job's run as the seed guide has them ("Logging"). */
export const jobConsole = (logger: WorkerLogger, queue: AdsappQueue, id: string, items: number | null) => {
  let lastTenth = 0;
  return {
    started: () => logger.info(`[${queue}] Starting job ${id}${items === null ? '' : ` for ${items} items`}`),
    /** One line every tenth of the way. */
    progress: (percent: number) => {
      const tenth = Math.floor(percent / 10);
      if (tenth <= lastTenth) return;
      lastTenth = tenth;
      const done = items === null ? `${tenth * 10} %` : `${Math.round((items * percent) / 100)}/${items}`;
      logger.info(`[${queue}] Job ${id}: ${done} processed`);
    },
    completed: (result: unknown, durationMs: number) => {
      const counted = tally.safeParse(result);
      const { success, failed } = counted.success ? counted.data : { success: items ?? 0, failed: 0 };
      logger.info(
        `[${queue}] Job ${id} completed: ${success} success, ${failed} failed, ${Math.round(durationMs)}ms`,
      );
    },
    later: (why: string, at: Date) =>
      logger.info(`[${queue}] Job ${id} goes on at ${at.toISOString()}: ${why}`),
    cancelled: (by: string) => logger.info(`[${queue}] Job ${id} cancelled by ${by}`),
    failed: (message: string, willRetry: boolean) =>
      logger.error(
        `[${queue}] Error processing job ${id}: ${message}${willRetry ? ' (will be retried)' : ''}`,
      ),
  };
};
