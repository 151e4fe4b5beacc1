import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { ChartsService } from './service';

/** Charts over the contract. */
export const createChartsHandlers = (service: ChartsService): DomainHandlers<ConsoleContract['charts']> => ({
  series: async (wanted) => ok(await service.series(wanted)),
  names: async ({ queue, window }) => ok(await service.names(queue, window)),
  waiting: async ({ queue }, { signal }) => ok(await service.waiting(queue, signal)),
  export: async (wanted) => ok(await service.export(wanted)),
});
