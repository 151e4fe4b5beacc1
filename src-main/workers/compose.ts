import type { WorkerSettings } from '@shared/contract/workers';
import { createJobJournal } from '../activity/journal';
import { createActivityRepository } from '../activity/repository';
import { createBulkMessageProcessor } from '../campaigns/processor';
import type { Database } from '../database/database';
import type { DefaultOrganization } from '../database/organizations';
import { createEmailProcessor } from '../emails/processor';
import type { BullEngine } from '../engine/bullmq-engine';
import { createWorkerHost, type WorkerHost } from '../engine/worker-host';
import { createImportProcessor } from '../imports/processor';
import type { Logger } from '../logging/logger';
import type { Gateways } from '../providers/gateways';
import { createTemplateProcessor } from '../templates/processor';
import { createTemplateRepository } from '../templates/repository';

export interface WorkerHostParts {
  readonly engine: BullEngine;
  readonly database: Database;
  /** The database is the embedded one, with one connection. */
  readonly isEmbedded: boolean;
  readonly gateways: Gateways;
  readonly logger: Logger;
  readonly kind: 'app' | 'worker';
  readonly version: string;
  readonly owner: DefaultOrganization;
  readonly settings: readonly WorkerSettings[];
}

/** A worker host with the processors of all four queues: the same inside the app and as a process of its own. */
export const composeWorkerHost = (parts: WorkerHostParts): WorkerHost => {
  const { engine, database, isEmbedded, gateways, logger, owner } = parts;
  const { coordination } = engine;
  return createWorkerHost({
    ...parts,
    processors: {
      'bulk-messages': createBulkMessageProcessor({ database, coordination, gateways, logger }),
      'contact-import': createImportProcessor(database, { isEmbedded }),
      'template-processing': createTemplateProcessor({ repository: createTemplateRepository(database) }),
      'email-notification': createEmailProcessor({ database, coordination, gateways, logger }),
    },
    journal: createJobJournal({
      repository: createActivityRepository(database),
      logger,
      fallback: { organizationId: owner.organizationId, userId: owner.profileId },
    }),
  });
};
