import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import * as SheetJs from 'xlsx';
import { AppFailure } from '@shared/errors';
import { sniffCsv } from '@shared/domain/csv-sniff';
import { unescapeFormula } from '@shared/domain/spreadsheet-safe';
import { canonicalXml } from '../../reader/canonical-xml';
import { openFile } from '../../reader/open-file';
import { MAX_COLUMNS } from '../../reader/row-source';
import { readRows, type RowsRead, trimmed } from '../read-rows';
import { anyRows, anyVariant } from '../xlsx-arbitraries';
import { SerialDate, type VariantCell, variantParts } from '../xlsx-variants';
import { part, type Part, zip } from '../zip-bytes';
import { referenceCsv } from './csv-reference';
import { lieAboutPart, mutateBytes, mutateXml } from './mutations';
import { Random } from './random';

/** What became of a file: read, or refused by name. */
export type FuzzResult = { readonly rows: RowsRead; readonly format: string } | { readonly refused: string };

export interface FuzzOutcome {
  readonly kind: string;
  /** `read` or the name of the refusal. */
  readonly result: string;
  readonly ms: number;
}

/** No file of these sizes may take longer. */
const MAX_MS = 2_000;

/** A file was read wrong, took too long, or failed without a name. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
}

/** Formats without checksums that SheetJS reads: the app kills the process that hangs in one of them. */
export const isForSheetJs = (seed: number): boolean => new Random(seed).pick(CASES)[0] === EXCEL_97;

/**
 * Makes one file from a seed, reads it, and checks what came of it: an error with a name, or the rows that
 * the file really holds. Throws a FuzzFailure.
 */
export async function runFuzzCase(seed: number, folder: string): Promise<FuzzOutcome> {
  const random = new Random(seed);
  const reader = new CaseReader(join(folder, 'fuzzed'));
  const [kind, run] = random.pick(CASES);
  await run(random, reader);
  return { kind, result: reader.lastResult, ms: reader.longest };
}

type Case = (random: Random, reader: CaseReader) => Promise<void>;

/** Reads files, and remembers how long it took. */
class CaseReader {
  longest = 0;
  lastResult = '';

  constructor(readonly path: string) {}

  async read(content: Buffer): Promise<FuzzResult> {
    await writeFile(this.path, content);
    const startedAt = performance.now();
    const result = await this.attempt();
    const ms = Math.round(performance.now() - startedAt);
    this.longest = Math.max(this.longest, ms);
    if (ms > MAX_MS) throw new FuzzFailure(`It took ${ms} ms.`);
    this.lastResult = 'refused' in result ? result.refused : 'read';
    return result;
  }

  private async attempt(): Promise<FuzzResult> {
    try {
      const file = await openFile(this.path, { verify: true });
      return { format: file.format, rows: await readRows(file) };
    } catch (error) {
      if (error instanceof AppFailure && error.error.code === 'file_rejected') {
        return { refused: error.error.reason };
      }
      throw new FuzzFailure(
        `An error without a name: ${error instanceof Error ? error.stack : String(error)}`,
      );
    }
  }
}

const EXCEL_97 = 'Excel 97 bytes';
const CASES: readonly (readonly [string, Case])[] = [
  ['archive bytes', archiveBytes],
  ['archive bytes', archiveBytes],
  ['archive headers', archiveHeaders],
  ['archive headers', archiveHeaders],
  ['XML', xml],
  ['XML', xml],
  ['XML', xml],
  ['XML', xml],
  ['CSV', csv],
  ['CSV', csv],
  ['OpenDocument bytes', openDocument],
  [EXCEL_97, excel97],
  ['random bytes', randomBytes],
];

/** Checksums guard every part: what can be read is what was written. */
async function archiveBytes(random: Random, reader: CaseReader): Promise<void> {
  const variant = sample(random, anyVariant);
  const original = zip(variantParts(sample(random, anyRows), variant), variant.zip);
  const wanted = await untouched(reader, original);
  expectSame(await reader.read(mutateBytes(random, original)), wanted, 'the file before it was changed');
}

async function archiveHeaders(random: Random, reader: CaseReader): Promise<void> {
  const variant = sample(random, anyVariant);
  const parts = variantParts(sample(random, anyRows), variant);
  const wanted = await untouched(reader, zip(parts, variant.zip));
  const lies = lieAboutPart(random, parts);
  const count = random.chance(0.1) ? { declaredParts: random.below(lies.length + 2) } : {};
  const result = await reader.read(zip(lies, { ...variant.zip, ...count }));
  expectSame(result, wanted, 'the file before its headers lied');
}

async function openDocument(random: Random, reader: CaseReader): Promise<void> {
  const original = withSheetJs(sample(random, anyRows), 'ods');
  const wanted = await untouched(reader, original);
  expectSame(await reader.read(mutateBytes(random, original)), wanted, 'the file before it was changed');
}

/** The format has no checksums: all there is to see is that it ends with rows or with a name. */
async function excel97(random: Random, reader: CaseReader): Promise<void> {
  await reader.read(mutateBytes(random, withSheetJs(sample(random, anyRows), 'xls')));
}

async function randomBytes(random: Random, reader: CaseReader): Promise<void> {
  const start = random.pick([
    '',
    'PK\x03\x04',
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    '\x09\x08\x10\x00',
    '<?xml ',
    '\xff\xfe',
  ]);
  const end = random.pick(['', 'PK\x05\x06' + '\0'.repeat(18)]);
  await reader.read(
    Buffer.concat([
      Buffer.from(start, 'latin1'),
      random.bytes(random.below(3_000)),
      Buffer.from(end, 'latin1'),
    ]),
  );
}

