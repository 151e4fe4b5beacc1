import { z } from 'zod';
import { type ColumnTarget, MAX_CUSTOM_KEY_LENGTH } from './column-mapping';

/**
 * What the value of a row does to a field of a contact that exists: `overwrite` replaces what is there, `add`
 * unites both (tags only), `fill` writes only where nothing is there, `keep` leaves the field as it is.
 */
export const UpdateRule = z.enum(['overwrite', 'add', 'fill', 'keep']);
export type UpdateRule = z.infer<typeof UpdateRule>;

const CUSTOM = 'custom:';

/** `name` (with its first and last part), `email`, `tags` or `custom:<key>`. */
export const UpdatedField = z
  .string()
  .max(CUSTOM.length + MAX_CUSTOM_KEY_LENGTH)
  .regex(/^(?:name|email|tags|custom:.+)$/su, 'is not name, email, tags or custom:<key>');

export const UpdateRules = z.record(UpdatedField, UpdateRule);
export type UpdateRules = z.infer<typeof UpdateRules>;

/** The part of an import's options that says what happens to contacts that exist. */
export interface UpdateOptions {
  readonly updateRules: UpdateRules;
  readonly blanksOverwrite: boolean;
}

/** What an import with these columns does to one field of a contact that exists. */
export interface FieldUpdate {
  /** A key of the rules. */
  readonly field: string;
  readonly rule: UpdateRule;
  /** A blank cell empties the field. */
  readonly blankEmpties: boolean;
}

/**
 * What happens to each field that a column of the file becomes, in the order name, email, tags, custom fields;
 * fields without a column are not in it and stay. A blank cell changes nothing unless blanks overwrite and the
 * field's rule is `overwrite`. An opt-out is only ever added, so it has no rule.
 */
export function fieldUpdates(mapping: readonly ColumnTarget[], options: UpdateOptions): FieldUpdate[] {
  return mappedFields(mapping).map((field) => {
    const rule = ruleOf(options.updateRules, field);
    return { field, rule, blankEmpties: options.blanksOverwrite && rule === 'overwrite' };
  });
}

/** The rule of a field: the one that was chosen, else tags are added and everything else is overwritten. */
export const ruleOf = (rules: UpdateRules, field: string): UpdateRule =>
  (Object.hasOwn(rules, field) ? rules[field] : undefined) ?? (field === 'tags' ? 'add' : 'overwrite');

/** Keys of custom fields that the first and the last part of a name are kept under; they follow the name's rule. */
const NAME_PARTS = { firstName: 'first_name', lastName: 'last_name' } as const;

/** {@link FieldUpdate} by where it is stored: what a statement that writes contacts needs. */
export interface UpdatePlan {
  readonly name: Omit<FieldUpdate, 'field'>;
  readonly email: Omit<FieldUpdate, 'field'>;
  readonly tags: Omit<FieldUpdate, 'field'>;
  /** Keys of custom fields by what happens to them; those in none of these lists are overwritten. */
  readonly custom: {
    readonly fill: readonly string[];
    readonly keep: readonly string[];
    /** Emptied where the row has no value. */
    readonly blankEmpties: readonly string[];
  };
}

export function updatePlan(mapping: readonly ColumnTarget[], options: UpdateOptions): UpdatePlan {
  const updates = new Map(fieldUpdates(mapping, options).map((update) => [update.field, update]));
  const of = (field: string): Omit<FieldUpdate, 'field'> =>
    updates.get(field) ?? { rule: ruleOf(options.updateRules, field), blankEmpties: false };
  const custom = mapping.flatMap((target) => {
    if (target.field === 'custom') return [{ key: target.key, update: of(CUSTOM + target.key) }];
    if (target.field === 'firstName' || target.field === 'lastName')
      return [{ key: NAME_PARTS[target.field], update: of('name') }];
    return [];
  });
  const keysOf = (isWanted: (update: Omit<FieldUpdate, 'field'>) => boolean): string[] =>
    custom.filter(({ update }) => isWanted(update)).map(({ key }) => key);
  return {
    name: of('name'),
    email: of('email'),
    tags: of('tags'),
    custom: {
      fill: keysOf(({ rule }) => rule === 'fill'),
      keep: keysOf(({ rule }) => rule === 'keep'),
      blankEmpties: keysOf(({ blankEmpties }) => blankEmpties),
    },
  };
}

export interface UpdateRuleProblem {
  /** The key of the rule. */
  readonly field: string;
  readonly message: string;
}

/** What keeps these rules from being used with these columns; a rule for a custom field without a column is a slip. */
export function updateRuleProblems(
  mapping: readonly ColumnTarget[],
  { updateRules }: Pick<UpdateOptions, 'updateRules'>,
): UpdateRuleProblem[] {
  const mapped = new Set(mappedFields(mapping));
  return Object.entries(updateRules).flatMap(([field, rule]): UpdateRuleProblem[] => {
    if (field.startsWith(CUSTOM) && !mapped.has(field)) {
      const key = field.slice(CUSTOM.length);
      return [{ field, message: `No column becomes “${key}”, so that it cannot have a rule.` }];
    }
    if (rule === 'add' && field !== 'tags')
      return [{ field, message: 'Only tags can be added to what is there. Choose overwrite, fill or keep.' }];
    return [];
  });
}

function mappedFields(mapping: readonly ColumnTarget[]): string[] {
  const fields = new Set(mapping.map(({ field }) => field));
  const isNamed = fields.has('name') || fields.has('firstName') || fields.has('lastName');
  return [
    ...(isNamed ? ['name'] : []),
    ...(fields.has('email') ? ['email'] : []),
    ...(fields.has('tags') ? ['tags'] : []),
    ...mapping.flatMap((target) => (target.field === 'custom' ? [CUSTOM + target.key] : [])),
  ];
}
