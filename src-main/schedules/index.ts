import type { ConsoleContract } from '@shared/contract';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { CampaignService } from '../campaigns/service';
import type { JobAdder } from '../campaigns/jobs';
import type { Database } from '../database/database';
import type { Engine } from '../engine/engine';
import type { CarrierWork } from '../engine/scheduler';
import type { Logger } from '../logging/logger';
import { createClaims } from './claims';
import { createScheduleHandlers } from './handlers';
import { createScheduleService, type ScheduleService } from './service';
import { createUpkeep } from './upkeep';
import { createScheduleWork } from './work';

export interface SchedulesDependencies {
  readonly database: Database;
  readonly engine: Pick<Engine, 'queue' | 'scheduler'>;
  /** The queue manager: what it adds is also written into `job_logs`. */
  readonly queues: JobAdder;
  readonly campaigns: Pick<CampaignService, 'launch' | 'get' | 'overdue'>;
  readonly audit: Audit;
  readonly logger: Logger;
  /** ms since 1970. */
  readonly now?: () => number;
}

export interface Schedules {
  readonly service: ScheduleService;
  readonly handlers: DomainHandlers<ConsoleContract['schedules']>;
  /** For worker hosts. */
  readonly work: CarrierWork;
  /** See upkeep.ts: at the start and every minute, wherever schedules are looked after. */
  readonly upkeep: () => Promise<void>;
}

/** Schedules, wired together. */
export function createSchedules(given: SchedulesDependencies): Schedules {
  const deps = { ...given, now: given.now ?? Date.now };
  const claims = createClaims(deps.database, deps.now);
  const service = createScheduleService(deps);
  return {
    service,
    handlers: createScheduleHandlers(service),
    work: createScheduleWork({ ...deps, claims }),
    upkeep: createUpkeep({ ...deps, claims }),
  };
}
