import { createDeflateRaw } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as SheetJs from 'xlsx';
import { callUntyped } from './testing/untyped';
import { context, openImportStage, type ImportStage } from './testing/import-stage';
import { part, type Part, zip } from './testing/zip-bytes';

const people = (rows: number): string[][] => [
  ['Phone', 'Name'],
  ...Array.from({ length: rows }, (_, n) => [`+9665${10_000_000 + n}`, `Person ${n}`]),
];
const workbook = (rows: number, options: SheetJs.WritingOptions = {}): Buffer => {
  const book = SheetJs.utils.book_new(SheetJs.utils.aoa_to_sheet(people(rows)), 'Contacts');
  return Buffer.from(
    SheetJs.write(book, { type: 'buffer', bookType: 'xlsx', compression: true, ...options }) as Uint8Array,
  );
};

const SHEET_HEAD =
  '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>';
const SHEET_TAIL = '</sheetData></worksheet>';
const workbookParts = (sheet: Part): Part[] => [
  part('[Content_Types].xml', '<Types/>'),
  part(
    'xl/workbook.xml',
    '<?xml version="1.0"?><workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
  ),
  part(
    'xl/_rels/workbook.xml.rels',
    '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
  ),
  sheet,
];
const row = (n: number, cells: string): string => `<row r="${n}">${cells}</row>`;
const text = (cell: string, value: string): string =>
  `<c r="${cell}" t="inlineStr"><is><t>${value}</t></is></c>`;

/** Zeros that unpack to `megabytes`, packed to a thousandth. */
const zeros = async (megabytes: number): Promise<Buffer> => {
  const deflate = createDeflateRaw({ level: 9 });
  const pieces: Buffer[] = [];
  deflate.on('data', (piece: Buffer) => pieces.push(piece));
  const done = new Promise((resolve) => deflate.once('end', resolve));
  for (let n = 0; n < megabytes; n += 1) {
    if (!deflate.write(Buffer.alloc(1024 ** 2, 0x20)))
      await new Promise((resolve) => deflate.once('drain', resolve));
  }
  deflate.end();
  await done;
  return Buffer.concat(pieces);
};

