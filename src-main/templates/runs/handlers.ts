import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { TemplateRunService } from './service';

/** The contract's template runs, answered by the service. */
export const createTemplateRunHandlers = (
  service: TemplateRunService,
): DomainHandlers<ConsoleContract['templateRuns']> => ({
  start: (input, { actor }) => service.start(input, actor),
  list: async ({ templateId }, { actor }) => ok({ runs: await service.list(templateId, actor) }),
  get: ({ runId }, { actor }) => service.get(runId, actor),
  results: ({ runId, filter, ...page }, { actor }) => service.results(runId, filter, page, actor),
  exportFile: ({ runId, filter, format }, { actor }) => service.exportFile(runId, filter, format, actor),
  cancel: ({ runId }, { actor }) => service.cancel(runId, actor),
  resume: ({ runId }, { actor }) => service.resume(runId, actor),
  remove: ({ runId }, { actor }) => service.remove(runId, actor),
});
