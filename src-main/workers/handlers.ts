import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { WorkersService } from './service';
import type { TimeLimitService } from './time-limit/service';

/** Workers over the contract. What the service throws as AppFailure becomes its value in the RPC server. */
export const createWorkersHandlers = (
  service: WorkersService,
  limits: TimeLimitService,
): DomainHandlers<ConsoleContract['workers']> => ({
  list: async () => {
    const [hosts, foreign] = await Promise.all([service.list(), service.foreign()]);
    return ok({ hosts, foreign });
  },
  settings: async () => ok({ queues: await service.settings() }),
  timeLimit: async (_input, { actor }) => ok(await limits.get(actor)),
  setTimeLimit: async ({ seconds }, { actor }) => limits.set(seconds, actor),
  configure: async (settings, { actor }) => ok({ queues: await service.configure(settings, actor) }),
});
