import { rm } from 'node:fs/promises';
import { excelText } from '@shared/domain/spreadsheet-safe';
import { ZipWriter } from './zip-writer';

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Text is written as text, whatever it looks like: a phone number never becomes a number, nor text a formula. */
export type XlsxCell = string | number | null;

export interface XlsxSheet {
  /** At most 31 characters, without : \ / ? * [ ]. */
  readonly name: string;
  /** Widths of the columns in characters; the rest have Excel's own. */
  readonly widths?: readonly number[];
  /** 1-based row that is bold and stays in sight; left out: none. */
  readonly headerRow?: number;
  /** Rows in batches: each batch is turned to text in one go, so keep it to some hundred rows. */
  readonly rows: Iterable<readonly (readonly XlsxCell[])[]> | AsyncIterable<readonly (readonly XlsxCell[])[]>;
}

/**
 * Writes a workbook to `path`, streaming: packing happens in zlib's threads and memory stays flat, so the
 * calling process is never held up for long. The sheets after the first are hidden. Where it fails, no file
 * is left.
 */
export async function writeXlsx(
  path: string,
  sheet: XlsxSheet,
  hidden: readonly XlsxSheet[] = [],
): Promise<void> {
  const sheets = [sheet, ...hidden];
  const zip = await ZipWriter.create(path);
  try {
    for (const [name, xml] of staticParts(sheets)) await zip.add(name, [xml]);
    for (const [index, each] of sheets.entries())
      await zip.add(`xl/worksheets/sheet${index + 1}.xml`, sheetXml(each));
    await zip.end();
  } catch (error) {
    await zip.abandon();
    await rm(path, { force: true });
    throw error;
  }
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function staticParts(sheets: readonly XlsxSheet[]): readonly (readonly [string, string])[] {
  const each = (part: (number: number, sheet: XlsxSheet) => string): string =>
    sheets.map((sheet, index) => part(index + 1, sheet)).join('');
  const types = each(
    (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
  );
  const named = each(
    (n, { name }) =>
      `<sheet name="${escapeXml(name)}" sheetId="${n}"${n === 1 ? '' : ' state="hidden"'} r:id="rId${n}"/>`,
  );
  const related = each(
    (n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
  );
  return [
    [
      '[Content_Types].xml',
      `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>${types}<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${named}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${related}<Relationship Id="rId${sheets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ],
    ['xl/styles.xml', STYLES],
  ];
}

/** 0: general; 1: header, bold text; 2: text, with Excel's own mark that it is text (quotePrefix). */
const STYLES = `${DECLARATION}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs></styleSheet>`;

const HEADER_STYLE = 1;
const TEXT_STYLE = 2;

async function* sheetXml(sheet: XlsxSheet): AsyncGenerator<string, void, undefined> {
  yield `${DECLARATION}<worksheet xmlns="${MAIN}">${frozen(sheet.headerRow)}${columns(sheet.widths ?? [])}<sheetData>`;
  let row = 0;
  for await (const batch of sheet.rows) {
    let xml = '';
    for (const cells of batch) {
      row += 1;
      xml += rowXml(row, cells, row === sheet.headerRow ? HEADER_STYLE : TEXT_STYLE);
    }
    yield xml;
  }
  yield '</sheetData></worksheet>';
}

function frozen(headerRow: number | undefined): string {
  if (headerRow === undefined) return '';
  return `<sheetViews><sheetView workbookViewId="0"><pane ySplit="${headerRow}" topLeftCell="A${headerRow + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`;
}

function columns(widths: readonly number[]): string {
  if (widths.length === 0) return '';
  const all = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  return `<cols>${all.join('')}</cols>`;
}

function rowXml(row: number, cells: readonly XlsxCell[], textStyle: number): string {
  let xml = `<row r="${row}">`;
  cells.forEach((cell, index) => {
    if (cell === null || cell === '') return;
    const place = `${columnLetters(index)}${row}`;
    xml +=
      typeof cell === 'number'
        ? `<c r="${place}"><v>${cell}</v></c>`
        : `<c r="${place}" s="${textStyle}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(excelText(cell))}</t></is></c>`;
  });
  return `${xml}</row>`;
}

/** 0 → A, 27 → AB: as Excel names columns. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}

const SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML cannot hold is written as OOXML does it: _x000D_; text that only looks like that is escaped too. */
function escapeXml(text: string): string {
  return text.replace(
    SPECIAL,
    (character) =>
      ENTITIES[character] ?? `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
  );
}
