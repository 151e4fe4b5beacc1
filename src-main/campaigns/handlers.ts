import { z } from 'zod';
import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import { cursorAt, positionAt } from '../paging';
import { pushChanges } from './changes';
import type { Planning } from './planning';
import type { CampaignService } from './service';

const Position = z.object({ at: z.coerce.date(), id: z.uuid() });

/** The contract's campaigns, answered by the service. */
export const createCampaignHandlers = (
  service: CampaignService,
  planning: Planning,
  now: () => number = Date.now,
): DomainHandlers<ConsoleContract['campaigns']> => ({
  estimate: async ({ audience, channel, draftId }, { actor }) =>
    ok(await planning.estimate(actor.organizationId, audience, channel, draftId)),
  preview: async ({ limit, ...draft }, { actor, signal }) =>
    ok(await planning.preview(actor.organizationId, draft, limit, signal)),
  recipients: ({ filter, start, count, ...draft }, { actor, signal }) =>
    planning.recipients(actor.organizationId, draft, filter, { start, count }, signal),
  test: (input, { actor }) => service.test(input, actor),
  launch: ({ delayMs, startAt, ...input }, { actor }) =>
    service.launch({ ...input, startAt: startOf(delayMs, startAt, now()) }, actor),
  list: async ({ channel, cursor, limit }, { actor }) => {
    const before = positionAt(cursor, Position);
    if (!before.ok) return before;
    const { campaigns, next } = await service.list(actor, { channel, before: before.value, limit });
    return ok({ campaigns, nextCursor: next === null ? null : cursorAt(next) });
  },
  get: ({ campaignId }, { actor }) => service.get(campaignId, actor),
  changes: ({ campaignId }, sink, { actor, signal }) =>
    pushChanges(() => service.get(campaignId, actor), sink, signal),
  verify: ({ campaignId }, { actor }) => service.verify(campaignId, actor),
  deliveries: ({ campaignId, start, count, ...filter }, { actor }) =>
    service.deliveries(campaignId, filter, { start, count }, actor),
  exportDeliveries: ({ campaignId, format, ...filter }, { actor }) =>
    service.exportDeliveries(campaignId, filter, format, actor),
  delivery: ({ campaignId, deliveryId }, { actor }) => service.delivery(campaignId, deliveryId, actor),
  pause: ({ campaignId }, { actor }) => service.pause(campaignId, actor),
  resume: ({ campaignId }, { actor }) => service.resume(campaignId, actor),
  passLimit: ({ campaignId }, { actor }) => service.passLimit(campaignId, actor),
  cancel: ({ campaignId }, { actor }) => service.cancel(campaignId, actor),
  retryFailed: ({ campaignId, errorCode }, { actor }) => service.retryFailed(campaignId, errorCode, actor),
  resolveUnknown: ({ campaignId, deliveryIds, as }, { actor }) =>
    service.resolveUnknown(campaignId, deliveryIds, as, actor),
  remove: ({ campaignId }, { actor }) => service.remove(campaignId, actor),
});

/** A point in time wins over a delay; both in the past mean now. */
function startOf(delayMs: number | undefined, startAt: string | undefined, now: number): Date | null {
  const at = startAt === undefined ? now + (delayMs ?? 0) : Date.parse(startAt);
  return at > now ? new Date(at) : null;
}
