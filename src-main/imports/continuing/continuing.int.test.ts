import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { read, utils, write, type WorkBook } from 'xlsx';
import {
  ImportOptions,
  type ContinuedImport,
  type ImportDraft,
  type ImportSummary,
} from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { findImport } from '../repository';
import { bundle } from '../testing/bundle';
import { context, openImportStage, profiles, type ImportStage } from '../testing/import-stage';
import { withImportStage } from '../testing/with-import-stage';
import { finishContinuing } from './continuing';

type Row = (string | number | null)[];
const phone = (n: number): string => `+9665${10_000_000 + n}`;
const csv = (rows: readonly (readonly string[])[]): string => rows.map((row) => row.join(',')).join('\n');

const FIRST = csv([
  ['Mobile', 'Name', 'City'],
  [phone(1), 'Sara', 'Riyadh'],
  ['call me', 'Lena', 'Jeddah'],
  [phone(3), 'Omar', ''],
  ['12', 'Huda', 'Abha'],
  ['none', 'Ali', ''],
]);

const helpers = (stage: () => ImportStage) => {
  const rejects = async (importId: ImportId): Promise<WorkBook> => {
    const { handlers } = stage().imports;
    const { url } = unwrap(await handlers.exportRejected({ importId }, context(stage())));
    return read(readFileSync(stage().files.resolve(url)?.path ?? ''));
  };
  /** The rejected rows of an import after somebody has edited and saved them, under any name. */
  const mend = async (importId: ImportId, edit: (rows: Row[]) => Row[]): Promise<string> => {
    const book = await rejects(importId);
    const [name = ''] = book.SheetNames;
    const rows = utils.sheet_to_json<Row>(book.Sheets[name] ?? {}, { header: 1, defval: null });
    book.Sheets[name] = utils.aoa_to_sheet(edit(rows));
    const content = write(book, { type: 'buffer', bookType: 'xlsx' }) as Uint8Array;
    return stage().write('mended by hand.xlsx', Buffer.from(content));
  };
  const settings = (
    draft: ImportDraft,
    continues: ContinuedImport,
    options: Partial<ImportOptions> = {},
  ) => ({
    importId: draft.id,
    mapping: continues.columns.map(({ target }) => target),
    options: ImportOptions.parse({ ...continues.options, ...options }),
    continueImport: true,
  });
  const continued = (draft: ImportDraft): ContinuedImport => {
    if (draft.continues === null) throw new Error('The file goes on with no import.');
    return draft.continues;
  };
  const goOn = async (draft: ImportDraft, options: Partial<ImportOptions> = {}): Promise<ImportSummary> =>
    unwrap(
      await stage().imports.handlers.start(settings(draft, continued(draft), options), context(stage())),
    );
  const get = async (importId: ImportId): Promise<ImportSummary> =>
    unwrap(await stage().imports.handlers.get({ importId }, context(stage())));
  return { rejects, mend, settings, continued, goOn, get };
};

const sum = ({ totals }: ImportSummary): number =>
  totals.inserted + totals.updated + totals.skipped + totals.rejected;

