import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImportOptions, ImportSummary } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { jobPayloads } from '@shared/domain/jobs';
import { unwrap } from '@shared/errors';
import { testRun } from '../../../e2e/fixtures/campaign-stage';
import { createImportProcessor } from '../processor';
import { context, openImportStage, type ImportStage } from '../testing/import-stage';
import { waitingForLock } from '../testing/waiting-for-lock';
import { withImportStage } from '../testing/with-import-stage';

const UPDATE = { updateExisting: true };
const SKIP = { skipDuplicates: true };
const REJECT = { updateExisting: false, skipDuplicates: false };

const undoOf = async (stage: ImportStage, importId: ImportId) => {
  unwrap(await stage.imports.handlers.undo({ importId }, context(stage)));
  const read = async () => unwrap(await stage.imports.handlers.get({ importId }, context(stage))).undo;
  await expect.poll(async () => (await read())?.finishedAt, { timeout: 30_000 }).toBeTruthy();
  return read();
};

describe('a contact that somebody changes while its batch is written', () => {
  let stage: ImportStage;
  withImportStage('shared', (opened) => (stage = opened));
  const [phone, other, fresh] = ['+966510000001', '+966510000002', '+966510000003'] as const;
  beforeEach(async () => {
    await stage.pool.query(
      `INSERT INTO contacts (organization_id, phone, name, tags, custom_fields)
       VALUES ($1, $2, 'Known', '{old}', '{"city": "Riyadh"}')`,
      [stage.actor.organizationId, phone],
    );
  });
  /** Imports the phones while somebody's change of the known contact is not committed yet, and waits for it. */
  const importDuring = async (change: string, options: Partial<ImportOptions>): Promise<ImportSummary> => {
    const somebody = await stage.pool.connect();
    try {
      await somebody.query('BEGIN');
      await somebody.query(change);
      const lines = [phone, fresh].map((number) => `${number},Row,new,Jeddah`);
      const draft = await stage.open(
        await stage.write('during.csv', ['phone,name,tags,city', ...lines].join('\n')),
      );
      await stage.start(draft, options);
      await expect.poll(() => waitingForLock(stage), { timeout: 20_000 }).toBe(1);
      await somebody.query('COMMIT');
      return await stage.until(draft.id, 'completed', 'failed');
    } finally {
      somebody.release();
    }
  };

  it('is updated from what it has become, and is so again when the import is taken back', async () => {
    const change = `UPDATE contacts SET name = 'By hand', tags = '{hand}', custom_fields = '{"own": "1"}',
                           opted_out_at = now() WHERE phone = '${phone}'`;
    const done = await importDuring(change, UPDATE);
    expect(done.totals).toMatchObject({ read: 2, inserted: 1, updated: 1 });
    expect(await stage.contacts()).toMatchObject([
      { phone, name: 'Row', tags: ['hand', 'new'], custom: { own: '1', city: 'Jeddah' }, optedOut: true },
      { phone: fresh },
    ]);
    expect(await undoOf(stage, done.id)).toMatchObject({ removed: 1, restored: 1, kept: 0 });
    expect(await stage.contacts()).toMatchObject([
      { phone, name: 'By hand', tags: ['hand'], custom: { own: '1' }, optedOut: true },
    ]);
  });

  it('makes room for a new one where it gets another phone number', async () => {
    const done = await importDuring(
      `UPDATE contacts SET phone = '${other}' WHERE phone = '${phone}'`,
      UPDATE,
    );
    expect(done.totals).toMatchObject({ read: 2, inserted: 2, updated: 0 });
    expect((await stage.contacts()).map(({ name }) => name)).toEqual(['Row', 'Known', 'Row']);
    expect(await undoOf(stage, done.id)).toMatchObject({ removed: 2, restored: 0, kept: 0 });
    expect((await stage.contacts()).map((contact) => contact.phone)).toEqual([other]);
  });

  it('is made anew where it is deleted', async () => {
    const done = await importDuring(`DELETE FROM contacts WHERE phone = '${phone}'`, UPDATE);
    expect(done.totals).toMatchObject({ read: 2, inserted: 2, updated: 0 });
    expect(await undoOf(stage, done.id)).toMatchObject({ removed: 2, restored: 0, kept: 0 });
    expect(await stage.contacts()).toEqual([]);
  });
});

