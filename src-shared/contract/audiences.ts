import { z } from 'zod';
import { command, query } from '../rpc/define';
import { ContactId, DraftId, ImportId, ListId } from '../domain/ids';
import { Count, Empty, Instant } from './common';
import { FileSource } from './imports';

const Tags = z.array(z.string().min(1).max(64)).max(50);
const excludeTags = z.array(z.string()).default([]);

/** What contacts have in common; all that is said has to hold. */
export const ContactConditions = z.object({
  tagsAny: Tags.default([]),
  tagsAll: Tags.default([]),
  tagsNone: Tags.default([]),
  fields: z
    .array(
      z.object({
        /** `name`, or the key of a custom field. */
        field: z.string().min(1).max(64),
        is: z.enum(['equals', 'contains', 'empty', 'filled']),
        /** Capital letters do not matter. */
        value: z.string().max(200).default(''),
      }),
    )
    .max(20)
    .default([]),
  createdSince: Instant.nullable().default(null),
  /** Made, updated or confirmed by an import that ended since. */
  importedSince: Instant.nullable().default(null),
  hasEmail: z.boolean().nullable().default(null),
  /** The beginning of the phone number, such as +966; one of them. */
  phonePrefixes: z
    .array(z.string().regex(/^\+[1-9]\d{0,8}$/, 'A country code such as +966.'))
    .max(50)
    .default([]),
  /** No message of any campaign has been sent to them for so many days. */
  notWrittenDays: z.int().min(1).max(3_650).nullable().default(null),
});
export type ContactConditions = z.infer<typeof ContactConditions>;

/** Who receives: everything named is intersected; `excludeTags` is taken away at the end. */
export const Audience = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all'), excludeTags }),
  z.object({ kind: z.literal('tags'), tags: z.array(z.string()).min(1), excludeTags }),
  z.object({ kind: z.literal('search'), search: z.string().min(1).max(200), excludeTags }),
  z.object({ kind: z.literal('import'), importId: ImportId, excludeTags }),
  z.object({ kind: z.literal('filter'), where: ContactConditions, excludeTags }),
  /** A list that was pasted or read from a file; addresses that are no contact's are written to all the same. */
  z.object({ kind: z.literal('list'), listId: ListId, excludeTags }),
  z.object({
    kind: z.literal('contacts'),
    contactIds: z.array(ContactId).min(1).max(100_000),
    excludeTags: z.array(z.string()).optional(),
  }),
]);
export type Audience = z.infer<typeof Audience>;

/** Why somebody who was matched gets nothing, whatever the message says. */
export const DropReason = z.enum([
  /** Not a phone number or an email address. */
  'invalid',
  /** No phone or no email for this channel. */
  'no_address',
  'opted_out',
  'suppressed',
  /** The same address stands before. */
  'duplicate',
  /** Taken out by hand. */
  'left_out',
]);
export type DropReason = z.infer<typeof DropReason>;

/** What keeps a recipient's message from being sent as it is. */
export const RecipientProblem = z.enum([
  'missing_value',
  'too_long',
  /** A value that WhatsApp refuses in a template: line breaks, tabs, more than four spaces in a row (132018). */
  'bad_parameter',
]);
export type RecipientProblem = z.infer<typeof RecipientProblem>;

/** Everybody who was matched, each counted once: `matched = reach + dropped + those with a problem`. */
export const Preflight = z.object({
  matched: Count,
  /** Who gets the message. */
  reach: Count,
  dropped: z.record(DropReason, Count),
  /** Of those who could be written to: who has which problem. One may have several. */
  problems: z.array(
    z.object({ problem: RecipientProblem, variable: z.string().nullable(), recipients: Count }),
  ),
  /** Stands for whom it reaches and with which values: `launch` refuses where it is another by then. */
  fingerprint: z.string(),
  /** Free text over WhatsApp to people of whom no message is known from the last 24 hours: may fail with 131047. */
  outsideWindow: Count,
  /** How many it reaches under each calling code, most first; '' for codes of no country. */
  places: z.array(z.object({ prefix: z.string(), recipients: Count })),
  /** Mended values: recipients with values of their own, and the values for all who lack one. */
  mended: z.object({ recipients: Count, forAll: z.record(z.string(), z.string()) }),
});
export type Preflight = z.infer<typeof Preflight>;

