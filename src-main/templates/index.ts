import type { ConsoleContract } from '@shared/contract';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { JobAdder } from '../campaigns/jobs';
import type { Database } from '../database/database';
import type { QueueEngine } from '../engine/engine';
import type { JobJournal } from '../engine/processor';
import type { FileExchange } from '../files/exchange';
import { createTemplateHandlers } from './handlers';
import { createTemplateRepository } from './repository';
import { createTemplateRunHandlers } from './runs/handlers';
import { createRunJobs } from './runs/jobs';
import { createTemplateRunRepository } from './runs/repository';
import { createTemplateRunService, type TemplateRunService } from './runs/service';
import { createTemplateService, type TemplateService } from './service';

export interface Templates {
  readonly service: TemplateService;
  readonly handlers: DomainHandlers<ConsoleContract['templates']>;
  readonly runs: {
    readonly service: TemplateRunService;
    readonly handlers: DomainHandlers<ConsoleContract['templateRuns']>;
  };
}

/** Saved messages, wired together. The worker's side is processor.ts. */
export function createTemplates(deps: {
  readonly database: Database;
  readonly queues: Pick<JobAdder, 'addJob'>;
  /** The queue that renders. */
  readonly jobs: Pick<QueueEngine, 'job' | 'remove' | 'retry'>;
  readonly journal: Pick<JobJournal, 'finished'>;
  readonly files: FileExchange;
  readonly audit: Audit;
}): Templates {
  const { database, queues: adder, jobs: queue, journal, files, audit } = deps;
  const repository = createTemplateRepository(database);
  const service = createTemplateService({ ...deps, repository });
  const runs = createTemplateRunService({
    runs: createTemplateRunRepository(database),
    templates: repository,
    jobs: createRunJobs({ queue, adder, journal }),
    files,
    audit,
  });
  return {
    service,
    handlers: createTemplateHandlers(service),
    runs: { service: runs, handlers: createTemplateRunHandlers(runs) },
  };
}
