import { AppFailure } from '@shared/errors';

/** Why a file is refused; stable, for tests and for the console's help. */
export type FileRejection =
  | 'gone'
  | 'empty'
  | 'encrypted'
  | 'truncated'
  | 'damaged'
  | 'bomb'
  | 'too-large'
  | 'html'
  | 'not-a-spreadsheet'
  | 'unsupported'
  | 'no-such-sheet'
  | 'too-many-columns'
  | 'unclosed-quote'
  | 'endless-row'
  | 'disk-full'
  | 'timed-out'
  | 'out-of-memory';

const ACTIONS: Readonly<Record<FileRejection, string>> = {
  gone: 'Choose the file again: what of it was imported already is recognised.',
  empty: 'Choose a file that has rows in it.',
  encrypted: 'Open it in Excel, remove the password (File, Info, Protect Workbook) and save it.',
  truncated: 'Download or copy the file again: its end is missing.',
  damaged: 'Open it in Excel, let Excel repair it, and save it under a new name.',
  bomb: 'It unpacks to far more than a contact list holds. Save it again from Excel, or as CSV.',
  'too-large': 'Split the list into several files.',
  html: 'It is a web page that was named like a spreadsheet. Open it in Excel and save it as .xlsx.',
  'not-a-spreadsheet': 'Choose an .xlsx, .xls, .xlsb, .ods, .csv or .tsv file.',
  unsupported: 'Open it in Excel and save it as .xlsx.',
  'no-such-sheet': 'Choose one of the sheets of the file.',
  'too-many-columns': 'Remove the columns that are not needed.',
  'unclosed-quote': 'Put a closing quotation mark where the cell ends, or save the file again from Excel.',
  'endless-row':
    'Choose a list with one contact a line. Open it in Excel to see what it is, and save it as CSV.',
  'disk-full': 'Make room on the disk, and choose the file again.',
  'timed-out': 'Save the sheet again from Excel as .xlsx or CSV; that is quicker to read.',
  'out-of-memory': 'Save the sheet as .xlsx or CSV, or split it into several files.',
};

/** A file that cannot be imported, as a named error: nothing was written. */
export const rejectFile = (reason: FileRejection, message: string): AppFailure =>
  new AppFailure({ code: 'file_rejected', reason, message, action: ACTIONS[reason] });

/** Waits for a copy of ours to be written; rejects with `disk-full` where there is no room for it. */
export async function whereThereIsRoom<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    throw rejectFile('disk-full', 'There is no room left on the disk for a copy of the file.');
  }
}
