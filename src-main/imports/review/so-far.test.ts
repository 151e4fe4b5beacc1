import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Correction,
  ImportOptions,
  type ImportPreview,
  type PreviewRow,
} from '@shared/contract/imports';
import { ImportId } from '@shared/domain/ids';
import { someCorrections, someOptions } from '../testing/review-arbitraries';
import type { ReviewSettings, ReviewTask } from './contract';
import { Review } from './review';

const HEADERS = ['Phone', 'Name', 'Born'];
const settingsOf = (options: Partial<ImportOptions>): ReviewSettings => ({
  mapping: [{ field: 'phone' }, { field: 'name' }, { field: 'custom', key: 'born' }],
  options: ImportOptions.parse(options),
  continues: null,
});
const { signal } = new AbortController();
const CONTINUED = ImportId.parse('00000000-0000-4000-8000-000000000001');

/** A cell of a column that is not imported: a row with one is more than what is judged at once. */
const LONG = 'x'.repeat(140_000);

const rowsWithDates = fc.array(
  fc.tuple(
    fc.constantFrom('', '+966512345601', '+966512345602', '0512345603', 'x'),
    fc.constantFrom('', 'Ann'),
    fc.constantFrom('', '03/04/1990', '13/04/1991', '04/13/1991', 'n/a'),
  ),
  { minLength: 4, maxLength: 12 },
);
const aDate = fc.constantFrom('', '03/04/1990', '13/04/1991', 'n/a');
const someCorrectionsOfDates = fc
  .tuple(someCorrections(14, 5), fc.array(aDate, { maxLength: 5 }))
  .map(([corrections, dates]) =>
    corrections.map((correction, index): Correction => {
      const value = dates[index];
      return correction.kind === 'cell' && value !== undefined
        ? { ...correction, column: 2, value }
        : correction;
    }),
  );

