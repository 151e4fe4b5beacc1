import type { ConsoleContract } from '@shared/contract';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Database } from '../../database/database';
import { createOperationsHandlers } from './handlers';
import { createOperationRepository } from './repository';
import { OperationsService, type OperationsDependencies } from './service';

export interface Operations {
  readonly service: OperationsService;
  readonly handlers: DomainHandlers<ConsoleContract['operations']>;
}

/** Operations of one organization, wired together. They are carried out from `service.start()` on. */
export function createOperations({
  database,
  organizationId,
  ...deps
}: Omit<OperationsDependencies, 'repository'> & {
  readonly database: Database;
  readonly organizationId: string;
}): Operations {
  const service = new OperationsService({
    ...deps,
    repository: createOperationRepository(database, organizationId),
  });
  return { service, handlers: createOperationsHandlers(service) };
}
