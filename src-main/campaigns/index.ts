import type { ConsoleContract } from '@shared/contract';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { ProviderSettings } from '../background/contract';
import type { Database } from '../database/database';
import type { Engine } from '../engine/engine';
import type { JobJournal } from '../engine/processor';
import type { FileExchange } from '../files/exchange';
import type { Logger } from '../logging/logger';
import { removeForgottenLists } from './audience/lists/repository';
import { forgetOldMends } from './audience/mends/repository';
import { createCampaignHandlers } from './handlers';
import { createCampaignJobs, type JobAdder } from './jobs';
import { createMessagingLimit } from './portfolio/limit';
import { createPlanning, type TemplateLookup } from './planning';
import { createCampaignRecovery, type CampaignRecovery, type FormerLimit } from './recovery';
import { createSenderHandlers } from './senders/handlers';
import { createSenderService, type SenderService } from './senders/service';
import { createCampaignService, type CampaignService } from './service';

export interface CampaignsDependencies {
  readonly database: Database;
  readonly engine: Pick<Engine, 'queue' | 'health' | 'coordination'>;
  /** The queue manager: what it adds is also written into `job_logs`. */
  readonly queues: JobAdder;
  /** Told of the jobs that a cancelled campaign takes back. */
  readonly journal: Pick<JobJournal, 'finished'>;
  readonly settings: () => ProviderSettings;
  readonly template: TemplateLookup;
  /** Left out on a worker host, which has no settings. */
  readonly formerLimit?: FormerLimit;
  readonly defaultCountry?: () => string | null;
  readonly isServer?: boolean;
  readonly audit: Audit;
  /** Null where nobody exports: on a worker host. */
  readonly files: FileExchange | null;
  readonly logger: Logger;
  /** ms since 1970. */
  readonly now?: () => number;
}

export interface Campaigns {
  readonly senders: SenderService;
  readonly senderHandlers: DomainHandlers<ConsoleContract['senders']>;
  readonly service: CampaignService;
  readonly handlers: DomainHandlers<ConsoleContract['campaigns']>;
  readonly recovery: CampaignRecovery;
  /** Forgets what drafts that were given up have left behind: call once a start. */
  tidy(): Promise<void>;
}

/** Nobody writes one message for so long. */
const KEPT_DAYS = 30;

/** Campaigns of both channels, wired together. The worker's side is processor.ts and ../emails/processor.ts. */
export function createCampaigns(deps: CampaignsDependencies): Campaigns {
  const jobs = createCampaignJobs(deps.engine, deps.queues, deps.journal);
  const recovery = createCampaignRecovery(deps.database, jobs, deps);
  const planning = createPlanning(deps);
  const service = createCampaignService({ ...deps, jobs, recovery, planning });
  const senders = createSenderService({ ...deps, coordination: deps.engine.coordination });
  return {
    service,
    recovery,
    handlers: createCampaignHandlers(service, planning, deps.now),
    senders,
    senderHandlers: createSenderHandlers(senders, createMessagingLimit(deps)),
    async tidy() {
      await forgetOldMends(deps.database, KEPT_DAYS);
      await removeForgottenLists(deps.database, KEPT_DAYS);
    },
  };
}
