import { posix } from 'node:path';
import { isDateFormat } from './cell-values';
import type { SheetInfo } from './row-source';
import { xmlAttribute, xmlStartTags } from './xml-text';
import type { ZipArchive, ZipEntry } from './zip';

/** The scanner reads the usual shape of .xlsx; what it does not know goes to SheetJS. */
export class ScannerDeclined extends Error {
  override readonly name = 'ScannerDeclined';
}

export interface XlsxSheet extends SheetInfo {
  readonly entry: ZipEntry;
}

export interface XlsxParts {
  readonly sheets: readonly XlsxSheet[];
  readonly sharedStrings: ZipEntry | undefined;
  readonly epoch1904: boolean;
  /** Whether a cell with style n shows its number as a date. */
  readonly dateStyles: readonly boolean[];
}

const MAX_PART_BYTES = 32 * 1024 ** 2;
/** How many sheets are looked into for their number of rows. */
const SHEETS_MEASURED = 50;
const WORKBOOK = 'xl/workbook.xml';

/** Reads everything of an .xlsx but its cells. Throws ScannerDeclined where it is not of the usual shape. */
export async function readXlsxParts(archive: ZipArchive): Promise<XlsxParts> {
  const workbook = await xmlPart(archive, WORKBOOK);
  if (workbook === undefined || !/<workbook[\s>]/.test(workbook))
    throw new ScannerDeclined('no plain workbook part');
  const relations = readRelations((await xmlPart(archive, 'xl/_rels/workbook.xml.rels')) ?? '');
  const styles = (await xmlPart(archive, relations.ofType('/styles')?.target ?? 'xl/styles.xml')) ?? '';
  const strings = relations.ofType('/sharedStrings');
  const workbookProperties = xmlStartTags(workbook, 'workbookPr')[0] ?? '';
  return {
    sheets: await readSheets(archive, workbook, relations),
    sharedStrings: strings === undefined ? undefined : archive.entries.get(strings.target),
    epoch1904: /^(?:1|true)$/.test(xmlAttribute(workbookProperties, 'date1904') ?? ''),
    dateStyles: readDateStyles(styles),
  };
}

async function xmlPart(archive: ZipArchive, name: string): Promise<string | undefined> {
  const xml = await archive.text(name, MAX_PART_BYTES);
  if (xml !== undefined) assertPlainXml(xml);
  return xml;
}

/** UTF-8, no comments, CDATA or entities of its own: what the scanner does not have to understand. */
export function assertPlainXml(xml: string): void {
  if (xml.includes('<!')) throw new ScannerDeclined('comment, CDATA or DOCTYPE');
  const encoding = /^\uFEFF?<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']/.exec(xml)?.[1];
  if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding)) {
    throw new ScannerDeclined(`encoding ${encoding}`);
  }
}

interface Relation {
  readonly id: string;
  readonly type: string;
  readonly target: string;
}

interface Relations {
  byId(id: string): Relation | undefined;
  ofType(ending: string): Relation | undefined;
}

function readRelations(xml: string): Relations {
  const all = xmlStartTags(xml, 'Relationship').map((tag) => ({
    id: xmlAttribute(tag, 'Id') ?? '',
    type: xmlAttribute(tag, 'Type') ?? '',
    target: resolveTarget(xmlAttribute(tag, 'Target') ?? ''),
  }));
  return {
    byId: (id) => all.find((relation) => relation.id === id),
    ofType: (ending) => all.find((relation) => relation.type.endsWith(ending)),
  };
}

/** Only a name to look up in the archive's directory: nothing is ever opened or written under it. */
function resolveTarget(target: string): string {
  return target.startsWith('/') ? target.slice(1) : posix.normalize(posix.join('xl', target));
}

async function readSheets(archive: ZipArchive, workbook: string, relations: Relations): Promise<XlsxSheet[]> {
  const sheets: XlsxSheet[] = [];
  for (const tag of xmlStartTags(workbook, 'sheet')) {
    const relation = relations.byId(xmlAttribute(tag, 'id') ?? '');
    if (relation?.type.endsWith('/worksheet') === false) continue;
    const entry = relation === undefined ? undefined : archive.entries.get(relation.target);
    if (entry === undefined) throw new ScannerDeclined('a sheet without its part');
    const rows = sheets.length < SHEETS_MEASURED ? await declaredRows(archive, entry) : null;
    const state = xmlAttribute(tag, 'state') ?? 'visible';
    sheets.push({ name: xmlAttribute(tag, 'name') ?? '', hidden: state !== 'visible', rows, entry });
  }
  if (sheets.length === 0) throw new ScannerDeclined('no sheets');
  return sheets;
}

async function declaredRows(archive: ZipArchive, entry: ZipEntry): Promise<number | null> {
  for await (const piece of archive.read(entry)) {
    const last = /<dimension[^>]*ref="(?:[A-Z]+\d+:)?[A-Z]+(\d+)"/.exec(piece.toString('latin1', 0, 4_096));
    return last === null ? null : Number(last[1]);
  }
  return null;
}

function readDateStyles(styles: string): boolean[] {
  const codes = new Map(
    xmlStartTags(styles, 'numFmt').map((tag) => [
      Number(xmlAttribute(tag, 'numFmtId')),
      xmlAttribute(tag, 'formatCode') ?? '',
    ]),
  );
  const start = styles.indexOf('<cellXfs');
  if (start === -1) {
    if (/:cellXfs[\s>]/.test(styles)) throw new ScannerDeclined('prefixed styles');
    return [];
  }
  const end = styles.indexOf('</cellXfs>', start);
  return xmlStartTags(styles.slice(start, end === -1 ? undefined : end), 'xf').map((tag) => {
    const id = Number(xmlAttribute(tag, 'numFmtId') ?? '0');
    return isDateFormat(id, codes.get(id));
  });
}
