import { z } from 'zod';
import type { ConsoleContract } from '@shared/contract';
import { fail, ok, type AppError, type Result } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import { pushChanges } from './changes';
import type { Planning } from './planning';
import type { CampaignService } from './service';

/** The contract's campaigns, answered by the service. */
export const createCampaignHandlers = (
  service: CampaignService,
  planning: Planning,
  now: () => number = Date.now,
): DomainHandlers<ConsoleContract['campaigns']> => ({
  estimate: async ({ audience, channel }, { actor }) =>
    ok(await planning.estimate(actor.organizationId, audience, channel)),
  preview: async ({ audience, message, limit }, { actor }) =>
    ok(await planning.preview(actor.organizationId, audience, message, limit)),
  launch: ({ delayMs, startAt, ...input }, { actor }) =>
    service.launch({ ...input, startAt: startOf(delayMs, startAt, now()) }, actor),
  list: async ({ channel, cursor, limit }, { actor }) => {
    const before = readCursor(cursor);
    if (!before.ok) return before;
    const { campaigns, next } = await service.list(actor, { channel, before: before.value, limit });
    return ok({ campaigns, nextCursor: next === null ? null : JSON.stringify(next) });
  },
  get: ({ campaignId }, { actor }) => service.get(campaignId, actor),
  changes: ({ campaignId }, sink, { actor, signal }) =>
    pushChanges(() => service.get(campaignId, actor), sink, signal),
  deliveries: ({ campaignId, states, errorCode, start, count }, { actor }) =>
    service.deliveries(campaignId, { states, errorCode }, { start, count }, actor),
  pause: ({ campaignId }, { actor }) => service.pause(campaignId, actor),
  resume: ({ campaignId }, { actor }) => service.resume(campaignId, actor),
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

const Position = z.object({ at: z.coerce.date(), id: z.uuid() });

function readCursor(cursor: string | undefined): Result<z.infer<typeof Position> | undefined> {
  if (cursor === undefined) return ok(undefined);
  try {
    const parsed = Position.safeParse(JSON.parse(cursor));
    return parsed.success ? ok(parsed.data) : fail(badCursor);
  } catch {
    return fail(badCursor); // Not JSON: not a cursor of ours.
  }
}

const badCursor: AppError = {
  code: 'invalid_input',
  message: 'This page does not exist any more.',
  action: 'Start again from the first page.',
  issues: [{ path: 'cursor', message: 'is not a cursor of this list' }],
};
