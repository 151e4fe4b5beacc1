import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { OperationsService } from './service';

/** Operations over the contract. */
export const createOperationsHandlers = (
  service: OperationsService,
): DomainHandlers<ConsoleContract['operations']> => ({
  preview: ({ action, filter }, { signal }) => service.preview(action, filter, signal),
  start: (input, { actor }) => service.begin(input, actor),
  list: async ({ limit }) => ok({ operations: await service.list(limit) }),
  get: ({ id }) => service.get(id),
  live: (_input, sink, { signal }) => {
    service.watch((operations) => sink.next({ operations }), signal);
  },
  cancel: ({ id }, { actor }) => service.cancel(id, actor),
  proceed: ({ id }, { actor }) => service.proceed(id, actor),
  undo: ({ id }, { actor }) => service.undo(id, actor),
  report: async ({ id, start, count }) => ok(await service.report(id, start, count)),
});