describe.each(profiles)('mended rows on the %s profile', (profile) => {
  let stage: ImportStage;
  const { mend, settings, continued, goOn, get } = helpers(() => stage);

  withImportStage(profile, (opened) => (stage = opened));

  const run = async (name: string, content: string, options = {}): Promise<ImportSummary> => {
    const draft = await stage.open(await stage.write(name, content));
    const started = await stage.start(draft, options);
    return stage.until(started.id, 'completed', 'failed');
  };
  const undo = async (importId: ImportId): Promise<ImportSummary> => {
    unwrap(await stage.imports.handlers.undo({ importId }, context(stage)));
    await expect.poll(async () => (await get(importId)).undo?.finishedAt, { timeout: 20_000 }).toBeTruthy();
    return get(importId);
  };

  it('go on with the import that refused them', async () => {
    const first = await run('Customers.csv', FIRST, { tags: ['shop'] });
    expect(first.totals).toMatchObject({ read: 5, inserted: 2, rejected: 3 });
    expect(first.continued).toBeNull();

    const path = await mend(first.id, ([header = [], lena = [], huda = [], ali = []]) => [
      header,
      [phone(2), ...lena.slice(1)],
      ['13', 'Huda A.', ...huda.slice(2)],
      // Ali's line is deleted, one is copied, one is added, one tells of a row that is no longer rejected.
      [phone(2), 'Lena again', ...lena.slice(2)],
      [phone(7), 'Nura', 'Taif', null, null],
      [phone(8), 'Sara again', '', 2, ali[4] ?? null],
    ]);
    const draft = await stage.open(path);
    expect(draft.continues).toMatchObject({
      importId: first.id,
      fileName: 'Customers.csv',
      rejected: 3,
      certain: true,
      options: { tags: ['shop'] },
    });
    expect(continued(draft).columns.map(({ target }) => target.field)).toEqual([
      ...['phone', 'name', 'custom'],
      ...['ignore', 'ignore'],
    ]);
    const preview = unwrap(
      await stage.imports.handlers.preview(settings(draft, continued(draft)), context(stage)),
    );
    expect(preview).toMatchObject({ read: 5, valid: 2, duplicates: 1, invalid: 2 });
    const { rows } = unwrap(
      await stage.imports.handlers.rows(
        { ...settings(draft, continued(draft)), filter: { show: 'reject' }, start: 0, count: 10 },
        context(stage),
      ),
    );
    expect(rows.find(({ row }) => row === 6)?.reasons).toMatchObject([
      { code: 'not-waiting', message: expect.stringContaining('Row 2 of the original file') as string },
    ]);

    const started = await goOn(draft);
    expect(started).toMatchObject({ id: first.id, state: 'staging', continuing: true });
    const done = await stage.until(first.id, 'completed', 'failed');
    expect(done).toMatchObject({
      fileName: 'Customers.csv',
      continuing: false,
      continued: { rounds: 1 },
      totals: { read: 7, inserted: 4, updated: 0, skipped: 1, rejected: 2 },
    });
    expect(await stage.contacts()).toMatchObject([
      { phone: phone(1), name: 'Sara' },
      { phone: phone(2), name: 'Lena', tags: ['shop'], custom: { city: 'Jeddah' } },
      { phone: phone(3), name: 'Omar' },
      { phone: phone(7), name: 'Nura', tags: ['shop'], custom: { city: 'Taif' } },
    ]);
    const rejected = unwrap(
      await stage.imports.handlers.rejected({ importId: first.id, start: 0, count: 10 }, context(stage)),
    );
    expect(rejected.headers).toEqual(['Mobile', 'Name', 'City']);
    expect(rejected.rows).toMatchObject([
      { row: 5, cells: ['13', 'Huda A.', 'Abha'] },
      { row: 6, cells: ['none', 'Ali', ''] },
    ]);
    const { imports } = unwrap(await stage.imports.handlers.list({ limit: 10 }, context(stage)));
    expect(imports[0]?.id).toBe(first.id);
    expect(imports.some(({ id }) => id === draft.id)).toBe(false);
    expect(await stage.imports.handlers.draft({ importId: draft.id }, context(stage))).toMatchObject({
      error: { code: 'not_found' },
    });

    expect((await undo(first.id)).undo).toMatchObject({ removed: 4, restored: 0, kept: 0 });
    expect(await stage.contacts()).toEqual([]);
  });

  it('go round after round, each row once', async () => {
    const first = await run('rounds.csv', FIRST);
    const one = await mend(first.id, ([header = [], lena = []]) => [header, [phone(2), ...lena.slice(1)]]);
    await goOn(await stage.open(one));
    await stage.until(first.id, 'completed');
    // The very same file once more: its row is not rejected any more.
    const again = await stage.open(one);
    const preview = unwrap(
      await stage.imports.handlers.preview(settings(again, continued(again)), context(stage)),
    );
    expect(preview).toMatchObject({ valid: 0, invalid: 1 });
    await goOn(again);
    expect((await stage.until(first.id, 'completed')).totals).toEqual({
      ...{ read: 5, staged: 5, excluded: 0, inserted: 3, updated: 0, skipped: 0, rejected: 2 },
    });
    // The rows that are left have moved to another order of columns, and one is new.
    const two = await mend(first.id, ([header = [], huda = [], ali = []]) =>
      [
        [...header, 'E-mail'],
        [phone(5), ...huda.slice(1), 'huda@example.com'],
        ['still none', ...ali.slice(1), 'ali@example.com'],
      ].map(([mobile = null, name = null, city = null, ...rest]) => [name, ...rest, city, mobile]),
    );
    const draft = await stage.open(two);
    const offered = continued(draft);
    expect(offered.columns.find(({ header }) => header === 'E-mail')?.target.field).toBe('ignore');
    const columns = offered.columns.map((column) =>
      column.header === 'E-mail' ? { ...column, target: { field: 'email' as const } } : column,
    );
    unwrap(await stage.imports.handlers.start(settings(draft, { ...offered, columns }), context(stage)));
    const done = await stage.until(first.id, 'completed');
    expect(done).toMatchObject({ continued: { rounds: 3 }, totals: { read: 5, inserted: 4, rejected: 1 } });
    expect((await stage.contacts()).at(-1)).toMatchObject({
      ...{ phone: phone(5), name: 'Huda', email: 'huda@example.com', custom: { city: 'Abha' } },
    });
    const rejected = unwrap(
      await stage.imports.handlers.rejected({ importId: first.id, start: 0, count: 10 }, context(stage)),
    );
    expect(rejected).toMatchObject({
      headers: ['Mobile', 'Name', 'City', 'E-mail'],
      rows: [{ row: 6, cells: ['still none', 'Ali', '', 'ali@example.com'] }],
    });
  });

  it('take the options that they are started with', async () => {
    const first = await run('options.csv', csv([['Mobile'], ['0512345678'], ['0512345679']]));
    expect(first.totals).toMatchObject({ read: 2, rejected: 2 });
    const draft = await stage.open(await mend(first.id, (rows) => rows));
    await goOn(draft, { defaultCountry: 'SA' });
    expect(await stage.until(first.id, 'completed')).toMatchObject({
      options: { defaultCountry: 'SA' },
      totals: { read: 2, inserted: 2, rejected: 0 },
    });
  });

  it('do not touch a contact that the import has written already, so that it can be taken back', async () => {
    await run(
      'before.csv',
      csv([
        ['Mobile', 'Name', 'City'],
        [phone(1), 'Before', ''],
      ]),
    );
    const before = await stage.contacts();
    const options = { updateExisting: true };
    const first = await run('doubles.csv', FIRST, options);
    expect(first.totals).toMatchObject({ inserted: 1, updated: 1, rejected: 3 });
    const path = await mend(first.id, ([header = [], lena = [], huda = [], ali = []]) => [
      header,
      [phone(1), ...lena.slice(1)],
      [phone(3), ...huda.slice(1)],
      [phone(6), ...ali.slice(1)],
    ]);
    await goOn(await stage.open(path));
    const done = await stage.until(first.id, 'completed');
    expect(done.totals).toMatchObject({ read: 5, inserted: 2, updated: 1, skipped: 2, rejected: 0 });
    expect((await stage.contacts()).map(({ name }) => name)).toEqual(['Sara', 'Omar', 'Ali']);
    expect((await undo(first.id)).undo).toMatchObject({ removed: 2, restored: 1, kept: 0 });
    expect(await stage.contacts()).toEqual(before);
  });

  it('are taken back also where another import came between the rounds', async () => {
    const first = await run('one.csv', FIRST);
    await run(
      'two.csv',
      csv([
        ['Mobile', 'Name', 'City'],
        [phone(2), 'Lena of two', ''],
      ]),
    );
    await run(
      'three.csv',
      csv([
        ['Mobile', 'Name', 'City'],
        [phone(2), 'Lena of three', ''],
      ]),
      {
        updateExisting: true,
      },
    );
    const between = await stage.contacts();
    const path = await mend(first.id, ([header = [], lena = []]) => [header, [phone(2), ...lena.slice(1)]]);
    await goOn(await stage.open(path), { updateExisting: true });
    expect((await stage.until(first.id, 'completed')).totals).toMatchObject({ inserted: 2, updated: 1 });
    expect((await undo(first.id)).undo).toMatchObject({ removed: 2, restored: 1, kept: 0 });
    expect(await stage.contacts()).toEqual(between.filter(({ phone: number }) => number === phone(2)));
  });

  it('are offered, but not by default, where a .csv has lost the hidden sheet', async () => {
    const first = await run('lost.csv', FIRST);
    const path = await mend(first.id, (rows) => rows);
    const book = read(readFileSync(path));
    const text = utils.sheet_to_csv(book.Sheets[book.SheetNames[0] ?? ''] ?? {});
    const draft = await stage.open(await stage.write('saved.csv', text.replace('call me', phone(2))));
    expect(draft.continues).toMatchObject({ importId: first.id, certain: false });
    await goOn(draft);
    expect((await stage.until(first.id, 'completed')).totals).toMatchObject({ inserted: 3, rejected: 2 });
    const other = await stage.open(await stage.write('other.csv', `Extra,${text.replaceAll('\n', '\n,')}`));
    expect(other.continues).toBeNull();
    // As a new one, the file is an import of its own.
    const anew = await stage.open(path);
    const mapping = anew.continues?.columns.map(({ target }) => target);
    const fresh = await stage.start(anew, {}, mapping);
    expect(fresh).toMatchObject({ id: anew.id, continued: null });
    await stage.until(fresh.id, 'completed');
  });

  it('go on with nothing that was taken back, is under way or belongs to others', async () => {
    const first = await run('gone.csv', FIRST);
    const path = await mend(first.id, (rows) => rows);
    const stranger = { ...context(stage), actor: { ...stage.actor, organizationId: crypto.randomUUID() } };
    await stage.pool.query('INSERT INTO organizations (id, name) VALUES ($1, $2)', [
      stranger.actor.organizationId,
      'Others',
    ]);
    const { handlers } = stage.imports;
    const theirs = unwrap(await handlers.open({ source: { kind: 'path', path } }, stranger));
    expect(theirs.continues).toBeNull();
    const draft = await stage.open(path);
    const given = settings(draft, continued(draft));
    await undo(first.id);
    expect((await stage.open(path)).continues).toBeNull();
    expect(await handlers.start(given, context(stage))).toMatchObject({
      error: { code: 'conflict', message: expect.stringContaining('goes on with no import') as string },
    });
    expect(await handlers.preview(given, context(stage))).toMatchObject({ error: { code: 'conflict' } });
  });
});

