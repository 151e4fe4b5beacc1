import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImportDraft, ImportSummary } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { jobPayloads } from '@shared/domain/jobs';
import { unwrap } from '@shared/errors';
import { testRun } from '../../../e2e/fixtures/campaign-stage';
import { createImportProcessor } from '../processor';
import { findImport } from '../repository';
import { context, openImportStage, profiles, type ImportStage } from '../testing/import-stage';
import { openKilledWorkers } from '../testing/killed-workers';
import { csv, FIRST, mending, phone, type Row } from '../testing/mending';
import { finishContinuing } from './continuing';

const sum = ({ totals }: ImportSummary): number =>
  totals.inserted + totals.updated + totals.skipped + totals.rejected;

describe.each(profiles)('going on that is interrupted on the %s profile', (profile) => {
  let stage: ImportStage;
  const { mend, continued, settings, goOn, get } = mending(() => stage);
  beforeAll(async () => {
    stage = await openImportStage(profile);
  }, 60_000);
  afterAll(() => stage.close());
  beforeEach(async () => {
    await stage.database.deleteFrom('contacts').execute();
  });

  const first = async (): Promise<ImportSummary> => {
    const worker = await stage.startWorker();
    const draft = await stage.open(await stage.write('first.csv', FIRST));
    await stage.start(draft);
    const done = await stage.until(draft.id, 'completed');
    await worker.shutdown();
    return done;
  };
  const mended = async (importId: ImportId): Promise<ImportDraft> =>
    stage.open(
      await mend(importId, ([header = [], ...rows]) => [
        header,
        ...rows.map((row, n): Row => [phone(20 + n), ...row.slice(1)]),
      ]),
    );

  it('is taken up when the console died while the file was read', async () => {
    const { id } = await first();
    await goOn(await mended(id));
    await stage.imports.stop();
    const restarted = stage.restart();
    const worker = await stage.startWorker();
    try {
      await restarted.start();
      await expect.poll(async () => (await get(id)).continued?.rounds, { timeout: 20_000 }).toBe(1);
      expect((await stage.until(id, 'completed')).totals).toEqual({
        ...{ read: 5, expected: 5, staged: 5, excluded: 0, inserted: 5, updated: 0, skipped: 0, rejected: 0 },
      });
    } finally {
      await restarted.stop();
      await worker.shutdown();
    }
  });

  it('is given up by a cancel: the import is as it was, and the file a draft again', async () => {
    const { id, totals } = await first();
    const draft = await mended(id);
    // As after the death of the console that was reading: nobody reads the file now.
    const columns = continued(draft).columns.map(({ header, target }) => ({ header, target }));
    await stage.pool.query(
      `UPDATE imports SET state = 'staging', staged_at = NULL, continues_import_id = $2, mapping = $3 WHERE id = $1`,
      [draft.id, id, JSON.stringify(columns)],
    );
    const { handlers } = stage.imports;
    expect(await get(id)).toMatchObject({ state: 'staging', continuing: true });
    expect(await handlers.undo({ importId: id }, context(stage))).toMatchObject({
      error: { code: 'conflict' },
    });
    const second = await mended(id);
    expect(second.continues).toBeNull();
    expect(unwrap(await handlers.cancel({ importId: id, rollBack: false }, context(stage)))).toMatchObject({
      ...{ state: 'completed', totals, continued: null },
    });
    expect(unwrap(await handlers.draft({ importId: draft.id }, context(stage))).continues).toMatchObject({
      importId: id,
    });
  });

  it('goes on with a cancelled import: what that had not written stays so', async () => {
    const lines = Array.from({ length: 60 }, (_, n) => [n % 3 === 0 ? 'none' : phone(n), `Person ${n}`]);
    const content = csv([['Mobile', 'Name'], ...lines]);
    const { id } = await stage.start(await stage.open(await stage.write('cancelled.csv', content)));
    await stage.until(id, 'queued');
    const { organizationId, userId } = stage.actor;
    const data = jobPayloads['contact-import'].parse({ organizationId, userId, importId: id, rows: 60 });
    const attempt = testRun('contact-import', data);
    const process = createImportProcessor(stage.database, { maxBatchRows: 5 });
    await process({ ...attempt, progress: () => attempt.stop('shutdown') });
    const { handlers } = stage.imports;
    unwrap(await handlers.cancel({ importId: id, rollBack: false }, context(stage)));
    const { inserted } = (await stage.until(id, 'cancelled')).totals;
    expect(inserted).toBeGreaterThan(0);
    expect(inserted).toBeLessThan(40);
    const draft = await mended(id);
    expect(continued(draft)).toMatchObject({ importId: id, rejected: 20 });
    // Some of the phones that the rows are mended to were written before.
    const given = new Set(Array.from({ length: 20 }, (_, n) => phone(20 + n)));
    const doubles = (await stage.contacts()).filter((contact) => given.has(contact.phone)).length;
    const preview = unwrap(await handlers.preview(settings(draft, continued(draft)), context(stage)));
    expect(preview.fates).toMatchObject({ create: 20 - doubles, skip: doubles });
    await goOn(draft);
    const worker = await stage.startWorker();
    try {
      const done = await stage.until(id, 'completed');
      expect(done.totals).toMatchObject({
        ...{ read: inserted + 20, inserted: inserted + 20 - doubles, skipped: doubles },
        ...{ rejected: 0, excluded: 40 - inserted },
      });
      expect(sum(done)).toBe(done.totals.read);
      expect(await stage.contacts()).toHaveLength(done.totals.inserted);
      // The stage's own console was stopped by another test.
      const console2 = stage.restart();
      unwrap(await console2.handlers.undo({ importId: id }, context(stage)));
      await expect.poll(async () => (await get(id)).undo?.finishedAt, { timeout: 20_000 }).toBeTruthy();
      expect((await get(id)).undo).toMatchObject({ removed: done.totals.inserted, kept: 0 });
      expect(await stage.contacts()).toEqual([]);
      await console2.stop();
    } finally {
      await worker.shutdown();
    }
  });

  it('says in words why it does not go on with one that is not read to its end, or has failed', async () => {
    const { id } = await first();
    const draft = await mended(id);
    const given = settings(draft, continued(draft));
    const { handlers } = stage.imports;
    const refusal = async (change: string): Promise<unknown> => {
      await stage.pool.query(`UPDATE imports SET ${change} WHERE id = $1`, [id]);
      const { continues, cannotContinue } = await mended(id);
      expect(continues).toBeNull();
      const started = await handlers.start(given, context(stage));
      if (started.ok) return null;
      // Told beforehand as it is told at the start.
      const { message, action } = started.error;
      expect(cannotContinue).toMatchObject({ importId: id, certain: true, message, action });
      return message;
    };
    expect(await refusal("state = 'cancelled', staged_at = NULL")).toContain('before all rows of its file');
    expect(await refusal("state = 'failed', staged_at = now()")).toContain(
      'has failed with rows that are not written',
    );
    expect(await refusal("state = 'paused'")).toContain('is not completed');
  });

  it('begins anew where the import was gone on with meanwhile, and ends where it was taken back', async () => {
    const { id } = await first();
    const draft = await mended(id);
    await stage.pool.query(`UPDATE imports SET state = 'staging', continues_import_id = $2 WHERE id = $1`, [
      draft.id,
      id,
    ]);
    const record = await findImport(stage.database, stage.actor.organizationId, draft.id);
    if (record === undefined) throw new Error('no draft');
    expect(await finishContinuing(stage.database, record, { rounds: 7, read: 0 })).toEqual({
      ...{ ok: true, value: 'overtaken' },
    });
    await stage.pool.query(`UPDATE imports SET undo_started_at = now() WHERE id = $1`, [id]);
    expect(await finishContinuing(stage.database, record, { rounds: 0, read: 0 })).toMatchObject({
      error: { message: expect.stringContaining('taken back') as string },
    });
    expect(settings(draft, continued(draft)).continueImport).toBe(true);
  });
});

