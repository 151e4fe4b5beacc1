import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { WorkersService } from './service';

/** Workers over the contract. What the service throws as AppFailure becomes its value in the RPC server. */
export const createWorkersHandlers = (
  service: WorkersService,
): DomainHandlers<ConsoleContract['workers']> => ({
  list: async () => ok({ hosts: await service.list() }),
  settings: async () => ok({ queues: await service.settings() }),
  configure: async (settings, { actor }) => ok({ queues: await service.configure(settings, actor) }),
});
