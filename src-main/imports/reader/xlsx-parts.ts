import { posix } from 'node:path';
import { canonicalXml } from './canonical-xml';
import { type NumberLook, numberLook } from './number-look';
import { rejectFile } from './rejection';
import type { SheetInfo } from './row-source';
import { xmlAttribute, xmlContent, xmlStartTags } from './xml-text';
import type { ZipArchive, ZipEntry } from './zip';

export interface XlsxSheet extends SheetInfo {
  readonly entry: ZipEntry;
}

export interface XlsxParts {
  readonly sheets: readonly XlsxSheet[];
  readonly sharedStrings: ZipEntry | undefined;
  readonly epoch1904: boolean;
  /** What a cell with style n makes of its number. */
  readonly numberStyles: readonly NumberLook[];
}

const MAX_PART_BYTES = 32 * 1024 ** 2;
/** How many sheets are looked into for their number of rows. */
const SHEETS_MEASURED = 50;
const MAX_SHEETS = 20_000;
const LAST_ROW = 1_048_576;
const WORKBOOK = 'xl/workbook.xml';

/** Reads everything of an .xlsx but its cells. Throws an AppFailure where something of it is missing or broken. */
export async function readXlsxParts(archive: ZipArchive): Promise<XlsxParts> {
  const parts = new Parts(archive);
  const { name, xml: workbook } = await parts.workbook();
  const relations = await parts.relations(name);
  const strings = relations.ofType('/sharedStrings');
  const workbookProperties = xmlStartTags(workbook, 'workbookPr')[0] ?? '';
  return {
    sheets: await readSheets(archive, workbook, parts, relations),
    sharedStrings: strings === undefined ? undefined : parts.entry(strings.target),
    epoch1904: /^(?:1|true|on)$/.test(xmlAttribute(workbookProperties, 'date1904') ?? ''),
    numberStyles: readNumberStyles(await readStyles(parts, relations)),
  };
}

const damaged = (what: string) => rejectFile('damaged', `The file is damaged: ${what}.`);

/** The parts of a package by their names, in which upper and lower case are the same (ECMA-376 part 2, 6.2.2.3). */
class Parts {
  private readonly entries = new Map<string, ZipEntry>();

  constructor(private readonly archive: ZipArchive) {
    for (const entry of archive.entries.values()) {
      const name = entry.name.toLowerCase();
      if (this.entries.has(name)) throw damaged(`the part ${entry.name} is there twice`);
      this.entries.set(name, entry);
    }
  }

  entry(name: string): ZipEntry | undefined {
    return this.entries.get(name.toLowerCase());
  }

  async workbook(): Promise<{ name: string; xml: string }> {
    const name = (await this.relations('')).ofType('/officeDocument')?.target ?? WORKBOOK;
    const xml = await this.xml(name, 'workbook');
    if (xml === undefined) throw damaged('its workbook is missing');
    return { name, xml };
  }

  /** A small part as canonical XML; `undefined` where there is none. What has another root is not read as nothing. */
  async xml(name: string, root: string): Promise<string | undefined> {
    const entry = this.entry(name);
    if (entry === undefined) return undefined;
    if (entry.size > MAX_PART_BYTES)
      throw rejectFile('bomb', `The part ${entry.name} of the file is unreasonably large.`);
    const pieces: Buffer[] = [];
    for await (const piece of canonicalXml(this.archive.read(entry), entry.name)) pieces.push(piece);
    const xml = Buffer.concat(pieces).toString('utf8');
    if (!new RegExp(`^<${root}[ />]`).test(xml)) throw damaged(`the part ${entry.name} is something else`);
    return xml;
  }

  /** What a part refers to; the package itself is the part without a name. */
  async relations(part: string): Promise<Relations> {
    const { dir, base } = posix.parse(part);
    return readRelations(
      (await this.xml(posix.join(dir, '_rels', `${base}.rels`), 'Relationships')) ?? '',
      dir,
    );
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

function readRelations(xml: string, folder: string): Relations {
  const all = xmlStartTags(xml, 'Relationship').map((tag) => ({
    id: xmlAttribute(tag, 'Id') ?? '',
    type: xmlAttribute(tag, 'Type') ?? '',
    target: resolveTarget(xmlAttribute(tag, 'Target') ?? '', folder),
  }));
  const byId = new Map(all.map((relation) => [relation.id, relation]));
  if (byId.size < all.length) throw damaged('one reference stands for two parts');
  return {
    byId: (id) => byId.get(id),
    ofType: (ending) => all.find((relation) => relation.type.endsWith(ending)),
  };
}

/** Only a name to look up in the archive's directory: nothing is ever opened or written under it. */
function resolveTarget(target: string, folder: string): string {
  return target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
}

async function readSheets(
  archive: ZipArchive,
  workbook: string,
  parts: Parts,
  relations: Relations,
): Promise<XlsxSheet[]> {
  const sheets: XlsxSheet[] = [];
  const names = new Set<string>();
  const tags = xmlStartTags(workbook, 'sheet');
  if (tags.length > MAX_SHEETS) throw rejectFile('bomb', `The file has ${tags.length} sheets.`);
  for (const tag of tags) {
    const relation = relations.byId(xmlAttribute(tag, 'id') ?? '');
    // Sheets of charts and dialogs have no cells.
    if (relation?.type.endsWith('/worksheet') === false) continue;
    const name = xmlAttribute(tag, 'name') ?? '';
    const entry = relation === undefined ? undefined : parts.entry(relation.target);
    if (entry === undefined) throw damaged(`the sheet ${name} is missing`);
    if (names.has(name)) throw damaged(`there are two sheets named ${name}`);
    names.add(name);
    const rows = sheets.length < SHEETS_MEASURED ? await declaredRows(archive, entry) : null;
    const state = xmlAttribute(tag, 'state') ?? 'visible';
    sheets.push({ name, hidden: state !== 'visible', rows, entry });
  }
  if (sheets.length === 0) throw rejectFile('empty', 'The file has no sheet with cells.');
  return sheets;
}

/** What the sheet says of itself; a number that cannot be is passed over. */
async function declaredRows(archive: ZipArchive, entry: ZipEntry): Promise<number | null> {
  for await (const piece of archive.read(entry)) {
    const head = piece.toString('latin1', 0, 4_096);
    const last = /<(?:\w+:)?dimension\s[^<>]*?ref="(?:[A-Z]+\d+:)?[A-Z]+(\d{1,7})"/.exec(head);
    const rows = last === null ? 0 : Number(last[1]);
    return rows > 0 && rows <= LAST_ROW ? rows : null;
  }
  return null;
}

/** Without its styles a date would be taken for a number, so a lost part is not passed over. */
async function readStyles(parts: Parts, relations: Relations): Promise<string> {
  const relation = relations.ofType('/styles');
  const styles = await parts.xml(relation?.target ?? 'xl/styles.xml', 'styleSheet');
  if (styles === undefined && relation !== undefined) throw damaged('its styles are missing');
  return styles ?? '';
}

function readNumberStyles(styles: string): NumberLook[] {
  // Conditional formats have number formats of their own, whose numbers may be those of others.
  const codes = new Map(
    xmlStartTags(xmlContent(styles, 'numFmts'), 'numFmt').map((tag) => [
      Number(xmlAttribute(tag, 'numFmtId')),
      xmlAttribute(tag, 'formatCode') ?? '',
    ]),
  );
  return xmlStartTags(xmlContent(styles, 'cellXfs'), 'xf').map((tag) => {
    const id = Number(xmlAttribute(tag, 'numFmtId') ?? '0');
    return numberLook(id, codes.get(id));
  });
}
