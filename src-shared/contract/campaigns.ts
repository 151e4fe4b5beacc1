import { z } from 'zod';
import { command, query, stream } from '../rpc/define';
import { CampaignId, ContactId, DeliveryId, DraftId, JobId } from '../domain/ids';
import { DEFAULT_FAILURE_SHARE } from '../domain/campaign-safety';
import { deliveryStateSchema } from '../domain/delivery';
import { JobPrioritySchema } from '../domain/queues';
import { QuietHours } from '../domain/quiet-hours';
import {
  Audience,
  JudgedRecipient,
  PortfolioBudget,
  Preflight,
  RecipientFilter,
  SenderPace,
} from './audiences';
import { Count, Cursor, Download, Empty, Instant, TableFormat } from './common';
import { FilledParameter, Message, MessageProblem } from './message';
import { Channel } from './templates';

export { Message };
export { Audience };

export const AudienceEstimate = z.object({
  matched: Count,
  /** Who would be sent to, each address once. */
  sendable: Count,
  optedOut: Count,
  suppressed: Count,
  /** No phone or no email for this channel. */
  noAddress: Count,
  /** The same address stands before. */
  duplicates: Count,
  /** Not a phone number or an email address. */
  invalid: Count,
  /** Taken out by hand. */
  leftOut: Count,
  /** At the rate that the sender shows, behind what it has to do before. */
  durationSeconds: z.number(),
});
export type AudienceEstimate = z.infer<typeof AudienceEstimate>;

export const RenderedRecipient = z.object({
  /** Null where the address is no contact's. */
  contactId: ContactId.nullable(),
  recipient: z.string(),
  name: z.string().nullable(),
  subject: z.string().nullable(),
  text: z.string(),
  /** Email written as HTML only. */
  html: z.string().nullable(),
  /** Of a template message. */
  parameters: z.array(FilledParameter),
  missing: z.array(z.string()),
  /** Why this one is shown; null for an ordinary one. */
  why: z
    .enum(['value missing', 'not allowed in a template', 'longest', 'empty value', 'emoji', 'right to left'])
    .nullable(),
});

export const DeliveryState = deliveryStateSchema;
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
  /** With the quiet hours of those who are left. */
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

/** Who went first: `held` while an operator has to decide about the others. */
export const Canary = z.object({
  recipients: Count,
  state: z.enum(['running', 'held', 'released']),
});
export type Canary = z.infer<typeof Canary>;

