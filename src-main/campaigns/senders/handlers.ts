import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { MessagingLimitService } from '../portfolio/limit';
import type { SenderService } from './service';

/** The contract's senders, answered by the service. */
export const createSenderHandlers = (
  service: SenderService,
  limit: MessagingLimitService,
): DomainHandlers<ConsoleContract['senders']> => ({
  list: async (_input, { actor }) => ok({ senders: await service.list(actor) }),
  ofCampaign: async ({ campaignId }, { actor }) => {
    const found = await service.ofCampaign(campaignId, actor);
    return found.ok ? ok({ sender: found.value }) : found;
  },
  setLimit: ({ senderId, perSecond }, { actor }) => service.setLimit(senderId, perSecond, actor),
  messagingLimit: async (_input, { actor }) => ok(await limit.get(actor)),
  setMessagingLimit: async ({ people }, { actor }) => ok(await limit.set(people, actor)),
});
