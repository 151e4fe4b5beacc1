import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { FailuresService } from './service';

/** Failures by cause over the contract. */
export const createFailuresHandlers = (
  service: FailuresService,
): DomainHandlers<ConsoleContract['failures']> => ({
  groups: async ({ queue }) => ok(await service.groups(queue)),
  changes: (_input, sink, { signal }) => {
    const stop = service.watch(() => sink.next({ at: new Date().toISOString() }));
    signal.addEventListener('abort', stop, { once: true });
  },
  jobs: async ({ cause, queue, start, count }) => ok(await service.jobs(cause, queue, start, count)),
  export: async ({ cause, queue, format }, { actor }) =>
    ok(await service.exportJobs({ cause, queue, format }, actor)),
});
