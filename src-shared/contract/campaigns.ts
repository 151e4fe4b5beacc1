import { z } from 'zod';
import { command, query, stream } from '../rpc/define';
import { CampaignId, ContactId, DeliveryId, ImportId, JobId, TemplateId } from '../domain/ids';
import { EmailType } from '../domain/jobs';
import { JobPrioritySchema } from '../domain/queues';
import { Count, Cursor, Empty, Instant } from './common';
import { Channel } from './templates';

/** Who receives: everything named is intersected; `excludeTags` is taken away at the end. */
export const Audience = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all'), excludeTags: z.array(z.string()).default([]) }),
  z.object({
    kind: z.literal('tags'),
    tags: z.array(z.string()).min(1),
    excludeTags: z.array(z.string()).default([]),
  }),
  z.object({
    kind: z.literal('search'),
    search: z.string().min(1).max(200),
    excludeTags: z.array(z.string()).default([]),
  }),
  z.object({ kind: z.literal('import'), importId: ImportId, excludeTags: z.array(z.string()).default([]) }),
  z.object({ kind: z.literal('contacts'), contactIds: z.array(ContactId).min(1).max(100_000) }),
]);
export type Audience = z.infer<typeof Audience>;

/** WhatsApp media by link; a caption may hold variables (audio takes none). */
export const Message = z.discriminatedUnion('channel', [
  z.object({
    channel: z.literal('whatsapp'),
    type: z.enum(['text', 'image', 'video', 'document', 'audio']).default('text'),
    body: z.string().max(4_096, 'WhatsApp takes at most 4,096 characters.').default(''),
    mediaUrl: z.url().nullable().default(null),
    templateId: TemplateId.nullable().default(null),
  }),
  z.object({
    channel: z.literal('email'),
    emailType: EmailType.default('campaign'),
    subject: z.string().min(1, 'An e-mail needs a subject.').max(500),
    body: z.string().min(1, 'Write something.').max(100_000),
    templateId: TemplateId.nullable().default(null),
  }),
]);
export type Message = z.infer<typeof Message>;

export const AudienceEstimate = z.object({
  matched: Count,
  /** Who would be sent to. */
  sendable: Count,
  optedOut: Count,
  suppressed: Count,
  /** No phone or no e-mail for this channel. */
  noAddress: Count,
  /** At the sender's current limit. */
  durationSeconds: z.number(),
});
export type AudienceEstimate = z.infer<typeof AudienceEstimate>;

export const RenderedRecipient = z.object({
  contactId: ContactId,
  recipient: z.string(),
  name: z.string().nullable(),
  subject: z.string().nullable(),
  text: z.string(),
  missing: z.array(z.string()),
  /** Why this one is shown first: "longest", "value missing"; null for the rest. */
  why: z.string().nullable(),
});

export const DeliveryState = z.enum([
  'pending',
  'leased',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'read',
  'failed',
  'retry_wait',
  'unknown',
  'skipped',
  'cancelled',
]);
export type DeliveryState = z.infer<typeof DeliveryState>;

export const CampaignState = z.enum([
  'draft',
  'scheduled',
  'launching',
  'running',
  'paused',
  'completed',
  'cancelled',
  'failed',
]);
export type CampaignState = z.infer<typeof CampaignState>;

/** The number of recipients in each state; they add up to `recipients`. */
export const DeliveryCounts = z.record(DeliveryState, Count);

export const CampaignSummary = z.object({
  id: CampaignId,
  name: z.string(),
  channel: Channel,
  state: CampaignState,
  /** Why it is paused or failed, in plain words, and what to do. */
  problem: z.string().nullable(),
  priority: z.int(),
  recipients: Count,
  counts: DeliveryCounts,
  jobId: JobId.nullable(),
  createdBy: z.string(),
  createdAt: Instant,
  scheduledAt: Instant.nullable(),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  /** Recipients a second over the last 10 s. */
  perSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  /** The guide's outcome, once it is over. */
  outcome: z.enum(['success', 'partial_success', 'partial_failure', 'failed']).nullable(),
});
export type CampaignSummary = z.infer<typeof CampaignSummary>;