describe('a file that means harm, or was harmed', () => {
  let stage: ImportStage;
  beforeAll(async () => {
    stage = await openImportStage('shared');
  }, 60_000);
  afterAll(() => stage.close());

  const open = async (name: string, content: Buffer | string) =>
    stage.imports.handlers.open(
      { source: { kind: 'path', path: await stage.write(name, content) } },
      context(stage),
    );
  const refusal = async (name: string, content: Buffer | string): Promise<string> => {
    const startedAt = performance.now();
    const result = await open(name, content);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    if (result.ok) return `opened as ${result.value.format}`;
    expect(result.error.action).toBeTruthy();
    return result.error.code === 'file_rejected' ? result.error.reason : result.error.code;
  };

  it('is refused by name, and nothing of it is kept', async () => {
    const good = workbook(2_000);
    const flipped = Buffer.from(good);
    const middle = Math.floor(good.length / 2);
    for (let n = 0; n < 40; n += 1) flipped[middle + n] = (flipped[middle + n] ?? 0) ^ 0x5a;
    expect(await refusal('empty.xlsx', '')).toBe('empty');
    expect(await refusal('truncated.xlsx', good.subarray(0, good.length - 3_000))).toBe('truncated');
    expect(await refusal('flipped.xlsx', flipped)).toBe('damaged');
    expect(
      await refusal('page.xlsx', '<!DOCTYPE html><html><table><tr><td>Phone</td></tr></table></html>'),
    ).toBe('html');
    expect(await refusal('page.xls', '\n  <html><body>…')).toBe('html');
    expect(await refusal('noise.xlsx', randomBytes(5_000))).toBe('not-a-spreadsheet');
    expect(await refusal('noise.csv', Buffer.concat([Buffer.from('a,b\n'), randomBytes(5_000)]))).toBe(
      'not-a-spreadsheet',
    );
    expect(await refusal('print.xlsx', '%PDF-1.7 …')).toBe('not-a-spreadsheet');
    expect(
      await refusal(
        'letter.xlsx',
        zip([part('[Content_Types].xml', '<Types/>'), part('word/document.xml', '<x/>')]),
      ),
    ).toBe('not-a-spreadsheet');
    expect(
      await refusal('quote.csv', `Phone,Name\n+966512345678,"never closed\n${'x,y\n'.repeat(500)}`),
    ).toBe('unclosed-quote');
    const { rows } = await stage.pool.query('SELECT 1 FROM imports');
    expect(rows).toHaveLength(0);
  }, 60_000);

  it('is told apart from a CSV that only has the wrong name', async () => {
    expect(await refusal('renamed.xlsx', 'Phone;Name\n+966512345678;A\n')).toBe(
      'opened as csv, UTF-8, semicolon',
    );
    expect(await refusal('renamed.csv', workbook(3))).toBe('opened as xlsx');
  });

  it('says that a password is in the way', async () => {
    const { CFB } = SheetJs as { CFB: unknown };
    const utils: unknown = Reflect.get(Object(CFB), 'utils');
    const locked = callUntyped(utils, 'cfb_new');
    callUntyped(utils, 'cfb_add', locked, '/EncryptedPackage', Buffer.alloc(64));
    callUntyped(utils, 'cfb_add', locked, '/EncryptionInfo', Buffer.alloc(64));
    const bytes = callUntyped(CFB, 'write', locked, { type: 'buffer' });
    expect(await refusal('locked.xlsx', Buffer.from(bytes as Uint8Array))).toBe('encrypted');
    const flagged = workbookParts(part('xl/worksheets/sheet1.xml', SHEET_HEAD, { flags: 1 }));
    expect(await refusal('flagged.xlsx', zip(flagged))).toBe('encrypted');
  });

  it('is stopped before it unpacks to more than a list can be, whatever it declares', async () => {
    const bomb = await zeros(300);
    const honest = { name: 'xl/worksheets/sheet1.xml', packed: bomb, size: 300 * 1024 ** 2, crc: 0 };
    expect(await refusal('bomb.xlsx', zip(workbookParts(honest)))).toBe('bomb');
    expect(await refusal('lying.xlsx', zip(workbookParts({ ...honest, size: 10_000 })))).toBe('damaged');
    const crc = part('xl/worksheets/sheet1.xml', SHEET_HEAD + row(1, text('A1', 'Phone')), { crc: 1 });
    expect(await refusal('crc.xlsx', zip(workbookParts(crc)))).toBe('damaged');
    const many = Array.from({ length: 21_000 }, (_, n) => part(`xl/p${n}.xml`, ''));
    expect(await refusal('parts.xlsx', zip(many))).toBe('bomb');
  }, 60_000);

  it('is bounded in width and in the size of a cell', async () => {
    const wide = Array.from({ length: 10_000 }, (_, n) => `Column ${n}`).join(',');
    expect(await refusal('wide.csv', `${wide}\n${wide}\n`)).toBe('too-many-columns');
    const long = part(
      'xl/worksheets/sheet1.xml',
      `${SHEET_HEAD}${row(1, text('A1', 'Phone') + text('B1', 'Note'))}${row(2, text('A2', '+966512345678') + text('B2', 'x'.repeat(1024 ** 2)))}${SHEET_TAIL}`,
    );
    expect(await refusal('long.xlsx', zip(workbookParts(long)))).toBe('opened as xlsx');
    const cut = part('xl/worksheets/sheet1.xml', SHEET_HEAD + row(1, text('A1', 'Phone')));
    expect(await refusal('cut.xlsx', zip(workbookParts(cut)))).toBe('damaged');
    const endless = part(
      'xl/worksheets/sheet1.xml',
      `${SHEET_HEAD}${row(1, text('A1', randomBytes(9 * 1024 ** 2).toString('hex')))}`,
    );
    expect(await refusal('endless.xlsx', zip(workbookParts(endless)))).toBe('too-large');
  }, 60_000);

  it('is asked for again where somebody has tidied away the copy that is kept of it', async () => {
    const draft = await stage.open(await stage.write('tidied.xlsx', workbook(3)));
    await rm(join(stage.folder, 'imports', draft.id), { recursive: true });
    await stage.start(draft);
    const { problem } = await stage.until(draft.id, 'failed');
    expect(problem).toBe(
      'The copy of the file that the console keeps is not there any more. ' +
        'Choose the file again: what of it was imported already is recognised.',
    );
  });

  it('never reaches outside the archive by its paths', async () => {
    const parts = workbookParts(part('xl/worksheets/sheet1.xml', SHEET_HEAD));
    const tricky = parts.map((each) =>
      each.name.endsWith('.rels')
        ? part(
            each.name,
            '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../../../../etc/passwd"/></Relationships>',
          )
        : each,
    );
    const result = await open('paths.xlsx', zip(tricky));
    expect(result).toMatchObject({ ok: false, error: { code: 'file_rejected' } });
  });
});
