import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppFailure } from '@shared/errors';
import { bundle } from '../testing/bundle';
import { openDocument, repeated } from '../testing/open-document';
import { USUAL, variantParts } from '../testing/xlsx-variants';
import { part, zip } from '../testing/zip-bytes';
import { type ReaderOptions, runReader } from './reader-thread';

const run = promisify(execFile);

interface Measured {
  readonly result: string;
  readonly ms: number;
  readonly peakMb: number;
  readonly longestBlockMs: number;
}

const xml2003 = (rows: string): string =>
  `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table>${rows}</Table></Worksheet></Workbook>`;

/** A workbook of one part each, in which one part is something else. */
const xlsxWith = (name: string, content: string): Buffer =>
  zip(
    variantParts([['Phone'], ['+966512345678']], USUAL).map((each) =>
      each.name === name ? part(name, content) : each,
    ),
  );

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const times = (count: number, piece: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => piece(n)).join('');

/** 16,384 sheets, all of them blank. */
const manySheets = (): Buffer =>
  zip([
    part(
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets>${times(16_384, (n) => `<sheet name="S${n}" sheetId="${n + 1}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    ),
    part(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${times(16_384, (n) => `<Relationship Id="rId${n}" Type="${REL}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}</Relationships>`,
    ),
    ...Array.from({ length: 16_384 }, (_, n) =>
      part(`xl/worksheets/sheet${n}.xml`, `<worksheet xmlns="${MAIN}"><sheetData/></worksheet>`),
    ),
  ]);

const ZEROS = part('zeros', Buffer.alloc(100_000));

/** A part that packs badly enough to pass for a list. */
const padded = (root: string, content: string): string =>
  `<${root} xmlns="${MAIN}" padding="${randomBytes(250_000).toString('hex')}">${content}</${root}>`;

const sheet = (rows: string): Buffer =>
  xlsxWith(
    'xl/worksheets/sheet1.xml',
    `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`,
  );

const BOMBS: readonly (readonly [string, () => Buffer | string, string])[] = [
  ['an .ods that repeats a cell 17 billion times', () => openDocument(repeated(1_048_576, 16_384)), 'bomb'],
  [
    'an .ods that repeats a cell more often than there are numbers',
    () => openDocument(repeated(2e9, 2e9)),
    'bomb',
  ],
  ['an .ods of one endless row', () => openDocument(repeated(1, 2e9)), 'bomb'],
  ['an .ods that is cut off', () => openDocument('<table:table-row>'), 'damaged'],
  ['XML of 2003 that is nested a million deep', () => xml2003('<Row>'.repeat(1e6)), 'damaged'],
  [
    'XML of 2003 with a cell two billion rows down',
    () =>
      xml2003(
        '<Row ss:Index="2000000000"><Cell ss:Index="2000000000"><Data ss:Type="Number">1</Data></Cell></Row>',
      ),
    'empty',
  ],
  ['a sheet that is nested a million deep', () => sheet('<a>'.repeat(1e6)), 'damaged'],
  ['a sheet with an attribute of 20 MB', () => sheet(`<row r="1" a="${'x'.repeat(20e6)}"/>`), 'bomb'],
  [
    'a sheet of 10,000 columns',
    () => sheet(`<row r="1">${'<c><v>1</v></c>'.repeat(10_000)}</row>`),
    'too-many-columns',
  ],
  [
    'a row at the far right, a hundred thousand times',
    () => sheet(times(100_000, (n) => `<row r="${n + 1}"><c r="ALL${n + 1}"><v>1</v></c></row>`)),
    'too-many-columns',
  ],
  [
    'entities within entities',
    () =>
      xlsxWith(
        'xl/sharedStrings.xml',
        `<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">${times(9, (n) => `<!ENTITY ${'bcdefghij'[n] ?? ''} "${`&${'abcdefghi'[n] ?? ''};`.repeat(10)}">`)}]><sst xmlns="${MAIN}"><si><t>&j;</t></si></sst>`,
      ),
    'damaged',
  ],
  [
    'start tags that never end',
    () => xlsxWith('xl/styles.xml', `<styleSheet xmlns="${MAIN}">${'<xf '.repeat(3e6)}`),
    'damaged',
  ],
  ['16,384 blank sheets', manySheets, 'empty'],
  [
    'a tag of a million attributes that does not end',
    () =>
      xlsxWith(
        'xl/styles.xml',
        `<styleSheet xmlns="${MAIN}"${times(1_300_000, (n) => ` a${n.toString(36)}=""`)}`,
      ),
    'damaged',
  ],
  [
    'elements that each declare a prefix anew, among many',
    () =>
      xlsxWith(
        'xl/styles.xml',
        `<styleSheet xmlns="${MAIN}"${times(190, (n) => ` xmlns:p${n}="${n}"`)}>${'<a xmlns:p="x"/>'.repeat(950_000)}`,
      ),
    'damaged',
  ],
  [
    'texts in a hundred thousand elements',
    () =>
      sheet(
        `<row><c t="inlineStr"><is>${'<r>'.repeat(400_000)}${'<t>a</t>'.repeat(400_000)}${'</r>'.repeat(400_000)}</is></c></row>`,
      ),
    'damaged',
  ],
  [
    'a row of a million extensions',
    () => sheet(`<row r="1">${'<extLst></extLst>'.repeat(900_000)}</row>`),
    'empty',
  ],
  [
    'a row of a million cells without a word about them',
    () => sheet(`<row r="1">${'<c ><v>1</v></c>'.repeat(950_000)}</row>`),
    'too-many-columns',
  ],
  [
    'nine million blank texts',
    () => xlsxWith('xl/sharedStrings.xml', padded('sst', '<si/>'.repeat(9_200_000))),
    'empty',
  ],
  [
    'millions of cell formats',
    () => xlsxWith('xl/styles.xml', padded('styleSheet', `<cellXfs>${'<xf/>'.repeat(2_000_000)}</cellXfs>`)),
    'bomb',
  ],
  [
    'thousands of parts, none of which is large',
    () =>
      zip([
        ...variantParts([['Phone'], ['+966512345678']], USUAL),
        ...Array.from({ length: 19_900 }, (_, n) => ({ ...ZEROS, name: `media/${n}` })),
      ]),
    'bomb',
  ],
  ['an address of half a million dots', () => `a@${'.'.repeat(500_000)} b,c\nd,e\n`, 'opened'],
  [
    'a letter of a hundred thousand accents',
    () => `Phone,Name\n+966512345678,a${'\u0301\u0316'.repeat(150_000)}\n`,
    'opened',
  ],
];

describe('a spreadsheet that asks for too much', () => {
  let folder: string;
  let thread: Awaited<ReturnType<typeof bundle>>;
  let child: Awaited<ReturnType<typeof bundle>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adsapp-limits-'));
    thread = await bundle('src-main/imports/reader/thread.ts');
    child = await bundle('src-main/imports/testing/reader-child.ts');
  }, 60_000);
  afterAll(async () => {
    await thread.dispose();
    await child.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const save = async (content: Buffer | string): Promise<string> => {
    const path = join(folder, 'file');
    await writeFile(path, content);
    return path;
  };
  const refusal = async (path: string, limits: Omit<ReaderOptions, 'threadPath'>): Promise<string> => {
    const task = { kind: 'inspect', ref: { path } } as const;
    const options = { ...limits, threadPath: thread.path };
    try {
      await runReader(task, options, new AbortController().signal, () => Promise.resolve());
      return 'opened';
    } catch (error) {
      if (error instanceof AppFailure && error.error.code === 'file_rejected') return error.error.reason;
      throw error;
    }
  };

  it.each(BOMBS)('is refused by name, or read, and soon: %s', async (_name, content, reason) => {
    const { stdout } = await run(process.execPath, [child.path, thread.path, await save(content())]);
    const measured = JSON.parse(stdout) as Measured;
    expect(measured.result).toBe(reason);
    // Two seconds on a machine that does nothing else; what is looked for here is minutes and gigabytes.
    expect(measured.ms).toBeLessThan(10_000);
    expect(measured.peakMb).toBeLessThan(400);
  });

  const large = (): string =>
    xml2003(times(150_000, (n) => `<Row><Cell><Data ss:Type="String">Person ${n}</Data></Cell></Row>`));

  it('ends only the process it is read in when that has no memory left', async () => {
    expect(await refusal(await save(large()), { heapMb: 12 })).toBe('out-of-memory');
  });

  it('is given up when SheetJS does not come to an end, and leaves no process behind', async () => {
    expect(await refusal(await save(large()), { silenceMs: 150 })).toBe('timed-out');
    expect(await readersRunning()).toEqual([]);
  });

  it('is read by SheetJS in that process when it asks for no more than it should', async () => {
    expect(await refusal(await save(large()), {})).toBe('opened');
    expect(await readersRunning()).toEqual([]);
  });

  /** Processes that run our bundle; nothing where the system does not tell. */
  async function readersRunning(): Promise<string[]> {
    const ids = await readdir('/proc').catch((): string[] => []);
    const commands = await Promise.all(
      ids
        .filter((id) => /^\d+$/.test(id))
        .map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')),
    );
    return commands.filter((command) => command.includes(thread.path));
  }
});
