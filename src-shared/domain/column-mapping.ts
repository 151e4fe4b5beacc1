import { z } from 'zod';
import { customFieldKey, normaliseHeader, uniqueKey } from './header-text';
import { stableHash } from './stable-hash';

/** Longest key of a custom field and most custom fields of a contact. */
export const MAX_CUSTOM_KEY_LENGTH = 64;
export const MAX_CUSTOM_FIELDS = 100;

/** Keys that a contact itself offers to templates; a custom field may not hide them. */
export const RESERVED_KEYS = [
  'phone',
  'name',
  'first_name',
  'last_name',
  'email',
  'tags',
  'country',
] as const;
const RESERVED: ReadonlySet<string> = new Set(RESERVED_KEYS);

export const customKeySchema = z
  .string()
  .trim()
  .min(1)
  .max(MAX_CUSTOM_KEY_LENGTH)
  .regex(/^[^{}|\r\n]+$/, 'A field name may hold no braces, no bar and no line break.')
  .refine((key) => key !== '__proto__', 'This field name cannot be used.');

/** What is wrong with the name of an own field, in plain words; `undefined` where nothing is. */
export function customKeyProblem(key: string): string | undefined {
  if (key.trim() === '') return 'Give this field a name.';
  if (RESERVED.has(key.trim()))
    return `“${key.trim()}” is a name of the contact itself. Choose another one for this field.`;
  const parsed = customKeySchema.safeParse(key);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  return issue?.code === 'too_big'
    ? `A field name has at most ${MAX_CUSTOM_KEY_LENGTH} characters.`
    : issue?.message;
}

/** What a column of the file becomes. */
export const columnTargetSchema = z.discriminatedUnion('field', [
  z.object({ field: z.literal('phone') }),
  z.object({ field: z.literal('name') }),
  z.object({ field: z.literal('firstName') }),
  z.object({ field: z.literal('lastName') }),
  z.object({ field: z.literal('email') }),
  z.object({ field: z.literal('tags') }),
  z.object({ field: z.literal('country') }),
  z.object({ field: z.literal('optOut') }),
  z.object({ field: z.literal('custom'), key: customKeySchema }),
  z.object({ field: z.literal('ignore') }),
]);
export type ColumnTarget = z.infer<typeof columnTargetSchema>;
export type ColumnField = ColumnTarget['field'];

/** One target per column of the file, in the file's order. Columns beyond it are ignored. */
export const columnMappingSchema = z.array(columnTargetSchema).max(16_384);
export type ColumnMapping = z.infer<typeof columnMappingSchema>;

/** Fields that only one column may fill. Several columns into `name` are joined, into `tags` united. */
export const SINGLE_COLUMN_FIELDS: ReadonlySet<ColumnField> = new Set([
  'phone',
  'firstName',
  'lastName',
  'email',
  'country',
  'optOut',
]);

export interface MappingProblem {
  readonly code: 'phone-missing' | 'field-twice' | 'key-twice' | 'key-unusable' | 'too-many-custom-fields';
  /** The columns concerned, 0-based; empty where it is none in particular. */
  readonly columns: readonly number[];
  readonly message: string;
}

/** What keeps this mapping from being used; empty where nothing does. */
export function mappingProblems(mapping: readonly ColumnTarget[]): MappingProblem[] {
  const problems: MappingProblem[] = [];
  const byTarget = new Map<string, number[]>();
  mapping.forEach((target, column) => {
    const name = target.field === 'custom' ? `custom:${target.key}` : target.field;
    byTarget.set(name, [...(byTarget.get(name) ?? []), column]);
    const message = target.field === 'custom' ? customKeyProblem(target.key) : undefined;
    if (message !== undefined) problems.push({ code: 'key-unusable', columns: [column], message });
  });
  if (!byTarget.has('phone')) {
    problems.push({
      code: 'phone-missing',
      columns: [],
      message: 'Choose the column that holds the phone number.',
    });
  }
  for (const field of SINGLE_COLUMN_FIELDS) {
    const columns = byTarget.get(field) ?? [];
    if (columns.length < 2) continue;
    problems.push({
      code: 'field-twice',
      columns,
      message: `Only one column can be the ${FIELD_LABELS[field]}.`,
    });
  }
  for (const [name, columns] of byTarget) {
    if (!name.startsWith('custom:') || columns.length < 2) continue;
    const message = `Two columns use the field name “${name.slice('custom:'.length)}”.`;
    problems.push({ code: 'key-twice', columns, message });
  }
  const customFields = mapping.filter((target) => target.field === 'custom').length;
  if (customFields > MAX_CUSTOM_FIELDS) {
    const message = `A contact has at most ${MAX_CUSTOM_FIELDS} custom fields; ${customFields} columns are mapped to one.`;
    problems.push({ code: 'too-many-custom-fields', columns: [], message });
  }
  return problems;
}

export const FIELD_LABELS: Readonly<Record<ColumnField, string>> = {
  phone: 'phone number',
  name: 'name',
  firstName: 'first name',
  lastName: 'last name',
  email: 'email address',
  tags: 'tags',
  country: 'country',
  optOut: 'opt-out mark',
  custom: 'custom field',
  ignore: 'ignored column',
};

/** A key for a new custom field from its header, different from all in `taken` and from the contact's own. */
export function newCustomKey(header: string, taken: ReadonlySet<string>): string {
  return uniqueKey(customFieldKey(header), (key) => taken.has(key) || RESERVED.has(key));
}

/** The same for files with the same columns in the same order, whatever their case, accents and punctuation. */
export function headerFingerprint(headers: readonly string[]): string {
  return stableHash(JSON.stringify(headers.map(normaliseHeader)));
}
