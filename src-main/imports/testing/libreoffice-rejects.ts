import { ImportId } from '@shared/domain/ids';
import type { Rejected } from '../rejects';

/** The import whose rejected rows were opened and saved with LibreOffice. */
export const SAVED_IMPORT = ImportId.parse('3f1c2a54-8d5e-4b7a-9c60-5a1f2e7d9b43');

/** Cells that a spreadsheet program may take for formulas, numbers or quotation marks are among them. */
export const SAVED_FILE = [
  ['Mobile', 'Name', 'City'],
  ['+966510000001', 'Sara', 'Riyadh'],
  ['call me', 'لينا', '=HYPERLINK("http://x")'],
  ['+966510000003', 'Omar', ''],
  ['12', "'Huda", '-3+4'],
  ['none', 'Ali', '0123'],
] as const;

/** Which of its rows are rejected. */
const REJECTED_ROWS = [3, 5, 6];

export const savedRejects = (): Rejected[] =>
  REJECTED_ROWS.map((row) => ({
    row,
    cells: [...(SAVED_FILE[row - 1] ?? [])],
    reasons: [{ column: 'Mobile', code: 'phone-invalid', message: 'It is no phone number.' }],
  }));

/** What somebody has changed in LibreOffice: a phone as text and one as a number, and a line that is new. */
export const SAVED_EDITS = {
  A2: '+966510000002',
  A3: 966_510_000_005,
  A5: '+966510000007',
  B5: 'Nura',
} as const;
