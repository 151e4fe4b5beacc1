import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import * as XLSX from 'xlsx';
import {
  csvField,
  csvLine,
  escapeFormula,
  excelText,
  MAX_EXCEL_CELL_LENGTH,
  unescapeFormula,
} from './spreadsheet-safe';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

describe('CSV cells', () => {
  it.each([
    ['=HYPERLINK("http://x","y")', `'=HYPERLINK("http://x","y")`],
    ['+966512345678', '+966512345678'],
    ['-12.5', '-12.5'],
    ['-12,5', '-12,5'],
    ['+1+cmd|/C calc', "'+1+cmd|/C calc"],
    ['-2+3', "'-2+3"],
    ['@SUM(1)', "'@SUM(1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['＝1', "'＝1"],
    ['plain', 'plain'],
    ["'quoted'", "'quoted'"],
    ['', ''],
  ])('%j', (text, escaped) => {
    expect(escapeFormula(text)).toBe(escaped);
  });

  it('never start a formula, and come back unchanged', () => {
    const start = fc.constantFrom('=', '+', '-', '@', "'", "''", "'=", '\t', '', '1', '+1');
    fc.assert(
      fc.property(start, fc.string(), (prefix, rest) => {
        const text = prefix + rest;
        const escaped = escapeFormula(text);
        expect(unescapeFormula(escaped)).toBe(text);
        if (/^[=@\t\r]/.test(escaped)) throw new Error(escaped);
        if (/^[+-]/.test(escaped)) expect(escaped).toMatch(/^[+-]\d+(?:[.,]\d+)?$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('are quoted where a reader would otherwise split them', () => {
    expect(csvField('a;b', ';')).toBe('"a;b"');
    expect(csvField('say "hi"')).toBe('"say ""hi"""');
    expect(csvLine(['+966512345678', 'a,b', null, 3, true])).toBe('+966512345678,"a,b",,3,true\r\n');
  });

  it('are read back by a spreadsheet library exactly', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => text.trim() === text),
        (text) => {
          // Not at the beginning of the file, by which the library guesses what it is: “<>” would be HTML.
          const csv = csvLine(['Text', 'End']) + csvLine([text, 'end']);
          const book = XLSX.read(csv, { type: 'string', raw: true, FS: ',' });
          const sheet = book.Sheets[book.SheetNames[0] ?? ''];
          const rows =
            sheet === undefined ? [] : XLSX.utils.sheet_to_json<string[]>(sheet, { header: 1, raw: true });
          expect(unescapeFormula(String(rows[1]?.[0]))).toBe(text);
        },
      ),
    );
  });
});

describe('XLSX cells', () => {
  it('keep phones and formulas as they are, without an apostrophe', () => {
    for (const text of ['+966512345678', '=1+1', "'@x", '＝1', '\t=1']) expect(excelText(text)).toBe(text);
  });

  it('hold only what Excel can hold', () => {
    expect(excelText('c\ud800d😀')).toBe('cd😀');
    const long = excelText(`${'x'.repeat(MAX_EXCEL_CELL_LENGTH - 1)}😀`);
    expect(long).toBe('x'.repeat(MAX_EXCEL_CELL_LENGTH - 1));
  });
});