export const CampaignDetail = CampaignSummary.extend({
  canary: Canary.nullable(),
  stopAtFailureShare: z.number().nullable(),
  audience: Audience,
  message: Message,
  quietHours: QuietHours.nullable(),
  /** Who waits because it is quiet where they are, and when the first of them may be written to. */
  quiet: z.object({ waiting: Count, until: Instant.nullable() }).nullable(),
  /** Who is held back by WhatsApp's limit of people within 24 hours, and when it is looked again whether they fit. */
  budget: z.object({ waiting: Count, until: Instant, limit: Count }).nullable(),
  /** It keeps to that limit: what does not fit when it begins waits. */
  keepsLimit: z.boolean(),
  /** It is paused and would be refused again whatever is done: its template is disabled. */
  isStopped: z.boolean(),
  /** Runs of its jobs that their time limit ended, when the last one was, and its limit; each went on by itself. */
  timedOut: z.object({ runs: Count, at: Instant, afterMs: Count }).nullable(),
  failures: z.array(FailureReason),
  contentHash: z.string().nullable(),
  frozenAt: Instant.nullable(),
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

/** One step of what happened to a recipient. */
export const DeliveryStep = z.object({
  at: Instant,
  /** `frozen`, `sending`, a state of the ledger, `retried`, `resolved`, or what the provider reported later. */
  event: z.string(),
  /** Why, or by whom, in plain words. */
  detail: z.string().nullable(),
});
export type DeliveryStep = z.infer<typeof DeliveryStep>;

/** One recipient with everything that is known: the message as frozen and what happened, oldest first. */
export const DeliveryDetail = Delivery.extend({
  subject: z.string().nullable(),
  text: z.string(),
  /** The frozen values of the message's variables. */
  parameters: z.record(z.string(), z.string()),
  timeline: z.array(DeliveryStep),
});
export type DeliveryDetail = z.infer<typeof DeliveryDetail>;

/** What of a frozen campaign is not what it was: the number of recipients, who they are, or what they get. */
export const ProofDifference = z.enum(['message', 'audience', 'recipients', 'people', 'values']);
export type ProofDifference = z.infer<typeof ProofDifference>;

/** Whether what was frozen at launch is still what is stored. */
export const CampaignProof = z.object({
  /** Null where the campaign was launched by an earlier version, whose hash cannot be computed again. */
  verified: z.boolean().nullable(),
  contentHash: z.string().nullable(),
  computedHash: z.string(),
  /** As stored now. */
  recipients: Count,
  /** Null where the campaign was launched before this was kept; so are the differences. */
  frozenRecipients: Count.nullable(),
  differences: z.array(ProofDifference).nullable(),
  frozenAt: Instant.nullable(),
});
export type CampaignProof = z.infer<typeof CampaignProof>;

const OneCampaign = z.object({ campaignId: CampaignId });
/** Both are optional; together they are intersected. */
const SomeDeliveries = OneCampaign.extend({
  states: z.array(DeliveryState).optional(),
  errorCode: z.string().optional(),
  /** Stands in the address or in the contact's name. */
  search: z.string().trim().min(1).max(200).optional(),
});

export const campaigns = {
  estimate: query({
    input: z.object({ audience: Audience, channel: Channel, draftId: DraftId.optional() }),
    output: AudienceEstimate,
  }),
  /**
   * Judges every recipient of the audience (the pre-flight) and renders the message for real ones, the worst cases
   * first. While the message does not compile, `problems` says why, and `preflight` is null.
   */
  preview: query({
    input: z.object({
      audience: Audience,
      message: Message,
      draftId: DraftId.optional(),
      limit: z.int().min(1).max(50).default(10),
    }),
    output: z.object({
      recipients: z.array(RenderedRecipient),
      missing: z.array(z.object({ variable: z.string(), recipients: Count })),
      tooLong: Count,
      /** Who gets the message once those who lack a value or get too long a text are left out. */
      reach: Count,
      problems: z.array(MessageProblem),
      preflight: Preflight.nullable(),
      pace: SenderPace,
      /** Null where no limit is set, or for email. */
      budget: PortfolioBudget.nullable(),
    }),
  }),
  /** The recipients themselves, as the pre-flight judges them. */
  recipients: query({
    input: z.object({
      audience: Audience,
      message: Message,
      draftId: DraftId.optional(),
      filter: RecipientFilter,
      start: Count,
      count: z.int().min(1).max(500),
    }),
    output: z.object({ total: Count, rows: z.array(JudgedRecipient) }),
  }),
  /**
   * Sends the message once to an address of one's own, with the values of a recipient. It goes the way of every
   * message: ledger, queue, pace and gateway; `deliveries` says what became of it.
   */
  test: command({
    input: z.object({
      audience: Audience,
      message: Message,
      draftId: DraftId.optional(),
      to: z.string().trim().min(3).max(320),
      /** Whose values; left out: those of the first recipient. */
      recipient: z.string().max(320).optional(),
    }),
    output: z.object({ campaignId: CampaignId, to: z.string(), valuesOf: z.string().nullable() }),
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
      /** Sends to 1 % first (50 at least) and holds the rest until an operator has looked at how they fared. */
      canary: z.boolean().default(false),
      /** Stops by itself once this share of the last messages has failed; null: never. */
      stopAtFailureShare: z.number().min(0.01).max(1).nullable().default(DEFAULT_FAILURE_SHARE),
      draftId: DraftId.optional(),
      /** What the pre-flight said; nothing is sent where the same question has another answer by now. */
      expected: Preflight.pick({ reach: true, fingerprint: true }).optional(),
      quietHours: QuietHours.nullable().optional(),
      /**
       * Where more people are reached than the portfolio's limit leaves: `send` tries all of them, `fit` those who fit
       * now and the others in campaigns of their own once the 24 hours have passed, `fit-only` leaves the others out.
       */
      overBudget: z.enum(['refuse', 'send', 'fit', 'fit-only']).default('refuse').optional(),
    }),
    output: z.object({
      campaignId: CampaignId,
      jobId: JobId.nullable(),
      recipients: Count,
      skipped: Count,
      /** The parts that follow, see `overBudget`. */
      later: z.array(z.object({ campaignId: CampaignId, recipients: Count, startsAt: Instant })),
    }),
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
  /**
   * Computes the hash of the frozen message, audience, recipients and parameters again from what is stored.
   */
  verify: query({
    input: OneCampaign,
    output: CampaignProof,
  }),
  deliveries: query({
    input: SomeDeliveries.extend({ start: Count, count: z.int().min(1).max(500) }),
    output: z.object({ total: Count, deliveries: z.array(Delivery) }),
  }),
  /** The same as a spreadsheet, with the frozen values and what became of each. */
  exportDeliveries: command({ input: SomeDeliveries.extend({ format: TableFormat }), output: Download }),
  delivery: query({ input: OneCampaign.extend({ deliveryId: DeliveryId }), output: DeliveryDetail }),
  /** Stops claims within a second; what is in flight ends. */
  pause: command({ input: OneCampaign, output: CampaignDetail }),
  resume: command({ input: OneCampaign, output: CampaignDetail }),
  /** Those who wait for WhatsApp's limit of people within 24 hours are written to now all the same. */
  passLimit: command({ input: OneCampaign, output: CampaignDetail }),
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
