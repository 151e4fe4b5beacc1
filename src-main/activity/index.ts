import type { ConsoleContract } from '@shared/contract';
import type { Actor, DomainHandlers } from '@shared/rpc/define';
import type { Database } from '../database/database';
import type { JobJournal } from '../engine/processor';
import type { FileExchange } from '../files/exchange';
import type { Logger } from '../logging/logger';
import { createAnalyticsRepository } from './analytics/repository';
import { createAnalyticsService } from './analytics/service';
import type { Audit, AuditRecord } from './audit';
import { DailyCleaning } from './cleaning/daily';
import { createCleaningRepository } from './cleaning/repository';
import { CleaningService } from './cleaning/service';
import { createActivityHandlers } from './handlers';
import { createJobJournal } from './journal';
import { createActivityRepository } from './repository';
import { createActivityService, createAudit } from './service';

export interface ActivityParts {
  readonly database: Database;
  /** Whose the jobs are that name no organization and no user. */
  readonly owner: { readonly organizationId: string; readonly profileId: string };
  /** Who cleans up by himself. */
  readonly cleaner: Actor;
  /** How many days job history is kept; null for ever. */
  readonly keepDays: () => number | null;
  /** Hears what was written into the audit log. */
  readonly onRecord: (record: AuditRecord) => void;
  readonly files: FileExchange;
  readonly logger: Logger;
}

export interface Activity {
  readonly audit: Audit;
  readonly journal: JobJournal;
  readonly handlers: DomainHandlers<ConsoleContract['activity']>;
  /** Begins to clean up daily. */
  start(): void;
  close(): Promise<void>;
}

/** The audit log, the journal of jobs and the figures from both, wired together. */
export const createActivity = (parts: ActivityParts): Activity => {
  const { database, owner, files, logger } = parts;
  const repository = createActivityRepository(database);
  const analytics = createAnalyticsRepository(database);
  const write = createAudit(repository, logger);
  const audit: Audit = async (record) => {
    await write(record);
    parts.onRecord(record);
  };
  const cleaning = new CleaningService({
    repository: createCleaningRepository(database),
    addUp: async (organizationId) => {
      await analytics.refresh(organizationId);
    },
    audit,
  });
  const daily = new DailyCleaning({ cleaning, keepDays: parts.keepDays, actor: parts.cleaner, logger });

  return {
    audit,
    journal: createJobJournal({
      ...{ repository, logger },
      fallback: { organizationId: owner.organizationId, userId: owner.profileId },
    }),
    handlers: createActivityHandlers({
      service: createActivityService(repository, analytics),
      analytics: createAnalyticsService(analytics),
      cleaning,
      files,
    }),
    start: () => daily.start(),
    async close() {
      daily.stop();
      await cleaning.stop();
    },
  };
};
