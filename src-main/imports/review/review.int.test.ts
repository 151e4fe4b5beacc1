import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as SheetJs from 'xlsx';
import {
  type Correction,
  ImportOptions,
  type ImportDraft,
  type ImportPreview,
  type RowFilter,
  type RowsSoFar,
} from '@shared/contract/imports';
import { unwrap } from '@shared/errors';
import { someCorrections, someOptions, troubledRows } from '../testing/review-arbitraries';
import { context, profiles, type ImportStage } from '../testing/import-stage';
import { withImportStage } from '../testing/with-import-stage';

const FILE = [
  'Phone,Name,Email',
  '+966512345601,Ann,ann@example.com',
  '0512345602,Ben,',
  'nonsense,Cid,',
  '00966512345601,Ann again,',
  '+966512345603,Dee,not an address',
  '+966512345604,Eve,',
].join('\n');

const LARGE_ROWS = 150_000;

describe.each(profiles)('looking through the rows before an import, on the %s profile', (profile) => {
  let stage: ImportStage;
  withImportStage(profile, (opened) => (stage = opened));

  const open = async (content = FILE): Promise<ImportDraft> =>
    stage.open(await stage.write('rows.csv', content));
  const settings = (draft: ImportDraft, options: Partial<ImportOptions> = {}) => ({
    importId: draft.id,
    mapping: draft.columns.map(({ target }) => target),
    options: ImportOptions.parse({ ...draft.options, ...options }),
    continueImport: false,
  });
  const correct = async (draft: ImportDraft, correction: Correction): Promise<number> =>
    unwrap(await stage.imports.handlers.correct({ importId: draft.id, correction }, context(stage))).rows;
  const rowsOf = async (draft: ImportDraft, filter: RowFilter, options: Partial<ImportOptions> = {}) =>
    unwrap(
      await stage.imports.handlers.rows(
        { ...settings(draft, options), filter, start: 0, count: 500 },
        context(stage),
      ),
    ).rows;
  const numbers = async (draft: ImportDraft, filter: RowFilter, options: Partial<ImportOptions> = {}) =>
    (await rowsOf(draft, filter, options)).map(({ row }) => row);
  const addContact = (phone: string, name: string) =>
    stage.database
      .insertInto('contacts')
      .values({ organization_id: stage.actor.organizationId, phone, name })
      .execute();

  it('keeps corrections with the sheet that they were made in', async () => {
    const book = SheetJs.utils.book_new();
    for (const [name, first, second] of [
      ['Spring', 'Ann', 'Ben'],
      ['Autumn', 'Cid', 'Dee'],
    ] as const) {
      const own = name === 'Spring' ? 0 : 10;
      const rows = [
        ['Phone', 'Name'],
        [`+9665123456${10 + own}`, first],
        [`+9665123456${11 + own}`, second],
      ];
      SheetJs.utils.book_append_sheet(book, SheetJs.utils.aoa_to_sheet(rows), name);
    }
    const content = Buffer.from(SheetJs.write(book, { type: 'buffer', bookType: 'xlsx' }) as Uint8Array);
    const spring = await stage.open(await stage.write('seasons.xlsx', content));
    expect(await correct(spring, { kind: 'cell', row: 2, column: 1, value: 'Anna' })).toBe(1);
    const toSheet = async (sheet: string): Promise<ImportDraft> =>
      unwrap(await stage.imports.handlers.inspect({ importId: spring.id, sheet }, context(stage)));
    const names = async (draft: ImportDraft) =>
      (await rowsOf(draft, { show: 'all' })).map(({ name }) => name);

    const autumn = await toSheet('Autumn');
    expect(await names(autumn)).toEqual(['Cid', 'Dee']);
    expect(await correct(autumn, { kind: 'exclude', rows: [[3, 3]] })).toBe(1);
    expect(await numbers(autumn, { show: 'exclude' })).toEqual([3]);
    expect(await names(await toSheet('Spring'))).toEqual(['Anna', 'Ben']);
    expect(await numbers(spring, { show: 'exclude' })).toEqual([]);
    await toSheet('Autumn');
    unwrap(await stage.imports.handlers.undoCorrection({ importId: spring.id }, context(stage)));
    expect(await numbers(autumn, { show: 'exclude' })).toEqual([]);

    await stage.start(await toSheet('Autumn'));
    await stage.until(spring.id, 'completed', 'failed');
    expect((await stage.contacts()).map(({ name }) => name)).toEqual(['Cid', 'Dee']);
  });

  it('says how far it is while a large file is read and judged', async () => {
    const rows = Array.from({ length: LARGE_ROWS }, (_, row) => `+9665${10_000_000 + row},Person ${row}`);
    const draft = await open(['Phone,Name', ...rows].join('\n'));
    const { handlers } = stage.imports;
    const progress = async () =>
      unwrap(await handlers.previewProgress({ importId: draft.id }, context(stage))).progress;
    expect(await progress()).toBeNull();
    const state = { isOver: false };
    const preview = Promise.resolve(handlers.preview(settings(draft), context(stage))).finally(
      () => (state.isOver = true),
    );
    const seen = [];
    while (!state.isOver) {
      seen.push(await progress());
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(unwrap(await preview).read).toBe(LARGE_ROWS);
    for (const step of ['reading', 'judging'] as const) {
      const told = seen.filter((one) => one?.step === step);
      const last = told.at(-1);
      expect(last?.rows).toBeGreaterThan(0);
      // As the bytes of the text suggest, then as they are.
      expect(last?.total).toBeGreaterThan(LARGE_ROWS * (step === 'reading' ? 0.8 : 0.999));
      expect(last?.total).toBeLessThan(LARGE_ROWS * (step === 'reading' ? 1.2 : 1.001));
      const counts = told.map((one) => one?.rows ?? 0);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
    }
    // A share of all rows in each step, so that a percentage can be shown.
    const compared = seen.filter((one) => one?.step === 'comparing');
    expect(compared.length).toBeGreaterThan(0);
    for (const one of compared) {
      expect(one?.total).toBe(LARGE_ROWS);
      expect(one?.rows).toBeLessThanOrEqual(LARGE_ROWS);
    }
    expect(await progress()).toBeNull();
  }, 120_000);

  it('shows and corrects the first rows of a large file while the others are read and judged', async () => {
    const rows = Array.from({ length: 2 * LARGE_ROWS }, (_, row) => `+9665${10_000_000 + row},Person ${row}`);
    rows[3] = 'call me,Person 3';
    const draft = await open(['Phone,Name', ...rows].join('\n'));
    const { handlers } = stage.imports;
    const state = { isOver: false };
    const preview = Promise.resolve(handlers.preview(settings(draft), context(stage))).finally(
      () => (state.isOver = true),
    );
    const soFar = async (start: number, count: number) =>
      unwrap(await handlers.rowsSoFar({ ...settings(draft), start, count }, context(stage)));
    expect(await soFar(0, 10)).toEqual({ total: 0, complete: false, judged: 0, rows: [] });
    const seen: RowsSoFar[] = [];
    let corrected = 0;
    while (!state.isOver) {
      const page = await soFar(2, 2);
      seen.push(page);
      if (page.rows.length > 0 && corrected === 0)
        corrected = await correct(draft, { kind: 'cell', row: 4, column: 1, value: 'Corrected early' });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(corrected).toBe(1);
    const wasReading = seen.filter(({ total, complete }) => total > 0 && !complete);
    const wasJudging = seen.filter(({ complete, judged }) => complete && judged > 0 && judged < rows.length);
    expect(wasReading.length).toBeGreaterThan(0);
    expect(wasJudging.length).toBeGreaterThan(5);
    // Not judged, so nothing is said of it.
    expect(wasReading[0]?.rows).toMatchObject([
      { row: 4, cells: ['+966510000002', 'Person 2'], outcome: null, fate: null, reasons: [] },
      { row: 5, cells: ['call me', 'Person 3'], outcome: null, fate: null, reasons: [] },
    ]);
    expect(wasJudging[0]?.rows).toMatchObject([
      { row: 4, cells: ['+966510000002', 'Corrected early'], corrected: [1], outcome: 'valid', fate: null },
      { row: 5, outcome: 'invalid', fate: 'reject', reasons: [{ code: 'phone-not-a-phone' }] },
    ]);
    const counts = seen.map(({ total }) => total);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    // The whole is exact, with what was corrected on the way; and kept with the draft.
    expect(unwrap(await preview)).toMatchObject({
      ...{ read: rows.length, valid: rows.length - 1, invalid: 1, corrections: 1, corrected: 1 },
      fates: { create: rows.length - 1, reject: 1 },
    });
    const before = await rowsOf(draft, { show: 'corrected' });
    expect(before).toMatchObject([{ row: 4, name: 'Corrected early', fate: 'create' }]);
    await stage.forgetReviews();
    expect(await rowsOf(draft, { show: 'corrected' })).toEqual(before);
  }, 120_000);

  it('goes on judging while anybody waits for it, and stops with the last', async () => {
    const rows = Array.from({ length: LARGE_ROWS }, (_, row) => `+9665${10_000_000 + row},Person ${row}`);
    const draft = await open(['Phone,Name', ...rows].join('\n'));
    const { handlers } = stage.imports;
    const soFar = async () =>
      unwrap(await handlers.rowsSoFar({ ...settings(draft), start: 0, count: 1 }, context(stage)));
    const judgedUntil = async (isSo: (judged: number) => boolean): Promise<number[]> => {
      for (const seen: number[] = []; ; await new Promise((resolve) => setTimeout(resolve, 5))) {
        const { judged } = await soFar();
        seen.push(judged);
        if (isSo(judged)) return seen;
      }
    };
    const page = { filter: { show: 'all' as const }, start: 0, count: 10 };
    const ask = () => {
      const leaving = new AbortController();
      const asked = { actor: stage.actor, signal: leaving.signal };
      return { leaving, rows: handlers.rows({ ...settings(draft), ...page }, asked) };
    };
    const first = ask();
    const second = ask();
    const third = ask();
    const seen = await judgedUntil((judged) => judged > LARGE_ROWS / 10);
    first.leaving.abort();
    expect(await first.rows).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    second.leaving.abort();
    seen.push(...(await judgedUntil((judged) => judged > LARGE_ROWS / 3)));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    third.leaving.abort();
    await judgedUntil((judged) => judged === 0);
    expect(await third.rows).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect((await stage.look(draft)).preview).toMatchObject({ read: LARGE_ROWS, valid: LARGE_ROWS });
  }, 120_000);

  it('says why a file cannot be read to its end, whatever was shown of it before', async () => {
    const rows = Array.from({ length: LARGE_ROWS }, (_, row) => [
      `+9665${10_000_000 + row}`,
      `Person ${row}`,
    ]);
    const book = SheetJs.utils.book_new(SheetJs.utils.aoa_to_sheet([['Phone', 'Name'], ...rows]), 'People');
    const options = { type: 'buffer', bookType: 'xlsx', compression: true, bookSST: false } as const;
    const draft = await stage.open(
      await stage.write('damaged.xlsx', Buffer.from(SheetJs.write(book, options) as Uint8Array)),
    );
    // It was whole when it was opened; what is kept of it is damaged towards the end.
    const kept = join(stage.folder, 'imports', draft.id, 'source');
    const whole = await readFile(kept);
    const damaged = Buffer.from(whole);
    const end = Math.floor(damaged.length * 0.9);
    damaged.fill(0, end - 1_000, end);
    await writeFile(kept, damaged);
    const { handlers } = stage.imports;
    const state = { isOver: false };
    const preview = Promise.resolve(handlers.preview(settings(draft), context(stage))).finally(
      () => (state.isOver = true),
    );
    let shown = 0;
    while (!state.isOver) {
      const page = { ...settings(draft), start: 0, count: 1 };
      const soFar = await handlers.rowsSoFar(page, context(stage));
      // Its thread may just have ended.
      if (soFar.ok) shown = Math.max(shown, soFar.value.total);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await preview).toMatchObject({ ok: false, error: { code: 'file_rejected' } });
    expect(shown).toBeGreaterThan(0);
    expect(await readdir(join(stage.folder, 'imports', draft.id))).toEqual(['source']);
    await writeFile(kept, whole);
    expect((await stage.look(draft)).preview).toMatchObject({ read: LARGE_ROWS, valid: LARGE_ROWS });
  }, 120_000);

  it('lets go of a draft whose rows are being read or judged', async () => {
    const rows = Array.from({ length: LARGE_ROWS }, (_, row) => `+9665${10_000_000 + row},Person ${row}`);
    for (const isReached of [({ total }: RowsSoFar) => total > 0, ({ judged }: RowsSoFar) => judged > 0]) {
      const draft = await open(['Phone,Name', ...rows].join('\n'));
      const { handlers } = stage.imports;
      const preview = Promise.resolve(handlers.preview(settings(draft), context(stage)));
      for (;;) {
        const page = { ...settings(draft), start: 0, count: 1 };
        if (isReached(unwrap(await handlers.rowsSoFar(page, context(stage))))) break;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      unwrap(await handlers.discardDraft({ importId: draft.id }, context(stage)));
      expect(await preview).toMatchObject({ ok: false });
      expect(await readdir(join(stage.folder, 'imports'))).not.toContain(draft.id);
    }
  }, 120_000);

  it('says of each row what would come of it, and lists what is asked for', async () => {
    await addContact('+966512345604', 'Eve of old');
    const draft = await open();
    const { preview } = await stage.look(draft, { updateExisting: true });
    expect(preview).toMatchObject({
      ...{ read: 6, valid: 2, duplicates: 1, invalid: 3, existing: 1, corrections: 0, repaired: 1 },
      fates: { create: 1, update: 1, skip: 1, reject: 3, exclude: 0 },
    });
    const options = { updateExisting: true };
    expect(await numbers(draft, { show: 'all' }, options)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(await numbers(draft, { show: 'reject' }, options)).toEqual([3, 4, 6]);
    expect(await numbers(draft, { show: 'all', reason: 'phone-country-unknown' }, options)).toEqual([3]);
    expect(await numbers(draft, { show: 'all', search: 'ANN' }, options)).toEqual([2, 5]);
    expect(await numbers(draft, { show: 'reject', search: 'dee' }, options)).toEqual([6]);
  });

  it('shows a double beside the row that counts, and a known phone beside its contact', async () => {
    await addContact('+966512345604', 'Eve of old');
    const draft = await open();
    expect(await rowsOf(draft, { show: 'duplicates' })).toMatchObject([
      { row: 5, outcome: 'duplicate', name: 'Ann again', twin: { kind: 'row', row: 2, name: 'Ann' } },
    ]);
    expect(await rowsOf(draft, { show: 'duplicates' }, { duplicateWins: 'last' })).toMatchObject([
      { row: 2, twin: { kind: 'row', row: 5, name: 'Ann again' } },
    ]);
    expect(await rowsOf(draft, { show: 'existing' })).toMatchObject([
      { row: 7, fate: 'skip', twin: { kind: 'contact', name: 'Eve of old' } },
    ]);
  });

  it('judges a row while somebody types, and keeps nothing of it', async () => {
    await addContact('+966512345604', 'Eve of old');
    const draft = await open();
    const check = async (cells: Record<string, string>) =>
      unwrap(await stage.imports.handlers.checkRow({ ...settings(draft), row: 4, cells }, context(stage)));
    expect(await check({ '0': '+96651234' })).toMatchObject({ outcome: 'invalid', fate: 'reject' });
    expect(await check({ '0': '+966512345609' })).toMatchObject({ outcome: 'valid', fate: 'create' });
    expect(await check({ '0': '+966512345604' })).toMatchObject({ outcome: 'valid', fate: 'skip' });
    expect(await check({ '0': '+966512345601' })).toMatchObject({
      outcome: 'duplicate',
      twin: { kind: 'row', row: 2 },
    });
    expect((await stage.look(draft)).preview).toMatchObject({ corrections: 0, corrected: 0 });
  });

  it('imports what was corrected, and leaves out what was excluded', async () => {
    const draft = await open();
    expect(await correct(draft, { kind: 'cell', row: 4, column: 0, value: '+966512345605' })).toBe(1);
    expect(
      await correct(draft, {
        ...{
          kind: 'replace',
          column: 0,
          find: '0512',
          replacement: '+966512',
          whole: false,
          matchCase: false,
        },
      }),
    ).toBe(1);
    expect(await correct(draft, { kind: 'exclude', rows: [[6, 6]] })).toBe(1);
    const { preview, rows } = await stage.look(draft);
    expect(preview).toMatchObject({
      ...{ read: 5, corrections: 3, corrected: 2, lastCorrection: { kind: 'exclude' } },
      fates: { create: 4, skip: 1, reject: 0, exclude: 1 },
    });
    expect(rows.map(({ row, fate, corrected }) => [row, fate, corrected])).toEqual([
      ...[
        [2, 'create', []],
        [3, 'create', [0]],
        [4, 'create', [0]],
      ],
      ...[
        [5, 'skip', []],
        [6, 'exclude', []],
        [7, 'create', []],
      ],
    ]);
    await stage.start(draft);
    const { totals } = await stage.until(draft.id, 'completed', 'failed');
    expect(totals).toMatchObject({ read: 5, inserted: 4, skipped: 1, rejected: 0, excluded: 1 });
    expect((await stage.contacts()).map(({ name }) => name)).toEqual(['Ann', 'Ben', 'Eve', 'Cid']);
  });

  it('takes corrections back one by one, and keeps none that changes nothing', async () => {
    const draft = await open();
    const before = await stage.look(draft);
    await correct(draft, { kind: 'cell', row: 4, column: 0, value: '+966512345605' });
    await correct(draft, {
      ...{ kind: 'replace', column: 1, find: 'ann', replacement: 'Anna', whole: true, matchCase: false },
    });
    expect(await correct(draft, { kind: 'cell', row: 2, column: 1, value: 'Anna' })).toBe(0);
    expect(await correct(draft, { kind: 'cell', row: 99, column: 1, value: 'x' })).toBe(0);
    unwrap(
      await stage.imports.handlers.excludeRows(
        { ...settings(draft), filter: { show: 'reject' }, exclude: true },
        context(stage),
      ),
    );
    const excluded = await stage.look(draft);
    expect(excluded.preview).toMatchObject({ corrections: 3, fates: { reject: 0, exclude: 2 } });
    for (let count = 0; count < 3; count += 1) {
      unwrap(await stage.imports.handlers.undoCorrection({ importId: draft.id }, context(stage)));
    }
    expect(await stage.look(draft)).toEqual(before);
  });

  it('keeps corrections over a restart of the console', async () => {
    const draft = await open();
    await correct(draft, { kind: 'cell', row: 4, column: 0, value: '+966512345605' });
    const preview = async (handlers: ImportStage['imports']['handlers']): Promise<ImportPreview> =>
      unwrap(await handlers.preview(settings(draft), context(stage)));
    const before = await preview(stage.imports.handlers);
    await stage.forgetReviews();
    expect(await preview(stage.restart().handlers)).toEqual(before);
  });

  it('corrects no import that was started', async () => {
    const draft = await open();
    await stage.start(draft);
    const answer = await stage.imports.handlers.correct(
      { importId: draft.id, correction: { kind: 'cell', row: 4, column: 0, value: 'x' } },
      context(stage),
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'conflict' } });
    await stage.until(draft.id, 'completed');
  });

  it(
    'ends as it was shown, whatever the file, the corrections and the options',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          troubledRows(60),
          someCorrections(62, 12),
          someOptions,
          async (rows, corrections, chosen) => {
            await stage.database.deleteFrom('contacts').execute();
            await addContact('+966512345602', 'Known');
            const text = rows.map((cells) => cells.join(',')).join('\n');
            const draft = await open(`Phone,Name,Email\n${text}\n`);
            const mapping = [{ field: 'phone' }, { field: 'name' }, { field: 'email' }] as const;
            for (const each of corrections) await correct(draft, each);
            const { preview } = await stage.look(draft, chosen, [...mapping]);
            await stage.start(draft, chosen, [...mapping]);
            const { totals } = await stage.until(draft.id, 'completed', 'failed');
            const { create, update, skip, reject, exclude } = preview.fates;
            expect(totals).toEqual({
              ...{
                read: preview.read,
                expected: preview.read,
                staged: preview.read,
                inserted: create,
                updated: update,
              },
              ...{ skipped: skip, rejected: reject, excluded: exclude },
            });
          },
        ),
        { numRuns: 8 },
      );
    },
  );
});
