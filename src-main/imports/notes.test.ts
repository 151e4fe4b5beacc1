import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportDraft, ImportOptions } from '@shared/contract/imports';
import { ImportId } from '@shared/domain/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf, notesOf } from './notes';
import { inspectFile } from './reader/inspect-task';
import { openFile } from './reader/open-file';

const fixture = (name: string): string => join(import.meta.dirname, 'reader/libreoffice', name);
const OTHER = ImportId.parse(randomUUID());

const draftOf = async (path: string): Promise<ImportDraft> => {
  const file = await openFile(path, { verify: true });
  const { continues: _continues, ...inspection } = await inspectFile(file, { path });
  await file.close();
  return {
    ...inspection,
    ...{ id: OTHER, fileName: 'people', sizeBytes: 1, sameFile: null, remembered: null, continues: null },
    ...{ cannotContinue: null },
    options: ImportOptions.parse({}),
  };
};
const notes = (draft: ImportDraft, options: Partial<ImportOptions> = {}, continued = false): string[] =>
  notesOf({
    draft,
    mapping: draft.columns.map(({ target }) => target),
    options: ImportOptions.parse({ defaultCountry: 'SA', ...options }),
    continued,
  }).map(({ code, message }) => `${code}: ${message}`);

describe('what is said of a file that nobody looked at', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adsapp-notes-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const csv = async (text: string): Promise<ImportDraft> => {
    const path = join(folder, 'list.csv');
    await writeFile(path, text);
    return draftOf(path);
  };

  it('names sheets that are not read, what stands above the header, and what is repaired or refused', async () => {
    const draft = await draftOf(fixture('people.xlsx'));
    expect(fileOf(draft)).toMatchObject({ format: 'xlsx', text: null, sheet: 'Contacts', headerRow: 2 });
    const told = notes(draft);
    expect(told).toContain('other-sheets: Only the sheet Contacts is read, not Secret & Co, Empty.');
    expect(told).toContain('rows-above-header: The header is row 2; 1 row above it is passed over.');
    expect(told).toContain('phones-repaired: 1 of the first 7 rows: 00 replaced by +');
    expect(told.filter((line) => line.startsWith('rows-refused: 1 of the first 7 rows:'))).toHaveLength(1);
  });

  it('says how a text file was read', async () => {
    const draft = await draftOf(fixture('arabic-windows-1256.csv'));
    expect(fileOf(draft).text).toEqual({ encoding: 'Windows-1256', delimiter: ';' });
    expect(notes(draft)).toContain(
      'encoding-guessed: The file does not say how its letters are encoded; it was read as Windows-1256.',
    );
    expect(notes(await draftOf(fixture('arabic-utf-8.csv'))).join()).not.toContain('encoding');
  });

  it('says what became of dates, and what is left out', async () => {
    const draft = await csv(
      'Phone,Name,Born,Joined\n+966512345678,Sara,13/04/1990,03/04/2024\n+966512345679,Omar,05/06/1991,01/02/2024\n',
    );
    const keys = draft.columns.map(({ target }) => (target.field === 'custom' ? target.key : ''));
    const told = notes(draft, { dateOrders: { [keys[2] ?? '']: 'day-first' } });
    expect(told).toEqual([
      'dates-converted: Dates in Born are read with the day first and kept as 2024-12-31.',
      expect.stringContaining('dates-unclear: The dates in Joined can be read in two ways'),
    ]);
    const ignoring = { ...draft, columns: draft.columns.map((column) => ({ ...column })) };
    const mapping = draft.columns.map(({ target, header }) =>
      header === 'Born' ? { field: 'ignore' as const } : target,
    );
    const left = notesOf({
      ...{ draft: ignoring, mapping, continued: false },
      options: ImportOptions.parse({ dateOrders: { [keys[3] ?? '']: 'text' } }),
    });
    expect(left).toEqual([{ code: 'columns-ignored', message: 'Not imported: Born.' }]);
  });

  it('reminds of an earlier import of the file, and of the one that it could go on with', async () => {
    const draft: ImportDraft = {
      ...(await csv('Phone,Name\n+966512345678,Sara\n')),
      sameFile: { id: OTHER, at: '2024-05-01T10:00:00.000Z' },
      continues: {
        ...{ importId: OTHER, fileName: 'first.csv', rejected: 1, certain: true, columns: [] },
        options: ImportOptions.parse({}),
      },
    };
    expect(notes(draft)).toEqual([
      `same-file: The same file was imported on 2024-05-01 already (${OTHER}).`,
      `rejected-rows: The file holds rejected rows of first.csv (${OTHER}); with continue=true they would have gone on with it.`,
    ]);
    expect(notes(draft, {}, true)).toHaveLength(1);
    expect(notes(await csv('+966512345678,Sara\n+966512345679,Omar\n')).join()).toContain('no-header');
  });
});
