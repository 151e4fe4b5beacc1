import type { ConsoleContract } from '@shared/contract';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { ProviderSettings } from '../background/contract';
import type { Database } from '../database/database';
import type { Engine } from '../engine/engine';
import type { JobJournal } from '../engine/processor';
import type { Logger } from '../logging/logger';
import { createCampaignHandlers } from './handlers';
import { createCampaignJobs, type JobAdder } from './jobs';
import { createPlanning, type TemplateLookup } from './planning';
import { createCampaignRecovery, type CampaignRecovery } from './recovery';
import { createCampaignService, type CampaignService } from './service';

export interface CampaignsDependencies {
  readonly database: Database;
  readonly engine: Pick<Engine, 'queue' | 'health'>;
  /** The queue manager: what it adds is also written into `job_logs`. */
  readonly queues: JobAdder;
  /** Told of the jobs that a cancelled campaign takes back. */
  readonly journal: Pick<JobJournal, 'finished'>;
  readonly settings: () => ProviderSettings;
  readonly template: TemplateLookup;
  readonly audit: Audit;
  readonly logger: Logger;
  /** ms since 1970. */
  readonly now?: () => number;
}

export interface Campaigns {
  readonly service: CampaignService;
  readonly handlers: DomainHandlers<ConsoleContract['campaigns']>;
  readonly recovery: CampaignRecovery;
}

/** Campaigns of both channels, wired together. The worker's side is processor.ts and ../emails/processor.ts. */
export function createCampaigns(deps: CampaignsDependencies): Campaigns {
  const jobs = createCampaignJobs(deps.engine, deps.queues, deps.journal);
  const recovery = createCampaignRecovery(deps.database, jobs, deps.now);
  const planning = createPlanning(deps);
  const service = createCampaignService({ ...deps, jobs, recovery, planning });
  return { service, recovery, handlers: createCampaignHandlers(service, planning, deps.now) };
}
