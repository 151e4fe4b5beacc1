import { z } from 'zod';
import { customKeySchema } from '../domain/column-mapping';
import { UpdateRules } from '../domain/update-rules';
import { Count } from './common';

/** Which contact field a column goes into. */
export const ColumnTarget = z.discriminatedUnion('field', [
  z.object({
    field: z.enum(['ignore', 'phone', 'name', 'firstName', 'lastName', 'email', 'tags', 'country', 'optOut']),
  }),
  z.object({ field: z.literal('custom'), key: z.string().min(1).max(64) }),
]);
export type ColumnTarget = z.infer<typeof ColumnTarget>;

export const SuggestedColumn = z.object({
  index: Count,
  header: z.string(),
  samples: z.array(z.string()),
  target: ColumnTarget,
  /** 0 to 1, and why, in plain words. */
  confidence: z.number().min(0).max(1),
  reason: z.string(),
});
export type SuggestedColumn = z.infer<typeof SuggestedColumn>;

export const ImportOptions = z.object({
  updateExisting: z.boolean().default(false),
  skipDuplicates: z.boolean().default(true),
  validatePhone: z.boolean().default(true),
  /** ISO 3166 alpha-2; numbers without a country code are read as numbers of this country. */
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'Two capital letters, for example SA.')
    .nullable()
    .default(null),
  /** Given to every contact of the import. */
  tags: z.array(z.string().trim().min(1).max(64)).max(20).default([]),
  /** Which of the rows with one phone number counts; the others are passed over. */
  duplicateWins: z.enum(['first', 'last']).default('first'),
  /**
   * With `updateExisting`: what a filled cell does to a field of a contact that exists. Left out: `overwrite`.
   * Keys: `name`, `email`, `tags`, `custom:<key>`. For tags, `overwrite` replaces them, `add` (the default for
   * tags) unites them.
   */
  updateRules: UpdateRules.default({}),
  /** With `updateExisting`: a blank cell of a mapped column empties the field, where its rule is `overwrite`. */
  blanksOverwrite: z.boolean().default(false),
  /**
   * How dates in numbers (`03/04/2024`) are written, by the key of the custom field; they become ISO text. `text`
   * leaves them as they are. Where a field is left out, the whole column decides, and stays as it is where it
   * cannot tell.
   */
  dateOrders: z.record(customKeySchema, z.enum(['day-first', 'month-first', 'text'])).default({}),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

/** One target a column, in the order of the sheet's columns. */
export const Mapping = z.array(ColumnTarget).max(1_000);
export type Mapping = z.infer<typeof Mapping>;
