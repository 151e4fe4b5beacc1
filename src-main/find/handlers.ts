import type { ConsoleContract } from '@shared/contract';
import type { DomainHandlers } from '@shared/rpc/define';
import type { FindService } from './service';

/** The palette's search over the contract. It ends when its listener goes. */
export const createFindHandlers = (service: FindService): DomainHandlers<ConsoleContract['find']> => ({
  run: async ({ text }, sink, { actor, signal }) => {
    await service.run(text, {
      organizationId: actor.organizationId,
      signal,
      onNews: (news) => sink.next(news),
    });
    sink.end();
  },
});