export const FailureReason = z.object({
  code: z.string(),
  reason: z.string(),
  /** What the operator can do about it. */
  advice: z.string(),
  recipients: Count,
  /** Retrying may help; a permanent failure would only fail again. */
  retryable: z.boolean(),
});
export type FailureReason = z.infer<typeof FailureReason>;

export const CampaignDetail = CampaignSummary.extend({
  audience: Audience,
  message: Message,
  failures: z.array(FailureReason),
  contentHash: z.string().nullable(),
});
export type CampaignDetail = z.infer<typeof CampaignDetail>;

export const Delivery = z.object({
  id: DeliveryId,
  contactId: ContactId.nullable(),
  recipient: z.string(),
  name: z.string().nullable(),
  state: DeliveryState,
  attempts: Count,
  errorCode: z.string().nullable(),
  reason: z.string().nullable(),
  providerMessageId: z.string().nullable(),
  nextAttemptAt: Instant.nullable(),
  updatedAt: Instant,
});
export type Delivery = z.infer<typeof Delivery>;

const OneCampaign = z.object({ campaignId: CampaignId });

export const campaigns = {
  estimate: query({ input: z.object({ audience: Audience, channel: Channel }), output: AudienceEstimate }),
  /** Renders for real recipients, the worst cases first, and counts who lacks which value over the whole audience. */
  preview: query({
    input: z.object({ audience: Audience, message: Message, limit: z.int().min(1).max(50).default(10) }),
    output: z.object({
      recipients: z.array(RenderedRecipient),
      missing: z.array(z.object({ variable: z.string(), recipients: Count })),
      tooLong: Count,
      /** Who gets the message once those who lack a value or get too long a text are left out. */
      reach: Count,
      problems: z.array(z.object({ message: z.string(), line: z.int(), column: z.int() })),
    }),
  }),
  /**
   * Freezes audience and rendered parameters and queues the batches. Recipients who lack a value
   * without a fallback are refused unless `missing` says to skip them.
   */
  launch: command({
    input: z.object({
      name: z.string().trim().min(1, 'Give the campaign a name.').max(200),
      audience: Audience,
      message: Message,
      priority: JobPrioritySchema.default(1),
      delayMs: z
        .int()
        .nonnegative()
        .max(366 * 86_400_000)
        .optional(),
      startAt: Instant.optional(),
      missing: z.enum(['refuse', 'skip']).default('refuse'),
    }),
    output: z.object({ campaignId: CampaignId, jobId: JobId.nullable(), recipients: Count, skipped: Count }),
  }),
  list: query({
    input: z.object({
      channel: Channel.optional(),
      cursor: Cursor.optional(),
      limit: z.int().min(1).max(200).default(50),
    }),
    output: z.object({ campaigns: z.array(CampaignSummary), nextCursor: Cursor.nullable() }),
  }),
  get: query({ input: OneCampaign, output: CampaignDetail }),
  /** The campaign now and at every change, at most 10 a second. */
  changes: stream({ input: OneCampaign, output: CampaignDetail }),
  deliveries: query({
    input: OneCampaign.extend({
      states: z.array(DeliveryState).optional(),
      errorCode: z.string().optional(),
      start: Count,
      count: z.int().min(1).max(500),
    }),
    output: z.object({ total: Count, deliveries: z.array(Delivery) }),
  }),
  /** Stops claims within a second; what is in flight ends. */
  pause: command({ input: OneCampaign, output: CampaignDetail }),
  resume: command({ input: OneCampaign, output: CampaignDetail }),
  /** What was sent stays sent; the rest becomes `cancelled`. */
  cancel: command({ input: OneCampaign, output: CampaignDetail }),
  /** Puts failed recipients back, all that may be retried or those of one reason. `unknown` is never among them. */
  retryFailed: command({
    input: OneCampaign.extend({ errorCode: z.string().optional() }),
    output: z.object({ retried: Count, campaign: CampaignDetail }),
  }),
  /** The operator looked it up: an `unknown` recipient got the message, or did not. */
  resolveUnknown: command({
    input: OneCampaign.extend({
      deliveryIds: z.array(DeliveryId).min(1).max(1_000),
      as: z.enum(['sent', 'failed']),
    }),
    output: z.object({ resolved: Count, campaign: CampaignDetail }),
  }),
  remove: command({ input: OneCampaign, output: Empty }),
};
