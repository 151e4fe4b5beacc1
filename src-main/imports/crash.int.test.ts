import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { OrganizationId, ProfileId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { testRun } from '../../e2e/fixtures/campaign-stage';
import type { RunOutcome } from '../engine/processor';
import { createImportProcessor } from './processor';
import { context, openImportStage, profiles, type ImportStage } from './testing/import-stage';
import { openKilledWorkers } from './testing/killed-workers';

const ROWS = 4_000;

/** A file with new phones, known ones, doubles and faults all over it. */
const csv = (rows: number): string => {
  const lines = Array.from({ length: rows }, (_, n) => {
    if (n % 97 === 0) return `broken,Person ${n},x`;
    if (n % 53 === 0) return `+9665${10_000_000 + n - 1},Double ${n},x`;
    return `+9665${10_000_000 + n},Person ${n},${n % 7}`;
  });
  return ['phone,name,group', ...lines].join('\n');
};

describe.each(profiles)('an import that is interrupted on the %s profile', (profile) => {
  let stage: ImportStage;
  beforeAll(async () => {
    stage = await openImportStage(profile);
  }, 60_000);
  afterAll(() => stage.close());
  beforeEach(async () => {
    await stage.database.deleteFrom('contacts').execute();
    await stage.pool.query(
      `INSERT INTO contacts (organization_id, phone, name)
       SELECT $1, '+9665' || (10000000 + n), 'Known' FROM generate_series(0, ${ROWS}, 10) AS n`,
      [stage.actor.organizationId],
    );
  });

  /** Opens and stages a file; its job is there, but nobody works on it. */
  const staged = async (name: string, rows = ROWS) => {
    const draft = await stage.open(await stage.write(name, csv(rows)));
    await stage.start(draft, { updateExisting: true });
    return stage.until(draft.id, 'queued', 'failed');
  };
  const dataOf = (importId: string) => ({
    organizationId: OrganizationId.parse(stage.actor.organizationId),
    userId: ProfileId.parse(stage.actor.userId),
    importId: importId as never,
    rows: ROWS,
  });
  const fingerprint = async (): Promise<string> =>
    createHash('sha256')
      .update(JSON.stringify(await stage.contacts()))
      .digest('hex');
  const totals = async (importId: never) => (await stage.until(importId, 'completed')).totals;

  it('goes on at the checkpoint: same rows, same totals, wherever it was stopped', async () => {
    const { id } = await staged('whole.csv');
    const process = createImportProcessor(stage.database, { maxBatchRows: 1_000 });
    expect(await process(testRun('contact-import', dataOf(id)))).toMatchObject({
      type: 'done',
      status: 'partial_success',
    });
    const expected = { totals: await totals(id as never), contacts: await fingerprint() };
    expect(expected.totals.updated).toBeGreaterThan(300);

    for (const stopAfter of [0, 1, 3]) {
      await stage.database.deleteFrom('contacts').where('name', '<>', '').execute();
      await stage.pool.query(
        `INSERT INTO contacts (organization_id, phone, name)
         SELECT $1, '+9665' || (10000000 + n), 'Known' FROM generate_series(0, ${ROWS}, 10) AS n`,
        [stage.actor.organizationId],
      );
      const again = await staged(`again-${stopAfter}.csv`);
      const outcomes: RunOutcome['type'][] = [];
      for (let run = 0; run < 20; run += 1) {
        const attempt = testRun('contact-import', dataOf(again.id));
        let batches = 0;
        const outcome = await process({
          ...attempt,
          progress: () => {
            batches += 1;
            if (batches > stopAfter) attempt.stop('shutdown');
          },
        });
        outcomes.push(outcome.type);
        if (outcome.type === 'done') break;
      }
      expect(outcomes.at(-1)).toBe('done');
      expect(await totals(again.id as never)).toEqual(expected.totals);
      expect(await fingerprint()).toBe(expected.contacts);
    }
  }, 120_000);

  it('pauses between two batches, resumes, and stops for good when it is cancelled', async () => {
    const { id } = await staged('pause.csv');
    const { handlers } = stage.imports;
    const process = createImportProcessor(stage.database, { maxBatchRows: 1_000 });
    const attempt = testRun('contact-import', dataOf(id));
    const paused = await process({
      ...attempt,
      progress: () => void handlers.pause({ importId: id }, context(stage)),
    });
    expect(paused).toMatchObject({ type: 'later', why: 'The import is paused.' });
    expect((await stage.until(id, 'paused')).totals.inserted).toBeLessThan(ROWS);
    expect(await handlers.resume({ importId: id }, context(stage))).toMatchObject({
      ok: true,
      value: { state: 'queued' },
    });
    await handlers.cancel({ importId: id, rollBack: false }, context(stage));
    expect(await process(testRun('contact-import', dataOf(id)))).toMatchObject({ type: 'cancelled' });
    expect((await stage.until(id, 'cancelled')).finishedAt).not.toBeNull();
    expect(await handlers.resume({ importId: id }, context(stage))).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
  });

  it('rolls back when it is cancelled so, also where the console died before it could', async () => {
    const before = await fingerprint();
    const process = createImportProcessor(stage.database, { maxBatchRows: 1_000 });
    for (const dies of [false, true]) {
      const { id } = await staged(`roll-back-${dies}.csv`);
      const attempt = testRun('contact-import', dataOf(id));
      await process({ ...attempt, progress: () => attempt.stop('shutdown') });
      const console1 = stage.restart();
      if (dies) await console1.stop(); // What it is told is kept, but it takes nothing back any more.
      const cancelled = await console1.handlers.cancel({ importId: id, rollBack: true }, context(stage));
      expect(cancelled).toMatchObject({ ok: true, value: { state: 'cancelled' } });
      const read = async () => unwrap(await stage.imports.handlers.get({ importId: id }, context(stage)));
      const console2 = stage.restart();
      if (dies) {
        expect((await read()).undo).toMatchObject({ finishedAt: null, removed: 0 });
        await console2.start();
      }
      await expect.poll(async () => (await read()).undo?.finishedAt, { timeout: 20_000 }).not.toBeNull();
      const { totals, undo } = await read();
      expect(totals.inserted).toBeGreaterThan(0);
      expect(totals.updated).toBeGreaterThan(0);
      expect(undo).toMatchObject({ removed: totals.inserted, restored: totals.updated, kept: 0 });
      expect(await fingerprint()).toBe(before);
      await Promise.all([console1.stop(), console2.stop()]);
    }
  }, 60_000);

  it('reads the file anew when the console died while it was being read', async () => {
    const draft = await stage.open(await stage.write('staging.csv', csv(ROWS)));
    await stage.start(draft);
    await stage.imports.stop();
    const worker = await stage.startWorker();
    const restarted = stage.restart();
    try {
      await restarted.start();
      const done = await stage.until(draft.id, 'completed', 'failed');
      expect(done.totals).toMatchObject({ read: ROWS });
      const { inserted, updated, skipped, rejected } = done.totals;
      expect(inserted + updated + skipped + rejected).toBe(ROWS);
    } finally {
      await restarted.stop();
      await worker.shutdown();
    }
  });

  it('reads the file anew when the database has lost some of its rows meanwhile', async () => {
    // What a server does that is lost right after a commit that did not wait for the disk, once.
    await stage.pool.query(`
      CREATE TABLE losses (row_no INTEGER);
      CREATE FUNCTION lose_a_row() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT 1 FROM losses) THEN
          INSERT INTO losses VALUES (5);
          DELETE FROM import_rows WHERE row_no = 5;
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER lose AFTER INSERT ON import_rows FOR EACH STATEMENT EXECUTE FUNCTION lose_a_row()`);
    try {
      const { totals } = await staged('lost.csv');
      expect(totals).toMatchObject({ read: ROWS });
      const { rows } = await stage.pool.query('SELECT row_no FROM losses');
      expect(rows).toEqual([{ row_no: 5 }]);
    } finally {
      await stage.pool.query('DROP TRIGGER lose ON import_rows; DROP FUNCTION lose_a_row; DROP TABLE losses');
    }
  });

  it('reads the file again when the database goes away while something is asked of it', async () => {
    let attempts = 0;
    const spoilt = stage.restart((deps) => ({
      ...deps,
      spreadsheets: {
        ...deps.spreadsheets,
        stage: async (...given) => {
          attempts += 1;
          // What a server that shuts down answers to a query that runs.
          if (attempts === 1) throw Object.assign(new Error('terminating connection'), { code: '57P01' });
          return deps.spreadsheets.stage(...given);
        },
      },
    }));
    const worker = await stage.startWorker();
    try {
      const path = await stage.write('away.csv', 'Phone,Name\n+966512345001,Sara\n');
      const draft = unwrap(await spoilt.handlers.open({ source: { kind: 'path', path } }, context(stage)));
      const mapping = draft.columns.map(({ target }) => target);
      unwrap(
        await spoilt.handlers.start(
          { importId: draft.id, mapping, options: draft.options, continueImport: false },
          context(stage),
        ),
      );
      const done = await stage.until(draft.id, 'completed', 'failed');
      expect(done).toMatchObject({ state: 'completed', totals: { read: 1, inserted: 1 } });
      expect(attempts).toBe(2);
    } finally {
      await worker.shutdown();
      await spoilt.stop();
    }
  });

  it('counts every row once, whatever the file holds', async () => {
    const process = createImportProcessor(stage.database, { maxBatchRows: 1_000 });
    const cell = fc.oneof(
      fc.integer({ min: 0, max: 40 }).map((n) => `+9665${10_000_000 + n}`),
      fc.constantFrom('', 'x', '9.66E+11', '0512345678'),
    );
    const options = fc.record({ updateExisting: fc.boolean(), skipDuplicates: fc.boolean() });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 60 }), options, async (phones, chosen) => {
        round += 1;
        const lines = phones.map((phone, n) => `${phone},Name ${n}`);
        const draft = await stage.open(
          await stage.write(`p${round}.csv`, ['phone,name', ...lines].join('\n')),
        );
        await stage.start(draft, chosen, [{ field: 'phone' }, { field: 'name' }]);
        await stage.until(draft.id, 'queued');
        await process(testRun('contact-import', dataOf(draft.id)));
        const { read, inserted, updated, skipped, rejected } = await totals(draft.id as never);
        expect(read).toBe(phones.length);
        expect(inserted + updated + skipped + rejected).toBe(read);
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});

describe('a worker that is killed', () => {
  let stage: ImportStage;
  beforeAll(async () => {
    stage = await openImportStage('shared');
  }, 60_000);
  afterAll(() => stage.close());

  it('is followed by one that ends with the same rows and totals', async () => {
    const workers = await openKilledWorkers(stage);
    const draft = await stage.open(await stage.write('kill.csv', csv(12_000)));
    await stage.start(draft);
    await stage.until(draft.id, 'queued');
    const run = (killAfterBatches?: number) => workers.run(draft.id, 12_000, killAfterBatches);
    try {
      expect(await run(2)).toBeNull();
      expect((await stage.until(draft.id, 'running')).totals.inserted).toBeGreaterThan(0);
      expect(await run(4)).toBeNull();
      expect(await run()).toBe(0);
    } finally {
      await workers.dispose();
    }
    const { totals } = await stage.until(draft.id, 'completed');
    const faulty = Math.ceil(12_000 / 97);
    expect(totals).toMatchObject({ read: 12_000, rejected: faulty });
    expect(totals.inserted + totals.skipped).toBe(12_000 - faulty);
    expect(await stage.contacts()).toHaveLength(totals.inserted);
    const { rows } = await stage.pool.query<{ state: string; rows: number }>(
      'SELECT state, count(*) AS rows FROM import_rows WHERE import_id = $1 GROUP BY state ORDER BY state',
      [draft.id],
    );
    // A row that stays `staged` up to the checkpoint was inserted.
    expect(rows).toEqual([
      { state: 'rejected', rows: totals.rejected },
      { state: 'skipped', rows: totals.skipped },
      { state: 'staged', rows: totals.inserted },
    ]);
  }, 120_000);
});
