import type { WorkerSettings } from '@shared/contract/workers';
import { createJobJournal } from '../activity/journal';
import { createActivityRepository } from '../activity/repository';
import type { Audit } from '../activity/audit';
import { createAudit } from '../activity/service';
import { createCampaigns } from '../campaigns';
import type { JobAdder } from '../campaigns/jobs';
import { createBulkMessageProcessor } from '../campaigns/processor';
import type { Database } from '../database/database';
import type { DefaultOrganization } from '../database/organizations';
import { createEmailProcessor } from '../emails/processor';
import type { BullEngine } from '../engine/bullmq-engine';
import { createWorkerHost, type WorkerHost } from '../engine/worker-host';
import { createImportProcessor } from '../imports/processor';
import type { Logger } from '../logging/logger';
import type { Gateways } from '../providers/gateways';
import { createJobAdder } from '../queues/job-adder';
import { createSchedules, type Schedules } from '../schedules';
import { withSchedules } from '../schedules/host';
import { createTemplateRepository } from '../templates/repository';
import { createTemplateService } from '../templates/service';
import { createTemplateProcessor } from '../templates/processor';
import { followTimeLimit } from './time-limit/follow';
import { readTimeLimit } from './time-limit/repository';

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
  /** Longest run of a job in seconds, where this machine's environment names it. */
  readonly timeLimitSeconds: number | null;
}

/** A worker host with the processors of all four queues, and with schedules: the same inside the app and as a process of its own. */
export const composeWorkerHost = (parts: WorkerHostParts): WorkerHost => {
  const { engine, database, isEmbedded, gateways, logger, owner } = parts;
  const { coordination } = engine;
  const activity = createActivityRepository(database);
  const journal = createJobJournal({
    repository: activity,
    logger,
    fallback: { organizationId: owner.organizationId, userId: owner.profileId },
  });
  const timeLimit = followTimeLimit({
    environmentSeconds: parts.timeLimitSeconds,
    read: () => readTimeLimit(database, owner.organizationId),
    report: (error) =>
      logger.warn('The time limit of jobs could not be read; the last one counts.', { error }),
  });
  const host = createWorkerHost({
    ...parts,
    timeLimit: () => timeLimit.current(),
    processors: {
      'bulk-messages': createBulkMessageProcessor({ database, coordination, gateways, logger }),
      'contact-import': createImportProcessor(database, { isEmbedded }),
      'template-processing': createTemplateProcessor(database),
      'email-notification': createEmailProcessor({ database, coordination, gateways, logger }),
    },
    journal,
  });
  const composed = composeSchedules(parts, createAudit(activity, logger), createJobAdder(engine, journal));
  return withSchedules(timeLimit.around(host), { engine, logger, ...composed });
};

/** What schedules need to launch campaigns where no console runs. */
const composeSchedules = (
  { engine, database, gateways, logger }: WorkerHostParts,
  audit: Audit,
  queues: JobAdder,
): { readonly schedules: Schedules; readonly noteDue: () => Promise<void> } => {
  const templates = createTemplateService({ repository: createTemplateRepository(database), queues, audit });
  const campaigns = createCampaigns({
    database,
    engine,
    queues,
    // Nothing is cancelled from here.
    journal: { finished: () => Promise.resolve() },
    settings: () => gateways.settings(),
    template: (organizationId, templateId) => templates.textOf(organizationId, templateId),
    audit,
    // Lists are exported from consoles only.
    files: null,
    logger,
  });
  return {
    schedules: createSchedules({ database, engine, queues, campaigns: campaigns.service, audit, logger }),
    noteDue: () => campaigns.recovery.noteDue(),
  };
};
