import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { TemplateService } from './service';

/** The contract's templates, answered by the service. */
export const createTemplateHandlers = (
  service: TemplateService,
): DomainHandlers<ConsoleContract['templates']> => ({
  list: async ({ channel }, { actor }) => ok({ templates: await service.list(channel, actor) }),
  get: ({ templateId }, { actor }) => service.get(templateId, actor),
  save: ({ templateId, ...input }, { actor }) => service.save(input, templateId, actor),
  remove: ({ templateId }, { actor }) => service.remove(templateId, actor),
  tryOut: ({ body, contactId, values }, { actor }) => service.tryOut(body, contactId, values, actor),
  process: ({ templateId, contactIds }, { actor }) => service.process(templateId, contactIds, actor),
});
