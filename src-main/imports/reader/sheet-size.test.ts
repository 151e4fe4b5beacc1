import { expect, it } from 'vitest';
import type { SpreadsheetFile } from './row-source';
import { expectedRows } from './sheet-size';

const fileOf = (rows: number | null, share?: number): SpreadsheetFile => ({
  format: 'csv',
  sheets: [{ name: 'Sheet1', rows, hidden: false }],
  rows: () => {
    throw new Error('Nothing is read.');
  },
  close: () => Promise.resolve(),
  ...(share === undefined ? {} : { shareRead: () => share }),
});

it('is what the sheet says, though never less than what was read', () => {
  expect(expectedRows(fileOf(500, 0.1), 'Sheet1', 20)).toBe(500);
  expect(expectedRows(fileOf(500), 'Sheet1', 501)).toBe(501);
});

it('follows from the bytes read so far where the file does not say it, and is unknown before', () => {
  expect(expectedRows(fileOf(null, 0.25), 'Sheet1', 1_000)).toBe(4_000);
  expect(expectedRows(fileOf(null, 0), 'Sheet1', 0)).toBeNull();
  expect(expectedRows(fileOf(null), 'Sheet1', 1_000)).toBeNull();
});
