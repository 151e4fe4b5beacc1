import type { ConsoleContract } from '@shared/contract';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { Database } from '../database/database';
import type { JobAdder } from '../campaigns/jobs';
import { createTemplateHandlers } from './handlers';
import { createTemplateRepository } from './repository';
import { createTemplateService, type TemplateService } from './service';

export interface Templates {
  readonly service: TemplateService;
  readonly handlers: DomainHandlers<ConsoleContract['templates']>;
}

/** Saved messages, wired together. The worker's side is processor.ts. */
export function createTemplates(deps: {
  readonly database: Database;
  readonly queues: Pick<JobAdder, 'addJob'>;
  readonly audit: Audit;
}): Templates {
  const service = createTemplateService({ ...deps, repository: createTemplateRepository(deps.database) });
  return { service, handlers: createTemplateHandlers(service) };
}