describe('rows that are shown and corrected while they are read and judged', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adsapp-so-far-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const opened: Review[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((review) => review.close()));
  });
  const lineOf = (cells: readonly string[], index: number): string =>
    `${JSON.stringify([index + 1, ...cells])}\n`;
  const start = async (task: Pick<ReviewTask, 'spool' | 'written' | 'corrections'>): Promise<Review> => {
    const judged = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
    const review = await Review.open({ headerRow: 1, headers: HEADERS, judged, ...task });
    opened.push(review);
    return review;
  };
  const open = async (rows: readonly (readonly string[])[], corrections: Correction[] = []) => {
    const spool = join(folder, 'rows.jsonl');
    await writeFile(spool, [HEADERS, ...rows.map((cells) => [...cells, LONG])].map(lineOf).join(''));
    return start({ spool, corrections });
  };
  const look = async (
    review: Review,
    settings: ReviewSettings,
  ): Promise<{ preview: ImportPreview; rows: PreviewRow[] }> => {
    if (!review.isJudged(settings)) await review.judge(settings, null, signal);
    for (let phones = review.unknownPhones(2); phones.length > 0; phones = review.unknownPhones(2))
      review.tellKnown(phones.filter((phone) => phone === '+966512345602'));
    const { rows } = await review.page({ show: 'all' }, 0, 500);
    return { preview: await review.preview(), rows };
  };

  it('come to the same, wherever in the judging they are corrected, as if they had been before', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsWithDates,
        someCorrectionsOfDates,
        fc.array(fc.nat({ max: 6 }), { minLength: 5, maxLength: 5 }),
        someOptions,
        async (rows, corrections, pauses, chosen) => {
          const settings = settingsOf(chosen);
          const review = await open(rows);
          const kept: Correction[] = [];
          const later: Correction[] = [];
          let pause = 0;
          const left = corrections.map((correction, index) => ({ correction, at: pauses[index] ?? 0 }));
          const makeSoFar = async (): Promise<void> => {
            for (const { correction } of left.filter(({ at }) => at === pause)) {
              const changed = await review.correctSoFar(correction);
              if (changed === undefined) later.push(correction);
              else if (changed > 0) kept.push(correction);
            }
            pause += 1;
          };
          await makeSoFar();
          await review.judge(settings, null, signal, makeSoFar);
          expect(review.isJudged(settings)).toBe(true);
          later.push(...left.filter(({ at }) => at >= pause).map(({ correction }) => correction));
          for (const correction of later) if ((await review.correct(correction)) > 0) kept.push(correction);
          expect(await look(review, settings)).toEqual(await look(await open(rows, kept), settings));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are told as they are: not judged, refused, or without a fault of their own so far', async () => {
    const rows = [
      ['+966512345601', 'Ann', ''],
      ['x', 'Ben', ''],
      ['', '', ''],
      ['+966512345601', 'Ann again', ''],
      ['+966512345603', 'Cid', ''],
    ];
    const settings = settingsOf({});
    const review = await open(rows, [{ kind: 'exclude', rows: [[6, 6]] }]);
    const seen: unknown[] = [];
    const see = async (): Promise<void> => {
      const page = await review.soFar(settings, 0, 10);
      const told = page.rows.map(({ row, outcome, fate, reasons }) => [row, outcome, fate, reasons.length]);
      seen.push([page.judged, page.total, page.complete, told]);
    };
    await see();
    await review.judge(settings, null, signal, see);
    const unjudged = [
      ...[2, 3, 4, 5].map((row) => [row, null, null, 0]),
      // Left out is left out, whatever it is.
      [6, null, 'exclude', 0],
    ];
    expect(seen).toEqual([
      [0, 5, true, unjudged],
      [1, 5, true, [[2, 'valid', null, 0], ...unjudged.slice(1)]],
      [2, 5, true, [[2, 'valid', null, 0], [3, 'invalid', 'reject', 1], ...unjudged.slice(2)]],
      // A blank row is none; until it is judged it is shown.
      [2, 4, true, [[2, 'valid', null, 0], [3, 'invalid', 'reject', 1], ...unjudged.slice(3)]],
      [
        3,
        4,
        true,
        [[2, 'valid', null, 0], [3, 'invalid', 'reject', 1], [5, 'valid', null, 0], ...unjudged.slice(4)],
      ],
      [
        ...[4, 4, true],
        [
          [2, 'valid', null, 0],
          [3, 'invalid', 'reject', 1],
          [5, 'valid', null, 0],
          [6, 'valid', 'exclude', 0],
        ],
      ],
    ]);
    // From here on, a correction is made as if nothing had been shown before.
    expect(await review.correctSoFar({ kind: 'cell', row: 2, column: 1, value: 'Anna' })).toBeUndefined();
    // What was judged by other settings says nothing.
    expect(await review.soFar(settingsOf({ defaultCountry: 'SA' }), 1, 1)).toMatchObject({
      judged: 0,
      rows: [{ row: 3, outcome: null, fate: null, reasons: [] }],
    });
    expect(await review.soFar(settings, 1, 2)).toMatchObject({ rows: [{ row: 3 }, { row: 5 }] });
  });

  it('are checked while somebody types, as far as can be said', async () => {
    const rows = [
      ['+966512345601', 'Ann', ''],
      ['x', 'Ben', ''],
      ['+966512345601', 'Ann again', ''],
    ];
    const settings = settingsOf({});
    const review = await open(rows);
    const check = async (value: string, how = settings) => review.checkSoFar(how, 3, { '0': value });
    const seen: unknown[] = [];
    const see = async (): Promise<void> => {
      const typed = await Promise.all(['+96651', '+966512345601', ''].map((value) => check(value)));
      seen.push(typed.map((row) => row && [row.outcome, row.fate, row.cells[1]]));
      // Others wait for their judging.
      expect(await check('x', settingsOf({ defaultCountry: 'SA' }))).toBeUndefined();
      expect(await check('x', { ...settings, continues: CONTINUED })).toBeUndefined();
    };
    await review.judge(settings, null, signal, see);
    const soFar = [
      ['invalid', 'reject', 'Ben'],
      ['valid', null, 'Ben'],
      ['invalid', 'reject', 'Ben'],
    ];
    const all = [undefined, undefined, undefined];
    expect(seen).toEqual([soFar, soFar, all]);
    expect(await review.soFar(settings, 1, 1)).toMatchObject({
      rows: [{ row: 3, outcome: 'invalid', corrected: [] }],
    });
  });

  it('are there up to what is written, and corrected before the rest is there', async () => {
    const spool = join(folder, 'grown.jsonl');
    const partial = `${spool}.part`;
    const lines = [HEADERS, ['+966512345601', 'Ann'], ['x', 'Bén'], ['+966512345603', 'Cid']].map(lineOf);
    const bytes = Buffer.byteLength(lines.slice(0, 2).join(''));
    // Whatever stands behind the byte is not looked at.
    await writeFile(partial, `${lines.slice(0, 2).join('')}[3,"`);
    const review = await start({ spool, written: { path: partial, bytes }, corrections: [] });
    const settings = settingsOf({});
    const seen = async () => {
      const { total, complete, rows } = await review.soFar(settings, 0, 10);
      return [total, complete, rows.map(({ cells }) => cells[1])];
    };
    expect(await seen()).toEqual([1, false, ['Ann']]);
    expect(await review.correctSoFar({ kind: 'cell', row: 2, column: 1, value: 'Anna' })).toBe(1);
    expect(await review.correctSoFar({ kind: 'cell', row: 2, column: 1, value: 'Anna' })).toBe(0);
    expect(await seen()).toEqual([1, false, ['Anna']]);
    expect(await review.checkSoFar(settings, 2, { '0': 'x' })).toMatchObject({
      ...{ fate: 'reject', reasons: [{ code: 'phone-not-a-phone' }], name: null },
    });
    expect(await review.checkSoFar(settings, 3, { '0': 'x' })).toBeUndefined();
    // Rows that are not there yet, and whole columns, have to wait.
    expect(await review.correctSoFar({ kind: 'cell', row: 3, column: 1, value: 'Ben' })).toBeUndefined();
    expect(await review.correctSoFar({ kind: 'exclude', rows: [[2, 4]] })).toBeUndefined();
    const replace = { column: 1, find: 'A', replacement: 'O', whole: false, matchCase: true };
    expect(await review.correctSoFar({ kind: 'replace', ...replace })).toBeUndefined();

    await writeFile(partial, lines.slice(0, 3).join(''));
    await review.grow(Buffer.byteLength(lines.slice(0, 3).join('')));
    expect(await seen()).toEqual([2, false, ['Anna', 'Bén']]);
    expect(await review.correctSoFar({ kind: 'exclude', rows: [[3, 3]] })).toBe(1);
    await appendFile(partial, lines.slice(3).join(''));
    await rename(partial, spool);
    await review.grow(null);
    expect(await seen()).toEqual([3, true, ['Anna', 'Bén', 'Cid']]);
    const { preview, rows } = await look(review, settings);
    expect(preview).toMatchObject({ read: 2, valid: 2, corrections: 2, fates: { create: 2, exclude: 1 } });
    expect(rows.map(({ name }) => name)).toEqual(['Anna', null, 'Cid']);
  });

  it('are read from the whole spool where it was finished meanwhile', async () => {
    const spool = join(folder, 'finished.jsonl');
    await writeFile(
      spool,
      [HEADERS, ['+966512345601', 'Ann'], ['+966512345602', 'Ben']].map(lineOf).join(''),
    );
    const bytes = Buffer.byteLength([HEADERS, ['+966512345601', 'Ann']].map(lineOf).join(''));
    const review = await start({ spool, written: { path: `${spool}.part`, bytes }, corrections: [] });
    expect(await review.soFar(settingsOf({}), 0, 10)).toMatchObject({ total: 1, complete: false });
    await review.grow(null);
    expect(await review.soFar(settingsOf({}), 0, 10)).toMatchObject({ total: 2, complete: true });
    // Or given up, as of a file that is damaged towards its end.
    await rm(spool);
    await expect(
      start({ spool, written: { path: `${spool}.part`, bytes }, corrections: [] }),
    ).rejects.toThrow('The rows are not there any more.');
  });
});
