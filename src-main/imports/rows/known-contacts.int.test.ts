import { describe, expect, it } from 'vitest';
import { profiles, type ImportStage } from '../testing/import-stage';
import { withImportStage } from '../testing/with-import-stage';

/** Several batches, whatever the database has shown of its speed. */
const ROWS = 12_000;
const phoneOf = (row: number): string => `+9665${10_000_000 + row}`;
const csv = ['phone,name']
  .concat(Array.from({ length: ROWS }, (_, row) => `${phoneOf(row)},Person ${row}`))
  .join('\n');

/** Batches are first tried as all new; what is found out in the middle of one must not show. */
const places: readonly (readonly [string, readonly number[]])[] = [
  ['nowhere', []],
  ['in the first row', [0]],
  ['in the last row', [ROWS - 1]],
  ['here and there', Array.from({ length: 9 }, (_, n) => 700 + n * 1_200)],
  ['everywhere', Array.from({ length: ROWS }, (_, row) => row)],
];

describe.each(profiles)('known contacts in a file on the %s profile', (profile) => {
  let stage: ImportStage;
  withImportStage(profile, (opened) => (stage = opened));

  const addContacts = (rows: readonly number[]) =>
    stage.pool.query(
      `INSERT INTO contacts (organization_id, phone, name) SELECT $1, unnest($2::text[]), 'Known'`,
      [stage.actor.organizationId, rows.map(phoneOf)],
    );
  const importAll = async (name: string, options: Parameters<ImportStage['start']>[1]) => {
    const draft = await stage.open(await stage.write(name, csv));
    await stage.start(draft, options);
    return (await stage.until(draft.id, 'completed', 'failed')).totals;
  };
  const named = async (name: string): Promise<number> => {
    const { rows } = await stage.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM contacts WHERE organization_id = $1 AND name = $2',
      [stage.actor.organizationId, name],
    );
    return rows[0]?.n ?? 0;
  };

  it.each(places)(
    '%s are each counted once and updated',
    async (_where, known) => {
      await addContacts(known);
      expect(await importAll('updated.csv', { updateExisting: true })).toMatchObject({
        ...{ read: ROWS, inserted: ROWS - known.length, updated: known.length, skipped: 0, rejected: 0 },
      });
      expect(await named('Known')).toBe(0);
    },
    60_000,
  );

  it.each(places)(
    '%s are each counted once and left alone',
    async (_where, known) => {
      await addContacts(known);
      expect(await importAll('skipped.csv', { skipDuplicates: true })).toMatchObject({
        ...{ read: ROWS, inserted: ROWS - known.length, updated: 0, skipped: known.length, rejected: 0 },
      });
      expect(await named('Known')).toBe(known.length);
    },
    60_000,
  );
});
