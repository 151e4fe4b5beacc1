import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { SearchService } from './service';

/** Searches over the contract. A search ends when its listener goes. */
export const createSearchHandlers = (
  service: SearchService,
): DomainHandlers<ConsoleContract['searches']> => ({
  run: async ({ filter }, sink, { signal }) => {
    await service.run(filter, { signal, onNews: (news) => sink.next(news) });
    sink.end();
  },
  list: async (_input, { actor }) => ok({ searches: await service.list(actor) }),
  save: async ({ name, query }, { actor }) => ok(await service.save(name, query, actor)),
  rename: async ({ id, name }, { actor }) => ok(await service.rename(id, name, actor)),
  remove: async ({ id }, { actor }) => {
    await service.remove(id, actor);
    return ok({});
  },
});
