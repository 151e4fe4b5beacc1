import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { read, utils } from 'xlsx';
import type { ImportOptions, ImportSummary } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { context, profiles, type ImportStage } from '../testing/import-stage';
import { csv, FIRST, mending, phone } from '../testing/mending';
import { withImportStage } from '../testing/with-import-stage';

describe.each(profiles)('mended rows on the %s profile', (profile) => {
  let stage: ImportStage;
  const { mend, settings, continued, goOn, get } = mending(() => stage);

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
      ...{ read: 5, expected: 5, staged: 5, excluded: 0, inserted: 3, updated: 0, skipped: 0, rejected: 2 },
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
    const draft = await stage.open(path);
    const { handlers } = stage.imports;
    const given = settings(draft, continued(draft));
    // The dry run knows whose doubles the mended rows are.
    const preview = unwrap(await handlers.preview(given, context(stage)));
    expect(preview).toMatchObject({
      ...{ read: 3, valid: 1, duplicates: 2, existing: 0 },
      fates: { create: 1, update: 0, skip: 2, reject: 0 },
      byReason: [{ code: 'duplicate-in-file', rows: 2 }],
    });
    const all = { ...given, filter: { show: 'all' as const }, start: 0, count: 10 };
    const { rows } = unwrap(await handlers.rows(all, context(stage)));
    const [sara] = rows;
    expect(sara).toMatchObject({
      ...{ outcome: 'duplicate', fate: 'skip', twin: { kind: 'contact', name: 'Sara' } },
      reasons: [{ column: 'Mobile', message: 'Row 2 has the same phone number and was imported before.' }],
    });
    const check = async (typed: string, options: Partial<ImportOptions> = {}) =>
      unwrap(
        await handlers.checkRow(
          { ...settings(draft, continued(draft), options), row: 2, cells: { '0': typed } },
          context(stage),
        ),
      );
    expect(await check(phone(3))).toMatchObject({
      ...{
        outcome: 'duplicate',
        fate: 'skip',
        reasons: [{ message: expect.stringContaining('Row 4') as string }],
      },
    });
    expect(await check(phone(9))).toMatchObject({ outcome: 'valid', fate: 'create', reasons: [] });
    const strict = { updateExisting: false, skipDuplicates: false };
    expect(await check(phone(3), strict)).toMatchObject({ outcome: 'duplicate', fate: 'reject' });
    await goOn(draft);
    const done = await stage.until(first.id, 'completed');
    expect(done.totals).toMatchObject({ read: 5, inserted: 2, updated: 1, skipped: 2, rejected: 0 });
    expect((await stage.contacts()).map(({ name }) => name)).toEqual(['Sara', 'Omar', 'Ali']);
    expect((await undo(first.id)).undo).toMatchObject({ removed: 2, restored: 1, kept: 0 });
    expect(await stage.contacts()).toEqual(before);
  });

  it('are taken back by the options that each of them was written with', async () => {
    const known = csv([
      ['Mobile', 'Name', 'City'],
      ...[1, 2, 5].map((n) => [phone(n), `Before ${n}`, 'Old']),
    ]);
    await run('known.csv', known);
    const before = await stage.contacts();
    const first = await run('options per round.csv', FIRST, { updateExisting: true });
    expect(first.totals).toMatchObject({ inserted: 1, updated: 1, rejected: 3 });
    const one = await mend(first.id, ([header = [], lena = []]) => [header, [phone(2), ...lena.slice(1)]]);
    await goOn(await stage.open(one), { updateRules: { name: 'keep' }, tags: ['mended'] });
    expect((await stage.until(first.id, 'completed')).totals).toMatchObject({ updated: 2, rejected: 2 });
    const two = await mend(first.id, ([header = [], huda = []]) => [header, [phone(5), ...huda.slice(1)]]);
    await goOn(await stage.open(two), { updateRules: { 'custom:city': 'fill' }, tags: ['late'] });
    expect((await stage.until(first.id, 'completed')).totals).toMatchObject({ updated: 3, rejected: 1 });
    expect(await stage.contacts()).toMatchObject([
      { name: 'Sara', tags: [], custom: { city: 'Riyadh' } },
      { name: 'Before 2', tags: ['mended'], custom: { city: 'Jeddah' } },
      { name: 'Omar' },
      { name: 'Huda', tags: ['late'], custom: { city: 'Old' } },
    ]);
    expect((await undo(first.id)).undo).toMatchObject({ removed: 1, restored: 3, kept: 0 });
    expect(await stage.contacts()).toEqual(before);
  });

  it('leave alone what an earlier round has done to the contacts of other rows', async () => {
    const known = csv([['Mobile', 'Name', 'City'], ...[2, 3].map((n) => [phone(n), `Before ${n}`, 'Old'])]);
    await run('known.csv', known);
    const before = await stage.contacts();
    const first = await run('earlier round.csv', FIRST, { updateExisting: true });
    expect(first.totals).toMatchObject({ inserted: 1, updated: 1, rejected: 3 });
    // Omar comes after the row that is mended. Somebody has written another name since.
    await stage.pool.query(`UPDATE contacts SET name = 'By hand' WHERE phone = $1`, [phone(3)]);
    const path = await mend(first.id, ([header = [], lena = []]) => [header, [phone(2), ...lena.slice(1)]]);
    await goOn(await stage.open(path), { tags: ['mended'] });
    expect((await stage.until(first.id, 'completed')).totals).toMatchObject({ inserted: 1, updated: 2 });
    expect(await stage.contacts()).toMatchObject([
      { name: 'Sara' },
      { name: 'Lena', tags: ['mended'] },
      { name: 'By hand', tags: [] },
    ]);
    expect((await undo(first.id)).undo).toMatchObject({ removed: 1, restored: 1, kept: 1 });
    expect(await stage.contacts()).toEqual([before[0], { ...before[1], name: 'By hand' }]);
  });

  it('do not opt out again whom an earlier round has, and who was let in since', async () => {
    await run('known.csv', csv([['Mobile'], [phone(3)]]));
    const lines = [
      ['call me', 'no'],
      [phone(3), 'yes'],
    ];
    const first = await run('opt-outs.csv', csv([['Mobile', 'Opt out'], ...lines]), { updateExisting: true });
    expect(await stage.contacts()).toMatchObject([{ optedOut: true }]);
    await stage.pool.query('UPDATE contacts SET opted_out_at = NULL');
    await stage.pool.query('DELETE FROM suppressions');
    const path = await mend(first.id, ([header = [], row = []]) => [header, [phone(2), ...row.slice(1)]]);
    await goOn(await stage.open(path), { updateExisting: true });
    expect((await stage.until(first.id, 'completed')).totals).toMatchObject({ inserted: 1, updated: 1 });
    expect(await stage.contacts()).toMatchObject([{ optedOut: false }, { optedOut: false }]);
    expect((await stage.pool.query('SELECT 1 FROM suppressions')).rows).toEqual([]);
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
    expect(theirs).toMatchObject({ continues: null, cannotContinue: null });
    const draft = await stage.open(path);
    const given = settings(draft, continued(draft));
    await undo(first.id);
    expect(await stage.open(path)).toMatchObject({
      continues: null,
      cannotContinue: { fileName: 'gone.csv', message: expect.stringContaining('was taken back') as string },
    });
    expect(await handlers.start(given, context(stage))).toMatchObject({
      error: { code: 'conflict', message: expect.stringContaining('was taken back') as string },
    });
    expect(await handlers.preview(given, context(stage))).toMatchObject({ error: { code: 'conflict' } });
  });
});
