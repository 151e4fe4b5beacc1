import { describe, expect, it } from 'vitest';
import { profiles, type ImportStage } from '../testing/import-stage';
import { waitingForLock } from '../testing/waiting-for-lock';
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

describe('contacts that somebody adds while their batch is written', () => {
  let stage: ImportStage;
  withImportStage('shared', (opened) => (stage = opened));
  const [known, added, fresh] = ['+966510000001', '+966510000002', '+966510000003'] as const;

  it.each([
    [{ updateExisting: true }, { inserted: 1, updated: 2, skipped: 0, rejected: 0 }, ['Row', 'Row', 'Row']],
    [
      ...[{ skipDuplicates: true }, { inserted: 1, updated: 0, skipped: 2, rejected: 0 }],
      ['Known', 'Added', 'Row'],
    ],
    [
      { skipDuplicates: false, updateExisting: false },
      ...[{ inserted: 1, updated: 0, skipped: 0, rejected: 2 }, ['Known', 'Added', 'Row']],
    ],
  ] as const)('are known ones to it: %o', async (options, totals, names) => {
    const add = `INSERT INTO contacts (organization_id, phone, name) VALUES ($1, $2, $3)`;
    await stage.pool.query(add, [stage.actor.organizationId, known, 'Known']);
    const other = await stage.pool.connect();
    try {
      await other.query('BEGIN');
      await other.query(add, [stage.actor.organizationId, added, 'Added']);
      const lines = [known, added, fresh].map((phone) => `${phone},Row`);
      const draft = await stage.open(await stage.write('meanwhile.csv', ['phone,name', ...lines].join('\n')));
      await stage.start(draft, options);
      // The known one makes it look which others are; the added one is none yet, and is waited for.
      await expect.poll(() => waitingForLock(stage), { timeout: 20_000 }).toBe(1);
      await other.query('COMMIT');
      expect((await stage.until(draft.id, 'completed', 'failed')).totals).toMatchObject(totals);
      expect((await stage.contacts()).map(({ name }) => name)).toEqual(names);
    } finally {
      other.release();
    }
  });
});
