import { z } from 'zod';
import { CampaignId, ImportId, OrganizationId, ProfileId, TemplateId, TemplateRunId } from './ids';
import type { AdsappQueue } from './queues';

/** Who a job belongs to; every payload carries it (seed guide, "Using Queue Manager Programmatically"). */
const owner = { organizationId: OrganizationId, userId: ProfileId };

/**
 * The name that people know the work by: the campaign's, the file's or the template's as it was when the
 * job was added. For display only; other producers and older jobs have none.
 */
const label = z.string().optional().catch(undefined);

/**
 * One batch of a campaign: ids only, so that a job stays small in Redis whatever the campaign's size.
 * The recipients are the ledger's rows with this campaign and batch number.
 */
export const BulkMessageJob = z.object({
  ...owner,
  campaignId: CampaignId,
  /** 0-based; `null` on the parent, which waits for its batches and closes the campaign. */
  batchNo: z.number().int().nonnegative().nullable(),
  recipients: z.number().int().nonnegative(),
  label,
});
export type BulkMessageJob = z.infer<typeof BulkMessageJob>;

/** Writes the staged rows, also while the rest of the file is still being staged. */
export const ContactImportJob = z.object({
  ...owner,
  importId: ImportId,
  /** Null where the file was still being read when the job was added. */
  rows: z.number().int().nonnegative().nullable(),
  label,
});
export type ContactImportJob = z.infer<typeof ContactImportJob>;

/**
 * Renders one saved version of a template: for the contacts that the job names, with the results kept in the
 * job; or for one batch of a run, whose contacts and results are in the database.
 */
export const TemplateJob = z.object({
  ...owner,
  templateId: TemplateId,
  version: z.number().int().positive(),
  contactIds: z.array(z.uuid()).max(1_000),
  run: z
    .object({ runId: TemplateRunId, batchNo: z.number().int().nonnegative(), contacts: z.number().int() })
    .optional(),
  label,
});
export type TemplateJob = z.infer<typeof TemplateJob>;

/** The guide's five email types. */
export const EmailType = z.enum(['welcome', 'password_reset', 'notification', 'campaign', 'system']);
export type EmailType = z.infer<typeof EmailType>;

/** One frozen batch of emails: the ledger's rows with this campaign and batch number. */
export const EmailJob = z.object({
  ...owner,
  type: EmailType,
  campaignId: CampaignId,
  batchNo: z.number().int().nonnegative().nullable(),
  recipients: z.number().int().nonnegative(),
  label,
});
export type EmailJob = z.infer<typeof EmailJob>;

/** The payload schema of each queue: parsed when a job is added and again when a worker takes it. */
export const jobPayloads = {
  'bulk-messages': BulkMessageJob,
  'contact-import': ContactImportJob,
  'template-processing': TemplateJob,
  'email-notification': EmailJob,
} as const satisfies Record<AdsappQueue, z.ZodType>;
export type JobPayload<Q extends AdsappQueue> = z.infer<(typeof jobPayloads)[Q]>;

/** The job names that ADSapp uses, one a queue. */
export const jobNames = {
  'bulk-messages': 'send-bulk-message',
  'contact-import': 'import-contacts',
  'template-processing': 'process-template',
  'email-notification': 'send-email',
} as const satisfies Record<AdsappQueue, string>;
