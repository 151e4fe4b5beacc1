import type { MessagingLimit } from '@shared/contract/senders';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../../activity/audit';
import type { Database } from '../../database/database';
import { readLimit } from './holding/repository';
import { createLimitKeeper } from './keeper';

export interface MessagingLimitDependencies {
  readonly database: Database;
  readonly audit: Audit;
}

/** WhatsApp's limit of people within 24 hours: one for all consoles and workers of an organization. */
export function createMessagingLimit({ database, audit }: MessagingLimitDependencies) {
  const keeper = createLimitKeeper(database);
  const get = ({ organizationId }: Actor): Promise<MessagingLimit> => readLimit(database, organizationId);
  return {
    get,

    /** The last word counts. What runs under a limit follows it, whichever machine it was started on. */
    async set(people: number | null, actor: Actor): Promise<MessagingLimit> {
      const before = await get(actor);
      await keeper.change(actor.organizationId, people, actor.userId);
      await audit({
        actor,
        action: 'senders.set-messaging-limit',
        target: null,
        detail: { people, before: before.people },
      });
      return get(actor);
    },
  };
}
export type MessagingLimitService = ReturnType<typeof createMessagingLimit>;
