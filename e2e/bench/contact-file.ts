import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { columnLetters } from '../../src-main/files/xlsx-writer';
import { ZipWriter } from '../../src-main/files/zip-writer';

/** How a benchmark's contacts are written: as Excel does it, as most libraries do, or as text. */
export type ContactFormat = 'xlsx' | 'inline' | 'csv';
export const CONTACT_FORMATS: readonly ContactFormat[] = ['xlsx', 'inline', 'csv'];

/** What the numbers of the file are meant in where they do not say it. */
export const CONTACT_COUNTRY = 'SA';

export interface ContactFile {
  readonly path: string;
  readonly rows: number;
  /** Rows that are valid and whose phone no earlier row has. */
  readonly contacts: number;
}

/**
 * Writes a list of contacts of eight columns as people have them: every 100th row doubles an earlier one, every
 * 100th has a phone number that does not exist, and the others are written in four ways.
 */
export async function writeContacts(path: string, format: ContactFormat, rows: number): Promise<ContactFile> {
  if (format === 'csv') await pipeline(Readable.from(csvLines(rows)), createWriteStream(path));
  else await writeWorkbook(path, rows, format === 'xlsx');
  const numbers = Array.from({ length: rows }, (_, n) => n);
  return { path, rows, contacts: numbers.filter((n) => !isBroken(n) && !isDouble(n)).length };
}

type Cell = string | number;

const HEADER: readonly Cell[] = ['Phone', 'Name', 'Email', 'City', 'Order ID', 'Amount', 'Tags', 'Note'];
const CITIES = ['Riyadh', 'Jeddah', 'Dammam', 'Abha', 'Tabuk', 'Mecca', 'Medina', 'Hail'];
const FIRST_NAMES = [
  'Ahmed',
  'Fatima',
  'Omar',
  'Layla',
  'Yusuf',
  'Mariam',
  'Khalid',
  'Noor',
  'Salma',
  'Tariq',
];
const LAST_NAMES = ['Al-Harbi', 'Haddad', 'Mansour', 'Saleh', 'Nasser', 'Farouk', 'Aziz', 'Rahman', 'Khoury'];
const BATCH = 500;

const isDouble = (n: number): boolean => n % 100 === 50;
const isBroken = (n: number): boolean => n % 100 === 99;

function contact(n: number): readonly Cell[] {
  const first = FIRST_NAMES[n % FIRST_NAMES.length] ?? '';
  const last = LAST_NAMES[(n * 7) % LAST_NAMES.length] ?? '';
  return [
    phone(n),
    `${first} ${last}`,
    `${first.toLowerCase()}.${n}@example.com`,
    CITIES[(n * 3) % CITIES.length] ?? '',
    `ORD-${100_000 + n}`,
    Math.round(((n * 37) % 100_000) + 99) / 100,
    n % 3 === 0 ? 'vip; spring' : 'new',
    n % 10 === 0 ? `Called back on day ${n % 28}` : '',
  ];
}

function phone(n: number): Cell {
  if (isBroken(n)) return `+9661${n % 10}`;
  // Scattered over the range, as real lists are: no two rows have neighbouring numbers.
  const digits = String(30_000_000 + (((isDouble(n) ? n - 1 : n) * 7_654_321) % 29_999_999));
  if (n % 10 === 3) return `05${digits}`;
  if (n % 10 === 6) return `009665${digits}`;
  return n % 10 === 8 ? Number(`9665${digits}`) : `+9665${digits}`;
}

function* table(rows: number): Generator<readonly Cell[]> {
  yield HEADER;
  for (let n = 0; n < rows; n += 1) yield contact(n);
}

function* csvLines(rows: number): Generator<string> {
  let text = '';
  let lines = 0;
  for (const cells of table(rows)) {
    text += `${cells.join(',')}\r\n`;
    lines += 1;
    if (lines % BATCH !== 0) continue;
    yield text;
    text = '';
  }
  yield text;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

async function writeWorkbook(path: string, rows: number, isShared: boolean): Promise<void> {
  const strings = new Map<string, number>();
  const zip = await ZipWriter.create(path);
  const override = (part: string, type: string): string =>
    `<Override PartName="/xl/${part}" ContentType="${TYPE}.${type}+xml"/>`;
  const shared = isShared ? override('sharedStrings.xml', 'sharedStrings') : '';
  await zip.add('[Content_Types].xml', [
    `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('workbook.xml', 'sheet.main')}${override('worksheets/sheet1.xml', 'worksheet')}${shared}</Types>`,
  ]);
  await zip.add('_rels/.rels', [
    `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ]);
  await zip.add('xl/workbook.xml', [
    `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="Contacts" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ]);
  const relation = isShared
    ? `<Relationship Id="rId2" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/>`
    : '';
  await zip.add('xl/_rels/workbook.xml.rels', [
    `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>${relation}</Relationships>`,
  ]);
  await zip.add('xl/worksheets/sheet1.xml', sheetXml(rows, isShared ? strings : undefined));
  if (isShared) await zip.add('xl/sharedStrings.xml', stringsXml(strings));
  await zip.end();
}

function* sheetXml(rows: number, strings: Map<string, number> | undefined): Generator<string> {
  yield `${DECLARATION}<worksheet xmlns="${MAIN}"><dimension ref="A1:H${rows + 1}"/><sheetData>`;
  let xml = '';
  let row = 0;
  for (const cells of table(rows)) {
    row += 1;
    const inner = cells.map((cell, index) => cellXml(`${columnLetters(index)}${row}`, cell, strings));
    xml += `<row r="${row}" spans="1:8">${inner.join('')}</row>`;
    if (row % BATCH !== 0) continue;
    yield xml;
    xml = '';
  }
  yield `${xml}</sheetData></worksheet>`;
}

function cellXml(place: string, cell: Cell, strings: Map<string, number> | undefined): string {
  if (cell === '') return '';
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if (strings === undefined) return `<c r="${place}" t="inlineStr"><is><t>${cell}</t></is></c>`;
  const index = strings.get(cell) ?? strings.size;
  strings.set(cell, index);
  return `<c r="${place}" t="s"><v>${index}</v></c>`;
}

function* stringsXml(strings: ReadonlyMap<string, number>): Generator<string> {
  yield `${DECLARATION}<sst xmlns="${MAIN}" uniqueCount="${strings.size}">`;
  let xml = '';
  for (const [text, index] of strings) {
    xml += `<si><t>${text}</t></si>`;
    if (index % BATCH !== 0) continue;
    yield xml;
    xml = '';
  }
  yield `${xml}</sst>`;
}