describe('a worker that is killed while it writes mended rows', () => {
  const ROWS = 6_000;
  let stage: ImportStage;
  const { mend, goOn, get } = mending(() => stage);
  beforeAll(async () => {
    stage = await openImportStage('shared');
  }, 60_000);
  afterAll(() => stage.close());

  it('is followed by one that ends with the same rows and totals', async () => {
    const workers = await openKilledWorkers(stage);
    const lines = Array.from({ length: ROWS }, (_, n) => [n % 2 === 0 ? phone(n) : `x${n}`, `Person ${n}`]);
    const draft = await stage.open(await stage.write('many.csv', csv([['Mobile', 'Name'], ...lines])));
    await stage.start(draft);
    await stage.until(draft.id, 'queued');
    const run = (killAfterBatches?: number) => workers.run(draft.id, ROWS, killAfterBatches);
    try {
      expect(await run()).toBe(0);
      expect((await stage.until(draft.id, 'completed')).totals).toMatchObject({
        ...{ read: ROWS, inserted: ROWS / 2, rejected: ROWS / 2 },
      });
      const path = await mend(draft.id, ([header = [], ...rows]) => [
        header,
        ...rows.map(([mobile = null, ...rest], n): Row => {
          if (n % 100 === 0) return [mobile, ...rest];
          return [n % 70 === 0 ? phone(0) : phone(Number(String(mobile).slice(1))), ...rest];
        }),
      ]);
      await goOn(await stage.open(path));
      await stage.until(draft.id, 'queued');
      expect(await run(1)).toBeNull();
      const between = await get(draft.id);
      expect(between.state).toBe('running');
      expect(between.totals.inserted).toBeGreaterThan(ROWS / 2);
      expect(await run(1)).toBeNull();
      expect(await run()).toBe(0);
    } finally {
      await workers.dispose();
    }
    const done = await stage.until(draft.id, 'completed');
    const broken = ROWS / 2 / 100;
    const doubles = Array.from({ length: ROWS / 2 }, (_, n) => n).filter(
      (n) => n % 70 === 0 && n % 100 !== 0,
    ).length;
    expect(done.totals).toMatchObject({
      ...{ read: ROWS, inserted: ROWS - broken - doubles, skipped: doubles, rejected: broken },
    });
    expect(sum(done)).toBe(ROWS);
    expect(await stage.contacts()).toHaveLength(done.totals.inserted);
  }, 120_000);
});
