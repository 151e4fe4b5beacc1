import { cutText, isBlank, type CellValue } from '@shared/domain/cell';
import { suggestMapping } from '@shared/domain/column-suggestion';
import { detectHeader } from '@shared/domain/header-detection';
import type { SuggestedColumn } from '@shared/contract/imports';
import type { z } from 'zod';
import type { Inspection, SheetRef } from '../../background/contract';
import { isMarkSheet, readMark } from '../continuing/mark';
import { rejectFile } from './rejection';
import { shownCells } from './row-outcomes';
import { MAX_COLUMNS, type SpreadsheetFile } from './row-source';
import { columnsOf, readHead } from './sheet-rows';

/** Rows that are shown as they stand in the sheet. */
const HEAD_ROWS = 50;
const SAMPLES = 5;
const MAX_SAMPLE = 200;
/** Sheets that are looked into for rows, when none was asked for. */
const MAX_SHEETS_TRIED = 200;

type Head = readonly (readonly CellValue[])[];

/** Says what is in a file and how its columns could be mapped. */
export async function inspectFile(
  file: SpreadsheetFile,
  ref: z.infer<typeof SheetRef>,
): Promise<z.infer<typeof Inspection>> {
  const { sheet, head } = await chooseSheet(file, ref);
  const headerRow = ref.headerRow ?? (detectHeader(head).headerRow ?? -1) + 1;
  const names = columnsOf(head, headerRow);
  if (names.length >= MAX_COLUMNS) {
    throw rejectFile('too-many-columns', `The sheet ${sheet} has ${MAX_COLUMNS} columns or more.`);
  }
  return {
    format: file.format,
    text: file.text ?? null,
    sheets: file.sheets.filter(({ name }) => !isMarkSheet(name)),
    sheet,
    headerRow,
    columns: describeColumns(names, head.slice(headerRow)),
    head: head.slice(0, Math.max(HEAD_ROWS, headerRow + 5)).map((cells, index) => ({
      row: index + 1,
      cells: shownCells(cells).map((cell) => cutText(cell, MAX_SAMPLE)),
    })),
    continues: await readMark(file),
  };
}

/** The sheet that was asked for, else the first visible one with a row, else a hidden one with a row. */
async function chooseSheet(
  file: SpreadsheetFile,
  ref: z.infer<typeof SheetRef>,
): Promise<{ sheet: string; head: Head }> {
  if (ref.sheet !== undefined) {
    return { sheet: ref.sheet, head: await readHead(file, ref.sheet, ref.headerRow) };
  }
  const candidates = file.sheets
    .filter(({ name }) => !isMarkSheet(name))
    .sort((a, b) => Number(a.hidden) - Number(b.hidden));
  for (const { name } of candidates.slice(0, MAX_SHEETS_TRIED)) {
    const head = await readHead(file, name, ref.headerRow);
    if (head.some((cells) => cells.some((cell) => !isBlank(cell)))) return { sheet: name, head };
  }
  throw rejectFile(
    'empty',
    candidates.length > MAX_SHEETS_TRIED
      ? `The first ${MAX_SHEETS_TRIED} of ${candidates.length} sheets have no rows.`
      : 'The file has no rows.',
  );
}

function describeColumns(names: readonly string[], rows: Head): SuggestedColumn[] {
  return suggestMapping(names, rows).map((suggestion) => ({
    index: suggestion.column,
    header: suggestion.header,
    samples: samplesOf(rows, suggestion.column),
    target: suggestion.target,
    confidence: suggestion.confidence,
    reason: suggestion.reason,
  }));
}

function samplesOf(rows: Head, column: number): string[] {
  const samples: string[] = [];
  for (const cells of rows) {
    const cell = cells[column];
    if (isBlank(cell)) continue;
    samples.push(...shownCells([cell ?? null]).map((text) => cutText(text, MAX_SAMPLE)));
    if (samples.length === SAMPLES) break;
  }
  return samples;
}
