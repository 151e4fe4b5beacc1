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
  /** Matches the beginning of a name's words, a phone or an email. */
  search: z.string().max(200).optional(),
  tags: z.array(z.string()).max(50).optional(),
  importId: ImportId.optional(),
  optedOut: z.boolean().optional(),
});
export type ContactFilter = z.infer<typeof ContactFilter>;

/** What of a contact is corrected; what is left out stays. */
export const ContactPatch = z.object({
  phone: z.string().trim().min(1, 'A contact needs a phone number.').max(40).optional(),
  name: z.string().trim().max(200).nullable().optional(),
  email: z.string().trim().max(320).nullable().optional(),
  /** Custom fields by their keys; '' takes one away. */
  fields: z.record(z.string().min(1).max(64), z.string().max(2_000)).optional(),
});
export type ContactPatch = z.infer<typeof ContactPatch>;

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
  /** Corrects a contact for good; `before` takes it back. */
  update: command({
    input: ContactPatch.extend({ contactId: ContactId }),
    output: z.object({ contact: Contact, before: ContactPatch }),
  }),
  setOptOut: command({
    input: z.object({ contactId: ContactId, optedOut: z.boolean() }),
    output: z.object({ contact: Contact }),
  }),
};
