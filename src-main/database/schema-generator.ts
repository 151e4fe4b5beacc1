import type { Queryable } from './pool';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly optional: boolean;
  readonly generated: boolean;
}

const COLUMNS = `
  SELECT table_name AS table, column_name AS column, udt_name AS type, is_nullable = 'YES' AS nullable,
         column_default IS NOT NULL AS optional,
         (is_generated = 'ALWAYS' OR identity_generation = 'ALWAYS') IS TRUE AS generated
    FROM information_schema.columns
   WHERE table_schema = 'public' AND table_name <> 'adsapp_migrations'
   ORDER BY table_name, ordinal_position`;

const CHECKS = `
  SELECT conrelid::regclass::TEXT AS table, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace`;

/** TypeScript types of what a column type reads as, see resultTypes() in pool.ts. */
const PLAIN_TYPES: Readonly<Record<string, string>> = {
  uuid: 'string',
  text: 'string',
  int4: 'number',
  int8: 'number',
  float8: 'number',
  bool: 'boolean',
  date: 'string',
  bytea: 'Buffer',
  _text: 'string[]',
  _uuid: 'string[]',
  _int4: 'number[]',
};

const HEADER = `import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

// Generated from the migrated database by schema.int.test.ts. After a new migration run
// \`npx vitest run -c .config/vitest.config.ts --project integration src-main/database/schema.int.test.ts -u\`.

/** A point in time; ISO text is accepted when writing. */
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type TimestampWithDefault = ColumnType<Date, Date | string | undefined, Date | string>;
type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;

/** Written as JSON text (JSON.stringify), read as parsed JSON that the repository has yet to check. */
type Json = ColumnType<unknown, string, string>;
type JsonWithDefault = ColumnType<unknown, string | undefined, string>;
type NullableJson = ColumnType<unknown, string | null | undefined, string | null>;
`;

/** The text of schema.ts for a migrated database. */
export async function generateSchema(db: Queryable): Promise<string> {
  const columns = (await db.query<Column>(COLUMNS)).rows;
  const unions = readUnions((await db.query<{ table: string; definition: string }>(CHECKS)).rows);
  const tables = groupByTable(columns);
  const aliases = [...unions].map(([key, values]) => `export type ${aliasOf(key)} = ${values.join(' | ')};`);
  const interfaces = [...tables].map(
    ([table, members]) =>
      `export interface ${pascal(table)}Table {\n${members
        .map((column) => `  ${column.column}: ${typeOf(column, unions)};`)
        .join('\n')}\n}`,
  );
  const index = [...tables.keys()].map((table) => `  ${table}: ${pascal(table)}Table;`).join('\n');
  const types = [...tables].map(
    ([table, members]) =>
      `  ${table}: {\n${members
        .filter((column) => !column.generated)
        .map((column) => `    ${column.column}: '${sqlType(column.type)}',`)
        .join('\n')}\n  },`,
  );
  return [
    HEADER,
    aliases.join('\n'),
    interfaces.join('\n\n'),
    `/** Every table of the schema \`public\`. */\nexport interface Schema {\n${index}\n}`,
    `/** The SQL type of every column that can be written. */\nexport const COLUMN_TYPES = {\n${types.join('\n')}\n} as const satisfies Readonly<Record<keyof Schema, Readonly<Record<string, string>>>>;`,
  ].join('\n\n');
}

function groupByTable(columns: readonly Column[]): Map<string, Column[]> {
  const tables = new Map<string, Column[]>();
  for (const column of columns) {
    const members = tables.get(column.table);
    if (members === undefined) tables.set(column.table, [column]);
    else members.push(column);
  }
  return tables;
}

/** `CHECK ((state = ANY (ARRAY['a'::text, 'b'::text])))` gives `table.state` -> `'a' | 'b'`. */
function readUnions(
  checks: readonly { readonly table: string; readonly definition: string }[],
): Map<string, string[]> {
  const found: [string, string[]][] = [];
  for (const { table, definition } of checks) {
    const match = /^CHECK \(\((\w+) = ANY \(ARRAY\[(.+)\]\)\)\)$/.exec(definition);
    const [, column, list] = match ?? [];
    if (column === undefined || list === undefined) continue;
    found.push([`${table}.${column}`, [...list.matchAll(/'[^']*'/g)].map((value) => value[0])]);
  }
  return new Map(found.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function typeOf(column: Column, unions: ReadonlyMap<string, string[]>): string {
  if (column.type === 'timestamptz') return specialType(column, 'Timestamp');
  if (column.type === 'jsonb') return specialType(column, 'Json');
  const key = `${column.table}.${column.column}`;
  const plain = unions.has(key) ? aliasOf(key) : PLAIN_TYPES[column.type];
  if (plain === undefined) throw new Error(`No TypeScript type for ${key} (${column.type}).`);
  const type = column.nullable ? `${plain} | null` : plain;
  if (column.generated) return `GeneratedAlways<${type}>`;
  return column.optional ? `Generated<${type}>` : type;
}

function specialType(column: Column, name: string): string {
  if (column.nullable) return `Nullable${name}`;
  return column.optional ? `${name}WithDefault` : name;
}

const sqlType = (udt: string): string => (udt.startsWith('_') ? `${udt.slice(1)}[]` : udt);

const pascal = (name: string): string =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const aliasOf = (key: string): string => key.split('.').map(pascal).join('');
