import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type BookType, read, write } from 'xlsx';
import { ImportId } from '@shared/domain/ids';
import { writeXlsx } from '../../files/xlsx-writer';
import { inspectFile } from '../reader/inspect-task';
import { openFile } from '../reader/open-file';
import { isRejectsColumn, markSheet, REASONS_HEADER, ROW_HEADER } from './mark';

const folder = mkdtempSync(join(tmpdir(), 'adsapp-mark-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const importId = ImportId.parse(randomUUID());
const rejects = async (): Promise<string> => {
  const path = join(folder, 'rejected.xlsx');
  const rows = [
    ['Phone', 'Name', ROW_HEADER, REASONS_HEADER],
    ['call me', 'Lena', 7, 'Phone: no'],
  ];
  await writeXlsx(path, { name: 'Rejected rows', headerRow: 1, rows: [rows] }, [markSheet(importId)]);
  return path;
};
const inspect = async (path: string) => {
  const file = await openFile(path, { verify: true });
  try {
    return await inspectFile(file, { path });
  } finally {
    await file.close();
  }
};

describe('a file of rejected rows', () => {
  it('names its import, and shows nothing of how', async () => {
    const found = await inspect(await rejects());
    expect(found.continues).toBe(importId);
    expect(found.sheets.map(({ name }) => name)).toEqual(['Rejected rows']);
    expect(found.columns.filter(({ header }) => isRejectsColumn(header))).toHaveLength(2);
  });

  it.each<BookType>(['xlsx', 'xlsb', 'xls', 'ods'])(
    'does so after another program has saved it as .%s',
    async (bookType) => {
      const book = read(readFileSync(await rejects()));
      const path = join(folder, `saved.${bookType}`);
      writeFileSync(path, write(book, { type: 'buffer', bookType }) as Uint8Array);
      expect((await inspect(path)).continues).toBe(importId);
    },
  );

  it('does not, where the sheet is not there, or holds no id', async () => {
    const path = join(folder, 'plain.xlsx');
    const rows = [[['Phone'], ['+966512345678']]];
    await writeXlsx(path, { name: 'Contacts', rows });
    expect((await inspect(path)).continues).toBeNull();
    await writeXlsx(path, { name: 'Contacts', rows }, [{ name: 'ADSapp import', rows: [[['nothing']]] }]);
    expect((await inspect(path)).continues).toBeNull();
  });

  it('is not imported from the hidden sheet where the other one is empty', async () => {
    const path = join(folder, 'empty.xlsx');
    await writeXlsx(path, { name: 'Rejected rows', rows: [] }, [markSheet(importId)]);
    await expect(inspect(path)).rejects.toThrow('The file has no rows.');
  });
});