/**
 * The scanner takes short cuts through XML of the usual shape, the canonical form of the same XML has none
 * to take: both have to give the same rows, and what is no XML may give none.
 */
async function xml(random: Random, reader: CaseReader): Promise<void> {
  const variant = { ...sample(random, anyVariant), encoding: 'utf-8' as const };
  const parts = variantParts(sample(random, anyRows), variant);
  const at = random.pick([6, 6, 6, 6, 5, 5, 4, 3, 2, 1]);
  const victim = random.pick(parts.slice(at, at + 1));
  const changed = mutateXml(random, xmlOf(victim));
  const replaced = (content: string): Buffer =>
    zip(parts.map((each, index) => (index === at ? part(victim.name, content) : each)));
  const canonical = await canonicalOf(changed);
  const wanted: FuzzResult = 'refused' in canonical ? canonical : await reader.read(replaced(canonical.xml));
  const result = await reader.read(replaced(changed));
  if ('rows' in wanted) {
    expectSame(result, wanted, changed, true);
    return;
  }
  // Which of two attributes counts is not looked at where neither matters.
  if ('rows' in result && !wanted.refused.includes('there twice'))
    throw new FuzzFailure(
      `Read ${JSON.stringify(result.rows)} from broken XML (${wanted.refused}):\n${changed}`,
    );
}

async function csv(random: Random, reader: CaseReader): Promise<void> {
  const bytes = anyCsv(random);
  const result = await reader.read(bytes);
  if ('refused' in result || !/^[ct]sv/.test(result.format)) return;
  const sniff = sniffCsv(bytes);
  // Node 20 takes Windows-1252 for Latin-1 where a text is decoded in one go.
  const decoder = new TextDecoder(sniff.encoding);
  const text = decoder.decode(bytes.subarray(sniff.dataOffset), { stream: true }) + decoder.decode();
  const wanted: RowsRead = {};
  referenceCsv(text, sniff.delimiter)?.forEach((cells, index) => {
    const row = trimmed(cells.slice(0, MAX_COLUMNS).map(unescapeFormula));
    if (row.length > 0) wanted[index + 1] = row;
  });
  expectSame(result, { rows: wanted, format: result.format }, text, true);
}

async function untouched(reader: CaseReader, content: Buffer): Promise<FuzzResult> {
  const result = await reader.read(content);
  if ('refused' in result) throw new FuzzFailure(`The file is refused as it is: ${result.refused}.`);
  return result;
}

/** Refused, or read as it is wanted. What is left of an archive may be text, and is then read as such. */
function expectSame(result: FuzzResult, wanted: FuzzResult, of: string, mustBeRead = false): void {
  if ('refused' in wanted) throw new FuzzFailure(`Refused before anything was changed: ${wanted.refused}.`);
  if ('refused' in result) {
    if (mustBeRead) throw new FuzzFailure(`Refused (${result.refused}), though it can be read:\n${of}`);
    return;
  }
  if (result.format !== wanted.format || isDeepStrictEqual(result.rows, wanted.rows)) return;
  throw new FuzzFailure(
    `Read ${JSON.stringify(result.rows)}\ninstead of ${JSON.stringify(wanted.rows)}\nfrom ${of}`,
  );
}

async function canonicalOf(text: string): Promise<{ xml: string } | { refused: string }> {
  const pieces: Buffer[] = [];
  try {
    const source = Readable.from([Buffer.from(text)]);
    for await (const piece of canonicalXml(source, 'part')) pieces.push(piece);
  } catch (error) {
    if (error instanceof AppFailure) return { refused: error.error.message };
    throw error;
  }
  return { xml: Buffer.concat(pieces).toString('utf8') };
}

const xmlOf = ({ packed, method }: Part): string =>
  (method === 0 ? packed : inflateRawSync(packed)).toString('utf8');

const sample = <T>(random: Random, arbitrary: fc.Arbitrary<T>): T =>
  random.pick(fc.sample(arbitrary, { seed: random.below(2 ** 31), numRuns: 1 }));

function withSheetJs(rows: readonly (readonly VariantCell[])[], bookType: 'ods' | 'xls'): Buffer {
  const values = rows.map((row) => row.map((cell) => (cell instanceof SerialDate ? cell.days : cell)));
  const book = SheetJs.utils.book_new(SheetJs.utils.aoa_to_sheet(values), 'S');
  return Buffer.from(SheetJs.write(book, { type: 'buffer', bookType, compression: true }) as Uint8Array);
}

const CSV_PIECES = [
  'a',
  '+966512345678',
  'é',
  'م',
  '😀',
  '"',
  '""',
  "'",
  '=',
  ',',
  ',',
  ';',
  '\t',
  '|',
  '\n',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '\0',
];

function anyCsv(random: Random): Buffer {
  const length = random.chance(0.02) ? 60_000 : random.below(400);
  const pieces = random.chance(0.2) ? CSV_PIECES.filter((piece) => piece !== '"') : CSV_PIECES.slice(0, -1);
  const text = Array.from({ length }, () => random.pick(pieces)).join('');
  const encoded = random.pick([
    () => Buffer.from(text),
    () => Buffer.from(`\uFEFF${text}`),
    () => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    () => Buffer.from(text, 'latin1'),
    () => Buffer.from(`sep=;\n${text}`),
  ])();
  return random.chance(0.4) ? mutateBytes(random, encoded) : encoded;
}