/** How fast the sender is, and what it has to do before. */
export const SenderPace = z.object({
  perSecond: z.number(),
  /** From what it sent in the last 15 minutes; else its limit is taken. */
  measured: z.boolean(),
  /** Recipients of campaigns that are under way. */
  ahead: Count,
});
export type SenderPace = z.infer<typeof SenderPace>;

/** WhatsApp's limit of people who may be written to within 24 hours, for all numbers of a portfolio together. */
export const PortfolioBudget = z.object({
  limit: Count,
  /** Different people outside a service window written to in the last 24 hours, or about to be by campaigns that run. */
  used: Count,
  /** People of this audience who are not among them. */
  needed: Count,
});
export type PortfolioBudget = z.infer<typeof PortfolioBudget>;

/** Which recipients a list shows. */
export const RecipientFilter = z.object({
  show: z.union([z.enum(['problems', 'reached', 'all']), RecipientProblem, DropReason]),
  /** Only with `missing_value` and `bad_parameter`. */
  variable: z.string().optional(),
});
export type RecipientFilter = z.infer<typeof RecipientFilter>;

/** One of the audience as it would be sent to, or why it would not. */
export const JudgedRecipient = z.object({
  contactId: ContactId.nullable(),
  /** The address, or what was written where one should be. */
  recipient: z.string(),
  name: z.string().nullable(),
  drop: DropReason.nullable(),
  problems: z.array(RecipientProblem),
  /** In plain words. */
  why: z.string().nullable(),
  /** The message's variables that have a value. */
  values: z.record(z.string(), z.string()),
  missing: z.array(z.string()),
  bad: z.array(z.string()),
  length: Count,
});
export type JudgedRecipient = z.infer<typeof JudgedRecipient>;

export const RecipientList = z.object({
  id: ListId,
  name: z.string(),
  source: z.enum(['pasted', 'file']),
  entries: Count,
  /** Entries that are neither a phone number nor an email address. */
  invalid: Count,
  /** Entries that are a contact's. */
  known: Count,
  /** What else it offers to variables. */
  fields: z.array(z.string()),
});
export type RecipientList = z.infer<typeof RecipientList>;

/** A file of recipients as it was read: what else could be chosen. Columns are counted from 0. */
export const ListFile = z.object({
  sheets: z.array(z.string()),
  sheet: z.string(),
  columns: z.array(z.object({ header: z.string(), sample: z.string() })),
  phone: Count.nullable(),
  email: Count.nullable(),
});
export type ListFile = z.infer<typeof ListFile>;

/** Text of a pasted list: 100,000 numbers are under 2 MB. */
export const MAX_PASTED = 4_000_000;

const Value = z.string().max(4_096);
const OneDraft = z.object({ draftId: DraftId });

export const audiences = {
  /** Takes a list in: phones or emails, one a line or with commas, semicolons or tabs between them. */
  paste: command({
    input: z.object({
      text: z.string().max(MAX_PASTED, 'Paste at most 4 million characters; more fits into a file.'),
      defaultCountry: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .nullable()
        .default(null),
    }),
    output: RecipientList,
  }),
  /**
   * Reads a spreadsheet with a column of phones or emails; its other columns offer values to variables. Sheet and
   * columns are found where they are left out; the list is null where none was found, and one has to be chosen.
   */
  openFile: command({
    input: z.object({
      source: FileSource,
      defaultCountry: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .nullable()
        .default(null),
      sheet: z.string().max(200).optional(),
      columns: z.object({ phone: Count.nullable(), email: Count.nullable() }).optional(),
    }),
    output: z.object({ list: RecipientList.nullable(), file: ListFile }),
  }),
  list: query({ input: z.object({ listId: ListId }), output: RecipientList }),
  /** Values for one recipient of this draft only; an empty one takes the recipient's own again. */
  mend: command({
    input: OneDraft.extend({
      recipient: z.string().min(1).max(320),
      values: z.record(z.string().min(1).max(200), Value).default({}),
      leaveOut: z.boolean().optional(),
    }),
    output: Empty,
  }),
  /** One value for all who lack one; an empty one takes it back. */
  mendAll: command({
    input: OneDraft.extend({ variable: z.string().min(1).max(200), value: Value }),
    output: Empty,
  }),
};

/** What an audience is judged by besides its message. */
export const AudienceOfDraft = z.object({ audience: Audience, draftId: DraftId.optional() });
