import { sql, type RawBuilder } from 'kysely';
import { updatePlan, type UpdatePlan } from '@shared/domain/update-rules';
import type { ImportRecord } from '../../repository';

/** How an import writes to contacts that exist. */
export interface Updating {
  readonly plan: UpdatePlan;
  /** Given to every contact of the import, whatever the rule for the file's tags. */
  readonly importTags: readonly string[];
}

export const updatingOf = ({ columns, options }: Pick<ImportRecord, 'columns' | 'options'>): Updating => ({
  plan: updatePlan(
    columns.map(({ target }) => target),
    options,
  ),
  importTags: options.tags,
});

/** A contact's fields as expressions. */
export interface ContactValues {
  readonly name: RawBuilder<unknown>;
  readonly email: RawBuilder<unknown>;
  readonly tags: RawBuilder<unknown>;
  readonly customFields: RawBuilder<unknown>;
}

/** A contact's fields once the row `r` of `import_rows` has been written over `before`. */
export function updatedValues({ plan, importTags }: Updating, before: ContactValues): ContactValues {
  return {
    name: updatedText(plan.name, before.name, sql`r.name`),
    email: updatedText(plan.email, before.email, sql`r.email`),
    tags: updatedTags(plan.tags, before.tags, importTags),
    customFields: updatedCustomFields(plan.custom, before.customFields),
  };
}

type Rule = UpdatePlan['name'];

function updatedText({ rule, blankEmpties }: Rule, was: RawBuilder<unknown>, row: RawBuilder<unknown>) {
  if (rule === 'keep') return was;
  if (rule === 'fill') return sql`coalesce(nullif(${was}, ''), ${row}, ${was})`;
  return blankEmpties ? row : sql`coalesce(${row}, ${was})`;
}

function updatedTags({ rule, blankEmpties }: Rule, was: RawBuilder<unknown>, importTags: readonly string[]) {
  const row = sql`r.tags`;
  const unchanged = importTags.length === 0 ? was : united(was, sql`${importTags}::text[]`);
  switch (rule) {
    case 'add':
      return united(was, row);
    case 'keep':
      return unchanged;
    case 'fill':
      return sql`CASE WHEN ${was} = '{}' THEN ${row} ELSE ${unchanged} END`;
    case 'overwrite':
      if (blankEmpties) return row;
      return sql`CASE WHEN r.only_import_tags OR ${row} = '{}' THEN ${unchanged} ELSE ${row} END`;
  }
}

const united = (tags: RawBuilder<unknown>, more: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(${tags} || ARRAY(SELECT tag FROM unnest(${more}) AS tag WHERE tag <> ALL (${tags})))`;

function updatedCustomFields({ fill, keep, blankEmpties }: UpdatePlan['custom'], was: RawBuilder<unknown>) {
  const row = sql`r.custom_fields`;
  const filled = sql`
    (SELECT coalesce(jsonb_object_agg(key, ${row} -> key), '{}') FROM unnest(${fill}::text[]) AS key
      WHERE ${row} ? key AND coalesce(${was} ->> key, '') = '')`;
  const parts = [
    without(was, blankEmpties),
    without(row, [...fill, ...keep]),
    ...(fill.length === 0 ? [] : [filled]),
  ];
  return sql`(${sql.join(parts, sql` || `)})`;
}

const without = (fields: RawBuilder<unknown>, keys: readonly string[]): RawBuilder<unknown> =>
  keys.length === 0 ? fields : sql`(${fields} - ${keys}::text[])`;
