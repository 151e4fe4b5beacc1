import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { TemplateService } from './service';

/** The contract's templates, answered by the service. */
export const createTemplateHandlers = (
  service: TemplateService,
): DomainHandlers<ConsoleContract['templates']> => ({
  list: async (filter, { actor }) => ok({ templates: await service.list(filter, actor) }),
  get: ({ templateId }, { actor }) => service.get(templateId, actor),
  save: ({ templateId, baseVersion, ...input }, { actor }) =>
    service.save(input, { templateId, baseVersion }, actor),
  duplicate: ({ templateId }, { actor }) => service.duplicate(templateId, actor),
  bringBack: ({ templateId }, { actor }) => service.bringBack(templateId, actor),
  versions: async ({ templateId }, { actor }) => {
    const versions = await service.versions(templateId, actor);
    return versions.ok ? ok({ versions: versions.value }) : versions;
  },
  version: ({ templateId, version }, { actor }) => service.version(templateId, version, actor),
  restore: ({ templateId, version }, { actor }) => service.restore(templateId, version, actor),
  fields: async (_, { actor }) => ok(await service.fields(actor)),
  remove: ({ templateId }, { actor }) => service.remove(templateId, actor),
  tryOut: ({ body, contactId, values }, { actor }) => service.tryOut(body, contactId, values, actor),
  process: ({ templateId, contactIds }, { actor }) => service.process(templateId, contactIds, actor),
});
