import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { read } from 'xlsx';
import { writeXlsx } from './xlsx-writer';

const folder = mkdtempSync(join(tmpdir(), 'adsapp-xlsx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DANGEROUS = ['=1+1', '=HYPERLINK("http://x")', '+cmd|/C calc', '-2+3', '@SUM(1)', '\t=1', '＝1', "'=1"];

describe('a workbook that is handed out', () => {
  it('holds no formula, in no cell of no sheet, whatever the data says', async () => {
    const path = join(folder, 'formulas.xlsx');
    const sheet = { name: 'Data', headerRow: 1, rows: [[DANGEROUS, [...DANGEROUS].reverse()]] };
    await writeXlsx(path, sheet, [{ name: 'More', rows: [[DANGEROUS]] }]);
    const book = read(readFileSync(path), { cellNF: true });
    expect(book.SheetNames).toEqual(['Data', 'More']);
    for (const name of book.SheetNames) {
      for (const [place, cell] of Object.entries(book.Sheets[name] ?? {})) {
        if (place.startsWith('!')) continue;
        expect(cell).toMatchObject({ t: 's' });
        expect(cell).not.toHaveProperty('f');
      }
    }
    // Text format: what is edited in Excel stays text as well.
    expect(book.Sheets['Data']?.['A1']).toMatchObject({ v: '=1+1', z: '@' });
    expect(book.Sheets['Data']?.['H2']).toMatchObject({ v: '=1+1', z: '@' });
  });

  it('hides every sheet but the first', async () => {
    const path = join(folder, 'hidden.xlsx');
    await writeXlsx(path, { name: 'A', rows: [] }, [{ name: 'B', rows: [[['x']]] }]);
    const book = read(readFileSync(path));
    expect(book.Workbook?.Sheets?.map(({ Hidden }) => Hidden)).toEqual([0, 1]);
    expect(book.Sheets['B']?.['A1']).toMatchObject({ v: 'x' });
  });
});
