import { z } from 'zod';
import { command, query } from '../rpc/define';
import { ContactId, ImportId } from '../domain/ids';
import { Count, Cursor, Empty, Instant } from './common';

export const Contact = z.object({
  id: ContactId,
  phone: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  tags: z.array(z.string()),
  customFields: z.record(z.string(), z.string()),
  optedOutAt: Instant.nullable(),
  importId: ImportId.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Contact = z.infer<typeof Contact>;

export const ContactFilter = z.object({
  /** Matches the beginning of a name's words, a phone or an e-mail. */
  search: z.string().max(200).optional(),
  tags: z.array(z.string()).max(50).optional(),
  importId: ImportId.optional(),
  optedOut: z.boolean().optional(),
});
export type ContactFilter = z.infer<typeof ContactFilter>;

export const ContactEvent = z.object({
  at: Instant,
  what: z.enum(['created', 'updated', 'message', 'opted-out', 'opted-in']),
  title: z.string(),
  detail: z.string().nullable(),
});

export const contacts = {
  list: query({
    input: ContactFilter.extend({ cursor: Cursor.optional(), limit: z.int().min(1).max(500).default(100) }),
    output: z.object({ contacts: z.array(Contact), nextCursor: Cursor.nullable(), total: Count }),
  }),
  get: query({
    input: z.object({ contactId: ContactId }),
    output: z.object({ contact: Contact, history: z.array(ContactEvent) }),
  }),
  /** Every tag in use with its number of contacts, most used first. */
  tags: query({
    input: Empty,
    output: z.object({ tags: z.array(z.object({ tag: z.string(), contacts: Count })) }),
  }),
  /** The custom fields in use, for the composer's completion. */
  fields: query({ input: Empty, output: z.object({ fields: z.array(z.string()) }) }),
  setOptOut: command({
    input: z.object({ contactId: ContactId, optedOut: z.boolean() }),
    output: z.object({ contact: Contact }),
  }),
};
