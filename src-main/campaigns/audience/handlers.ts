import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Database } from '../../database/database';
import { createLists, type ListsDependencies } from './lists/lists';
import { saveMend, saveMendForAll } from './mends/repository';

export interface AudienceDependencies extends ListsDependencies {
  readonly database: Database;
}

/** The contract's audiences: lists, and what is mended in one message only. */
export function createAudienceHandlers(
  deps: AudienceDependencies,
): DomainHandlers<ConsoleContract['audiences']> {
  const { database } = deps;
  const lists = createLists(deps);
  return {
    paste: ({ text, defaultCountry }, { actor }) => lists.paste(text, defaultCountry, actor),
    openFile: (input, { actor, signal }) => lists.openFile(input, actor, signal),
    list: ({ listId }, { actor }) => lists.get(listId, actor),
    mend: async ({ draftId, ...mend }, { actor }) => {
      await saveMend(database, { organizationId: actor.organizationId, draftId }, mend);
      return ok({});
    },
    mendAll: async ({ draftId, variable, value }, { actor }) => {
      await saveMendForAll(database, { organizationId: actor.organizationId, draftId }, variable, value);
      return ok({});
    },
  };
}
