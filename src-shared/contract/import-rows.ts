import { z } from 'zod';
import { correctionSchema } from '../domain/corrections';
import { ContactId } from '../domain/ids';
import { Count } from './common';

export const RowReason = z.object({ column: z.string().nullable(), code: z.string(), message: z.string() });

/** What a row with the same phone number is, in the same file or in the database. */
export const RowTwin = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('row'),
    row: Count,
    name: z.string().nullable(),
    email: z.string().nullable(),
    tags: z.array(z.string()),
    customFields: z.record(z.string(), z.string()),
  }),
  z.object({
    kind: z.literal('contact'),
    id: ContactId,
    name: z.string().nullable(),
    email: z.string().nullable(),
    tags: z.array(z.string()),
    customFields: z.record(z.string(), z.string()),
  }),
]);
export type RowTwin = z.infer<typeof RowTwin>;

/** What the import does with a row. Rows that somebody excluded count nowhere else. */
export const RowFate = z.enum(['create', 'update', 'skip', 'reject', 'exclude']);
export type RowFate = z.infer<typeof RowFate>;

export const PreviewRow = z.object({
  row: Count,
  outcome: z.enum(['valid', 'duplicate', 'invalid', 'blank']),
  fate: RowFate,
  phone: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  tags: z.array(z.string()),
  customFields: z.record(z.string(), z.string()),
  /** The cells as they stand in the sheet, corrections included. */
  cells: z.array(z.string()),
  /** Columns whose cell was corrected. */
  corrected: z.array(Count),
  /** What was repaired ("+ restored"). */
  notes: z.array(z.string()),
  /** Why the row is refused or passed over. */
  reasons: z.array(RowReason),
  /** The row that counts instead of this one, else the contact that has this phone number already. */
  twin: RowTwin.nullable(),
});
export type PreviewRow = z.infer<typeof PreviewRow>;

/** A row of a draft that is still being read and judged: what is not certain yet is null. */
export const RowSoFar = PreviewRow.extend({
  /** Null until it is judged; another row or a contact with the same phone number is looked for after that. */
  outcome: PreviewRow.shape.outcome.nullable(),
  fate: RowFate.nullable(),
});
export type RowSoFar = z.infer<typeof RowSoFar>;

export const RowsSoFar = z.object({
  /** Rows that were read so far, and whether these are all. */
  total: Count,
  complete: z.boolean(),
  /** The first rows of them, which were judged so far. */
  judged: Count,
  rows: z.array(RowSoFar),
});
export type RowsSoFar = z.infer<typeof RowsSoFar>;

export const Correction = correctionSchema;
export type Correction = z.infer<typeof Correction>;

/** The dry run: counted over the whole sheet, exactly as the import would end now. */
export const ImportPreview = z.object({
  /** Rows below the header that are neither blank nor excluded. */
  read: Count,
  valid: Count,
  duplicates: Count,
  invalid: Count,
  /** Valid rows whose phone is in the database already. */
  existing: Count,
  /** create + update + skip + reject = read. */
  fates: z.object({ create: Count, update: Count, skip: Count, reject: Count, exclude: Count }),
  /** Rows in which a phone number was repaired. */
  repaired: Count,
  /** Rows with a corrected cell. */
  corrected: Count,
  byReason: z.array(z.object({ code: z.string(), message: z.string(), rows: Count })),
  /** Custom fields whose cells are dates in numbers: in which order, where the column says so. */
  dates: z.array(
    z.object({
      key: z.string(),
      finding: z.enum(['day-first', 'month-first', 'ambiguous']),
      /** A cell that shows it. */
      example: z.string(),
    }),
  ),
  /** Corrections that can be taken back, and the newest of them. */
  corrections: Count,
  lastCorrection: Correction.nullable(),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

/** How far the rows of a draft are, until they can be looked through. */
export const DraftProgress = z.object({
  /** The file is read, its rows are judged, and looked up among the contacts. */
  step: z.enum(['reading', 'judging', 'comparing']),
  rows: Count,
  /** Null where it is not known; as the bytes read so far suggest where the file does not say it. */
  total: Count.nullable(),
});
export type DraftProgress = z.infer<typeof DraftProgress>;

/** Which rows of a draft are listed. */
export const RowFilter = z.object({
  show: z
    .enum([
      'all',
      'create',
      'update',
      'skip',
      'reject',
      'exclude',
      'duplicates',
      'existing',
      'repaired',
      'corrected',
    ])
    .default('all'),
  /** The code of a reason. */
  reason: z.string().max(100).optional(),
  /** Part of a cell, whatever its case. */
  search: z.string().max(200).optional(),
});
export type RowFilter = z.infer<typeof RowFilter>;

export const RejectedRow = z.object({ row: Count, cells: z.array(z.string()), reasons: z.array(RowReason) });

/** A row whose contact an undo left as it is. */
export const KeptRow = z.object({
  row: Count,
  phone: z.string().nullable(),
  name: z.string().nullable(),
  because: z.enum(['changed', 'imported-again', 'gone']),
});
export type KeptRow = z.infer<typeof KeptRow>;
