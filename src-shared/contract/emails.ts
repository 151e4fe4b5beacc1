import { z } from 'zod';
import { command, query } from '../rpc/define';
import { DeliveryId } from '../domain/ids';
import { DeliveryState } from './campaigns';
import { Count, Instant } from './common';
import { FileSource } from './imports';
import { Attachment } from './message';

/** One email of a campaign as it was, or will be, handed over. */
export const FrozenEmail = z.object({
  deliveryId: DeliveryId,
  to: z.string(),
  from: z.string(),
  replyTo: z.string().nullable(),
  subject: z.string(),
  html: z.string(),
  text: z.string(),
  headers: z.record(z.string(), z.string()),
  attachments: z.array(Attachment),
  state: DeliveryState,
  attempts: Count,
  reason: z.string().nullable(),
  providerMessageId: z.string().nullable(),
  /** Null until its turn has come: then members, order and key are frozen. */
  batch: z
    .object({
      key: z.string(),
      state: z.enum(['frozen', 'sending', 'sent', 'failed', 'unknown']),
      emails: Count,
      /** Its place among them, from 1. */
      place: z.int().positive(),
      attempts: Count,
      payloadHash: z.string(),
      /** What is shown here still gives the hash that was frozen: these are the words that were sent. */
      proven: z.boolean(),
      sentAt: Instant.nullable(),
    })
    .nullable(),
});
export type FrozenEmail = z.infer<typeof FrozenEmail>;

export const emails = {
  /** Keeps a file for an email that is being written: at most 30 MB, which become 40 MB on the way. */
  attach: command({ input: z.object({ source: FileSource }), output: Attachment }),
  /** The email of one recipient, with the batch and the key it goes under. */
  get: query({ input: z.object({ deliveryId: DeliveryId }), output: FrozenEmail }),
};
