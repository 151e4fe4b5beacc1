import { z } from 'zod';
import { command, query } from '../rpc/define';
import { Empty } from './common';
import { CampaignId } from '../domain/ids';
import { Channel } from './templates';

/** Messages a second; the same bounds as in Settings. */
const PerSecond = z.number().min(0.1).max(1_000);

/** Who messages are sent through, and how fast it goes at this moment, over all workers. */
export const Sender = z.object({
  id: z.uuid(),
  channel: Channel,
  provider: z.enum(['whatsapp', 'resend', 'sandbox']),
  /** The phone number id, or the from address. */
  address: z.string(),
  name: z.string(),
  isPaused: z.boolean(),
  problem: z.string().nullable(),
  limit: z.object({
    perSecond: z.number(),
    /** Set for this sender; otherwise it is the channel's setting. */
    isOwn: z.boolean(),
  }),
  /** What is left of the limit after the provider's refusals; comes back by itself. */
  effectivePerSecond: z.number(),
  /** What providers have accepted from it over the last 10 s, all campaigns and machines together. */
  measuredPerSecond: z.number(),
  /** Why it is lower than the limit: the provider's code, and since when. */
  slowed: z.object({ code: z.string(), since: z.iso.datetime() }).nullable(),
  /** The provider asked to wait until then, in the headers of its answers. */
  heldUntil: z.iso.datetime().nullable(),
});
export type Sender = z.infer<typeof Sender>;

/**
 * People whom WhatsApp lets the organization write to within 24 hours outside a service window, over all its numbers;
 * null: no limit, or it is not known. Meta's steps are 250, 2,000, 10,000 and 100,000.
 */
export const MessagingLimit = z.object({
  people: z.int().min(1).max(10_000_000).nullable(),
  /** Null: nobody has set it yet. */
  changedAt: z.iso.datetime().nullable(),
  changedBy: z.string().nullable(),
});
export type MessagingLimit = z.infer<typeof MessagingLimit>;

export const senders = {
  list: query({ input: Empty, output: z.object({ senders: z.array(Sender) }) }),
  /** The sender of one campaign; null where it has none. */
  ofCampaign: query({
    input: z.object({ campaignId: CampaignId }),
    output: z.object({ sender: Sender.nullable() }),
  }),
  /** Every worker on every machine follows within a second, also while it sends. Null: the channel's setting. */
  setLimit: command({
    input: z.object({ senderId: z.uuid(), perSecond: PerSecond.nullable() }),
    output: Sender,
  }),
  /** One for all consoles and workers of the organization. */
  messagingLimit: query({ input: Empty, output: MessagingLimit }),
  /** The last word counts; campaigns under way follow it. */
  setMessagingLimit: command({ input: MessagingLimit.pick({ people: true }), output: MessagingLimit }),
};
