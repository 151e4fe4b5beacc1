import type { ImportDraft, ImportedFile, ImportNote, ImportOptions, Mapping } from '@shared/contract/imports';
import { isBlank } from '@shared/domain/cell';
import { showsDates } from './date-orders';
import { PHONE_NOTES } from './reader/phone-notes';
import { RowAssessor } from './reader/row-outcomes';

/** A draft with what its import was started with. `options` are those after dates were looked at. */
export interface StartedDraft {
  readonly draft: ImportDraft;
  readonly mapping: Mapping;
  readonly options: ImportOptions;
  /** Its rows go on with the import that it names. */
  readonly continued: boolean;
}

/** How a draft's file was read. */
export const fileOf = ({ format, text, sheets, sheet, headerRow }: ImportDraft): ImportedFile => ({
  ...{ format, text, sheets, sheet, headerRow },
});

/**
 * What was decided for somebody who has seen nothing of the file: told by its first rows alone, so that the
 * answer to an upload does not wait for all of them.
 */
export function notesOf(started: StartedDraft): ImportNote[] {
  return [
    ...encodingNotes(started.draft),
    ...sheetNotes(started.draft),
    ...columnNotes(started),
    ...dateNotes(started),
    ...rowNotes(started),
    ...earlierNotes(started),
  ];
}

const note = (code: ImportNote['code'], message: string): ImportNote => ({ code, message });

/** UTF-8 and UTF-16 show by their bytes that they are; of code pages only one is the likeliest. */
function encodingNotes({ text }: ImportDraft): ImportNote[] {
  if (text === null || text.encoding.startsWith('UTF-')) return [];
  const message = `The file does not say how its letters are encoded; it was read as ${text.encoding}.`;
  return [note('encoding-guessed', message)];
}

function sheetNotes({ sheets, sheet, headerRow, head }: ImportDraft): ImportNote[] {
  const others = sheets.filter(({ name }) => name !== sheet).map(({ name }) => name);
  const above = head.filter(({ row, cells }) => row < headerRow && !cells.every(isBlank)).length;
  return [
    ...(others.length === 0
      ? []
      : [note('other-sheets', `Only the sheet ${sheet} is read, not ${list(others)}.`)]),
    ...(sheets.find(({ name }) => name === sheet)?.hidden === true
      ? [note('hidden-sheet', `The sheet ${sheet} is hidden; no other one has rows, or it was asked for.`)]
      : []),
    ...(above === 0
      ? []
      : [
          note(
            'rows-above-header',
            `The header is row ${headerRow}; ${rows(above)} above it ${isAre(above)} passed over.`,
          ),
        ]),
    ...(headerRow === 0
      ? [note('no-header', 'The sheet has no header; its first row is taken as data.')]
      : []),
  ];
}

function columnNotes({ draft: { columns }, mapping, continued }: StartedDraft): ImportNote[] {
  if (continued) return [];
  const ignored = columns
    .filter((_, index) => mapping[index]?.field === 'ignore')
    .map(({ header }) => header);
  if (ignored.length === 0) return [];
  return [note('columns-ignored', `Not imported: ${list(ignored)}.`)];
}

/** Dates in numbers: days and months were told apart by the whole column, or could not be. */
function dateNotes({
  draft: { columns },
  mapping,
  options: { dateOrders },
  continued,
}: StartedDraft): ImportNote[] {
  if (continued) return [];
  return mapping.flatMap((target, index) => {
    const column = columns[index];
    if (target.field !== 'custom' || column === undefined || !showsDates(column)) return [];
    const order = Object.hasOwn(dateOrders, target.key) ? dateOrders[target.key] : undefined;
    if (order === 'text') return [];
    if (order === undefined)
      return [
        note(
          'dates-unclear',
          `The dates in ${column.header} can be read in two ways and are kept as they stand; options.dateOrders says which.`,
        ),
      ];
    const words = order === 'day-first' ? 'the day' : 'the month';
    return [
      note(
        'dates-converted',
        `Dates in ${column.header} are read with ${words} first and kept as 2024-12-31.`,
      ),
    ];
  });
}

/** What is repaired in the first rows, and what is refused, by the rules of the import itself. */
function rowNotes({ draft: { columns, head, headerRow }, mapping, options }: StartedDraft): ImportNote[] {
  const headers = columns.map(({ header }) => header);
  const assessor = new RowAssessor(mapping, options, headers);
  const repaired = new Map<string, number>();
  const refused = new Map<string, number>();
  let looked = 0;
  for (const { row, cells } of head) {
    const assessment = row > headerRow ? assessor.assess(cells) : undefined;
    if (assessment === undefined) continue;
    looked += 1;
    if (assessment.kind === 'valid') for (const each of assessment.notes) add(repaired, PHONE_NOTES[each]);
    else
      for (const message of new Set(assessment.reasons.map((reason) => reason.message)))
        add(refused, message);
  }
  const counted = (what: string, count: number): string => `${count} of the first ${rows(looked)}: ${what}`;
  return [
    ...[...repaired].map(([what, count]) => note('phones-repaired', counted(what, count))),
    ...[...refused].map(([what, count]) => note('rows-refused', counted(what, count))),
  ];
}

function earlierNotes({ draft: { sameFile, continues }, continued }: StartedDraft): ImportNote[] {
  return [
    ...(sameFile === null
      ? []
      : [
          note(
            'same-file',
            `The same file was imported on ${sameFile.at.slice(0, 10)} already (${sameFile.id}).`,
          ),
        ]),
    ...(continues === null || continued
      ? []
      : [
          note(
            'rejected-rows',
            `The file holds rejected rows of ${continues.fileName} (${continues.importId}); with continue=true they would have gone on with it.`,
          ),
        ]),
  ];
}

const add = (counts: Map<string, number>, key: string): unknown =>
  counts.set(key, (counts.get(key) ?? 0) + 1);
const rows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);
const isAre = (count: number): string => (count === 1 ? 'is' : 'are');

const MAX_LISTED = 10;
const list = (names: readonly string[]): string =>
  names.length <= MAX_LISTED
    ? names.join(', ')
    : `${names.slice(0, MAX_LISTED).join(', ')} and ${names.length - MAX_LISTED} more`;
