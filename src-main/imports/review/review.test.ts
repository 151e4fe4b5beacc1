import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Correction,
  ImportOptions,
  type PreviewRow,
  type ImportPreview,
} from '@shared/contract/imports';
import { someCorrections, someOptions, troubledRows } from '../testing/review-arbitraries';
import type { RowNumbering } from '../../background/contract';
import type { ReviewSettings } from './contract';
import { Review } from './review';

const MAPPING: ReviewSettings['mapping'] = [{ field: 'phone' }, { field: 'name' }, { field: 'email' }];
const HEADERS = ['Phone', 'Name', 'Email'];
const KNOWN = '+966512345602';
const settingsOf = (options: Partial<ImportOptions>): ReviewSettings => ({
  mapping: MAPPING,
  options: ImportOptions.parse(options),
  continues: null,
});
const signal = new AbortController().signal;

describe('the review of rows', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adsapp-review-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const opened: Review[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((review) => review.close()));
  });
  const open = async (rows: readonly string[][], corrections: readonly Correction[]): Promise<Review> => {
    const spool = join(folder, 'rows.jsonl');
    const lines = [HEADERS, ...rows].map((cells, index) => `${JSON.stringify([index + 1, ...cells])}\n`);
    await writeFile(spool, lines.join(''));
    const review = await Review.open({
      spool,
      headerRow: 1,
      headers: HEADERS,
      corrections: [...corrections],
      judged: new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT),
    });
    opened.push(review);
    return review;
  };
  const look = async (
    review: Review,
    settings: ReviewSettings,
    numbering: RowNumbering | null = null,
  ): Promise<{ preview: ImportPreview; rows: PreviewRow[] }> => {
    if (!review.isJudged(settings)) await review.judge(settings, numbering, signal);
    for (;;) {
      const phones = review.unknownPhones(2);
      if (phones.length === 0) break;
      review.tellKnown(phones.filter((phone) => phone === KNOWN));
    }
    const { rows } = await review.page({ show: 'all' }, 0, 500);
    return { preview: await review.preview(), rows };
  };

  it('comes to the same by each correction as by judging everything anew', async () => {
    await fc.assert(
      fc.asyncProperty(
        troubledRows(12),
        someCorrections(14, 6),
        someOptions,
        async (rows, corrections, chosen) => {
          const settings = settingsOf(chosen);
          const review = await open(rows, []);
          const before = await look(review, settings);
          const kept: Correction[] = [];
          for (const correction of corrections) {
            if ((await review.correct(correction)) > 0) kept.push(correction);
          }
          const after = await look(review, settings);
          const anew = await open(rows, kept);
          expect(await look(anew, settings)).toEqual(after);
          for (const fate of ['create', 'update', 'skip', 'reject', 'exclude'] as const) {
            expect(after.rows.filter((row) => row.fate === fate).length).toBe(after.preview.fates[fate]);
          }
          for (let count = 0; count < kept.length; count += 1) await review.undo();
          expect(await look(review, settings)).toEqual(before);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('answers for a row with other cells as if it had been corrected', async () => {
    await fc.assert(
      fc.asyncProperty(
        troubledRows(8),
        someCorrections(9, 3),
        someOptions,
        fc.integer({ min: 0, max: 7 }),
        troubledRows(1),
        async (rows, corrections, chosen, at, [cells = []]) => {
          const settings = settingsOf(chosen);
          const row = (at % rows.length) + 2;
          const review = await open(rows, corrections);
          await look(review, settings);
          const typed = Object.fromEntries(cells.map((cell, column) => [String(column), cell]));
          const checked = await review.check(row, typed);
          for (const [column, value] of cells.entries()) {
            await review.correct({ kind: 'cell', row, column, value });
          }
          const after = await look(review, settings);
          const expected = after.rows.find((each) => each.row === row);
          // A row that is blank, and was before, is none and is not listed.
          if (expected !== undefined) {
            const fate = expected.phone === KNOWN ? checked?.fateIfKnown : checked?.row.fate;
            expect({ ...checked?.row, fate }).toEqual(expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads lines longer than what it reads at once', async () => {
    const long = 'x'.repeat(3 * 1024 ** 2);
    const rows = [
      ['+966512345601', long, ''],
      ['+966512345602', 'é'.repeat(1_000_000), ''],
      ['+966512345603', '', ''],
    ];
    const review = await open(rows, []);
    const { preview, rows: shown } = await look(review, settingsOf({}));
    expect(preview).toMatchObject({ read: 3, invalid: 2, valid: 1 });
    expect(shown.map(({ row, cells }) => [row, cells[1]?.length])).toEqual([
      ...[
        [2, 32_767],
        [3, 32_767],
        [4, 0],
      ],
    ]);
  });

  it('finds the dates of a column after corrections as if these had been there before', async () => {
    const born = {
      ...settingsOf({}),
      mapping: [...MAPPING.slice(0, 2), { field: 'custom' as const, key: 'born' }],
    };
    const rows = [
      ['+966512345601', 'Ann', 'n/a'],
      ['+966512345602', 'Ben', '13/04/1991'],
      ['+966512345603', 'Cid', '14/05/1992'],
    ];
    const review = await open(rows, [{ kind: 'exclude', rows: [[3, 4]] }]);
    const dates = async () => (await look(review, born)).preview.dates;
    expect(await dates()).toEqual([]);
    // Rows that are taken in again bring their dates along.
    await review.correct({ kind: 'include', rows: [[3, 4]] });
    expect(await dates()).toEqual([{ key: 'born', finding: 'day-first', example: '13/04/1991' }]);
    // A row of which another cell is corrected, again and again, says no more than it said before.
    for (const value of ['Anna', 'Anne', 'Annie'])
      await review.correct({ kind: 'cell', row: 2, column: 1, value });
    expect(await dates()).toEqual([{ key: 'born', finding: 'day-first', example: '13/04/1991' }]);
  });

  it('lists the rows of a filter wherever they stand', async () => {
    const phoneOf = (row: number): string => (row % 7 < 2 ? `call ${row}` : `+9665123${45_000 + row}`);
    const rows = Array.from({ length: 300 }, (_, index) => [phoneOf(index + 2), `Person ${index + 2}`, '']);
    const review = await open(rows, []);
    await look(review, settingsOf({}));
    const { total, rows: shown } = await review.page({ show: 'reject' }, 10, 50);
    const wanted = rows.flatMap(([phone], index) => (phone?.startsWith('call') === true ? [index + 2] : []));
    expect(total).toBe(wanted.length);
    expect(shown.map(({ row }) => row)).toEqual(wanted.slice(10, 60));
    expect(shown.map(({ cells }) => cells[1])).toEqual(wanted.slice(10, 60).map((row) => `Person ${row}`));
  });

  it('refuses the mended rows that their import does not wait for, and judges anew whatever is corrected', async () => {
    const rows = [
      ['+966512345601', 'Ann', '', '2'],
      ['+966512345602', 'Ben', '', '3'],
      ['+966512345603', 'Cid', '', '3'],
    ];
    const numbering: RowNumbering = { column: 3, rejected: [2], last: 9 };
    const settings = settingsOf({});
    const review = await open(rows, []);
    const before = await look(review, settings, numbering);
    expect(before.preview).toMatchObject({ read: 3, valid: 1, invalid: 2 });
    expect(before.rows[1]).toMatchObject({ outcome: 'invalid', reasons: [{ code: 'not-waiting' }] });
    // A line without a number is a further row.
    await review.correct({ kind: 'cell', row: 3, column: 3, value: '' });
    const after = await look(review, settings, numbering);
    expect(after.preview).toMatchObject({ read: 3, valid: 2, invalid: 1 });
    await review.undo();
    expect(await look(review, settings, numbering)).toEqual(before);
  });
});