describe('two imports that share all phones', () => {
  const ROWS = 6_000;
  const BATCH_ROWS = 500;
  let stage: ImportStage;
  beforeAll(async () => {
    stage = await openImportStage('shared');
    await stage.pool.query(
      `INSERT INTO contacts (organization_id, phone, name)
       SELECT $1, '+9665' || (10000000 + n), 'Known' FROM generate_series(0, $2 - 1, 50) AS n`,
      [stage.actor.organizationId, ROWS],
    );
  }, 60_000);
  afterAll(() => stage.close());
  beforeEach(async () => {
    await stage.pool.query(`DELETE FROM contacts WHERE import_id IS NOT NULL`);
    await stage.pool.query(`UPDATE contacts SET name = 'Known'`);
  });

  const staged = async (name: string, order: (row: number) => number, options: Partial<ImportOptions>) => {
    const lines = Array.from({ length: ROWS }, (_, row) => `+9665${10_000_000 + order(row)},${name}`);
    const draft = await stage.open(await stage.write(`${name}.csv`, ['phone,name', ...lines].join('\n')));
    await stage.start(draft, options);
    return (await stage.until(draft.id, 'queued')).id;
  };
  const write = async (importId: ImportId): Promise<ImportSummary['totals']> => {
    const { organizationId, userId } = stage.actor;
    const data = jobPayloads['contact-import'].parse({ organizationId, userId, importId, rows: ROWS });
    const process = createImportProcessor(stage.database, { maxBatchRows: BATCH_ROWS });
    expect(await process(testRun('contact-import', data))).toMatchObject({ type: 'done' });
    return (await stage.until(importId, 'completed')).totals;
  };
  /** The name of each contact with what the rows of both imports have done to it. */
  const stories = async (a: ImportId, b: ImportId): Promise<string[]> => {
    const { rows } = await stage.pool.query<{ story: string }>(
      `SELECT c.name || ': ' || string_agg(
                CASE r.import_id WHEN $1 THEN 'A ' ELSE 'B ' END
                || CASE r.state WHEN 'staged' THEN 'inserted' ELSE r.state END
                || coalesce(' ' || (r.before_image ->> 'name'), ''), ', ' ORDER BY r.import_id <> $1) AS story
         FROM contacts AS c JOIN import_rows AS r ON r.phone = c.phone AND r.import_id IN ($1, $2)
        GROUP BY c.id`,
      [a, b],
    );
    return rows.map(({ story }) => story);
  };
  const sum = (totals: ImportSummary['totals']): number =>
    totals.inserted + totals.updated + totals.skipped + totals.rejected;

  it.each([
    [
      ...['both update', UPDATE, UPDATE],
      [
        ...['A: A updated B, B inserted', 'B: A inserted, B updated A'],
        ...['A: A updated B, B updated Known', 'B: A updated Known, B updated A'],
      ],
    ],
    [
      ...['one updates and one skips', UPDATE, SKIP],
      ['A: A inserted, B skipped', 'A: A updated B, B inserted', 'A: A updated Known, B skipped'],
    ],
    [
      ...['one updates and one rejects', UPDATE, REJECT],
      ['A: A inserted, B rejected', 'A: A updated B, B inserted', 'A: A updated Known, B rejected'],
    ],
    [
      ...['one skips and one rejects', SKIP, REJECT],
      ['A: A inserted, B rejected', 'B: A skipped, B inserted', 'Known: A skipped, B rejected'],
    ],
  ] as const)(
    'write each contact once each, in whatever order they come: %s',
    async (_what, ofA, ofB, possible) => {
      const a = await staged('A', (row) => row, ofA);
      // Every batch has phones of every batch of the other one: they wait for each other, also in a circle.
      const b = await staged('B', (row) => (row * 4_801) % ROWS, ofB);
      const [totalsOfA, totalsOfB] = await Promise.all([write(a), write(b)]);
      expect([sum(totalsOfA), sum(totalsOfB)]).toEqual([ROWS, ROWS]);
      expect(totalsOfA.inserted + totalsOfB.inserted).toBe(ROWS - ROWS / 50);
      const found = await stories(a, b);
      expect(found).toHaveLength(ROWS);
      expect([...new Set(found)].filter((story) => !possible.includes(story as never))).toEqual([]);
    },
    60_000,
  );
});
