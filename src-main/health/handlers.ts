import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { HealthService } from './service';

/** The engine's health over the contract. */
export const createHealthHandlers = (service: HealthService): DomainHandlers<ConsoleContract['health']> => ({
  engine: async () => ok(await service.engine()),
  engineHistory: async ({ minutes }) => ok(await service.engineHistory(minutes)),
});
