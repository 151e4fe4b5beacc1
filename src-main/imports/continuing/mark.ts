import { ImportId } from '@shared/domain/ids';
import type { XlsxSheet } from '../../files/xlsx-writer';
import { cellText } from '@shared/domain/cell';
import type { SpreadsheetFile } from '../reader/row-source';

/** The columns that a rejects file has besides the original ones. */
export const ROW_HEADER = 'Row in the original file';
export const REASONS_HEADER = 'Why it was rejected';

/** Whether a column is one that a rejects file carries: when the mended file comes back, it is passed over. */
export const isRejectsColumn = (header: string): boolean =>
  header === ROW_HEADER || header === REASONS_HEADER;

const MARK_SHEET = 'ADSapp import';
const MARK_ROWS = 10;

/**
 * A hidden sheet that says which import the rows beside it belong to. Excel, LibreOffice and Google Sheets
 * keep hidden sheets when a file is edited and saved, in every format with sheets; properties of the document
 * are lost on the way through Google Sheets.
 */
export const markSheet = (importId: ImportId): XlsxSheet => ({
  name: MARK_SHEET,
  widths: [20, 40],
  rows: [
    [
      ['Import', importId],
      ['Keep this sheet: with it, the mended rows go on with the import that refused them.'],
    ],
  ],
});

/** A copy of the sheet made by hand is "ADSapp import (2)" or the like. */
export const isMarkSheet = (name: string): boolean => name.startsWith(MARK_SHEET);

/** The import that a file says its rows belong to; whether there is one is for others to find out. */
export async function readMark(file: SpreadsheetFile): Promise<ImportId | null> {
  const sheet = file.sheets.find(({ name }) => isMarkSheet(name));
  if (sheet === undefined) return null;
  let rows = 0;
  for await (const batch of file.rows(sheet.name, { limit: MARK_ROWS })) {
    for (const { cells } of batch) {
      for (const cell of cells) {
        const id = ImportId.safeParse(cellText(cell).trim());
        if (id.success) return id.data;
      }
      rows += 1;
      if (rows >= MARK_ROWS) return null;
    }
  }
  return null;
}
