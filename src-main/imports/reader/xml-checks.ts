import { createReadStream } from 'node:fs';
import { canonicalXml } from './canonical-xml';
import { type OdsTable, OdsTables } from './ods-tables';
import { rejectFile } from './rejection';
import { wholeElements } from './xlsx-elements';
import type { ZipArchive } from './zip';

const READ_BYTES = 256 * 1024;
/** A million rows of twenty columns. */
const MAX_CELLS = 20_000_000;
/** SheetJS holds the text of the part twice, and its cells. */
const MAX_CONTENT_BYTES = 384 * 1024 ** 2;
const ROW_OR_CELL = /<(?:[\w-]+\.)?(table-row|table-cell|covered-table-cell)(?=[ />])([^<>]*)>/g;

/**
 * Checks an OpenDocument spreadsheet before SheetJS reads it, which believes what it says: its XML has to be
 * well-formed, and a cell that is repeated thousands of times in a row that is repeated a million times is a
 * bomb of a few hundred bytes. Answers the sheets there are.
 */
export async function checkOpenDocument(archive: ZipArchive): Promise<OdsTable[]> {
  const content = archive.entries.get('content.xml');
  if (content === undefined) throw rejectFile('damaged', 'The file is damaged: its content is missing.');
  if (content.size > MAX_CONTENT_BYTES)
    throw rejectFile('too-large', 'The file is too large for an OpenDocument spreadsheet to be read.');
  let cells = 0;
  let rowRepeats = 1;
  const tables = new OdsTables();
  for await (const text of wholeElements(canonicalXml(archive.read(content), content.name), '')) {
    tables.add(text);
    for (const [, element, attributes = ''] of text.matchAll(ROW_OR_CELL)) {
      if (element === 'table-row') rowRepeats = repeats(attributes, 'rows');
      else if (/value-type="/.test(attributes)) cells += rowRepeats * repeats(attributes, 'columns');
      if (cells > MAX_CELLS)
        throw rejectFile('bomb', 'The file repeats its cells more than a list can hold.');
    }
  }
  return tables.tables();
}

/** Reads a file of XML (Excel 2003) through: throws `damaged` where it is not well-formed. */
export async function checkXml(path: string): Promise<void> {
  const pieces = canonicalXml(createReadStream(path, { highWaterMark: READ_BYTES }), 'that it consists of');
  while ((await pieces.next()).done !== true);
}

const repeats = (attributes: string, what: 'rows' | 'columns'): number =>
  Number(new RegExp(`number-${what}-repeated="(\\d+)"`).exec(attributes)?.[1] ?? 1);