describe.each(profiles)('going on that is interrupted on the %s profile', (profile) => {
  let stage: ImportStage;
  const { mend, continued, settings, goOn, get } = helpers(() => stage);
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
        ...{ read: 5, staged: 5, excluded: 0, inserted: 5, updated: 0, skipped: 0, rejected: 0 },
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
  const { mend, goOn, get } = helpers(() => stage);
  beforeAll(async () => {
    stage = await openImportStage('shared');
  }, 60_000);
  afterAll(() => stage.close());

  it('is followed by one that ends with the same rows and totals', async () => {
    const child = await bundle('src-main/imports/testing/worker-child.ts');
    const lines = Array.from({ length: ROWS }, (_, n) => [n % 2 === 0 ? phone(n) : `x${n}`, `Person ${n}`]);
    const draft = await stage.open(await stage.write('many.csv', csv([['Mobile', 'Name'], ...lines])));
    await stage.start(draft);
    await stage.until(draft.id, 'queued');
    const run = (killAfterBatches: number): Promise<number | null> =>
      new Promise((resolve) => {
        const { organizationId, userId } = stage.actor;
        const data = JSON.stringify({ organizationId, userId, importId: draft.id, rows: ROWS });
        const worker = spawn(process.execPath, [child.path, stage.databaseUrl ?? '', data]);
        let batches = 0;
        worker.stdout.on('data', (chunk: Buffer) => {
          batches += chunk.toString().split('\n').length - 1;
          if (batches >= killAfterBatches) worker.kill('SIGKILL');
        });
        worker.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
        worker.on('exit', resolve);
      });
    try {
      expect(await run(Number.POSITIVE_INFINITY)).toBe(0);
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
      expect(await run(Number.POSITIVE_INFINITY)).toBe(0);
    } finally {
      await child.dispose();
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
