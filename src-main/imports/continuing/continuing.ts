import type { z } from 'zod';
import type { ContinuedImport, ImportDraft, SuggestedColumn } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { fail, notFound, ok, type AppError, type Result } from '@shared/errors';
import type { Inspection, RowNumbering } from '../../background/contract';
import { transaction, type Database } from '../../database/database';
import { findImport, type ImportRecord, lockImport } from '../repository';
import { waitForBatches } from '../rows/batches/repository';
import { isStaged } from '../summary';
import { countRows } from '../rows/repository';
import { isRejectsColumn, REASONS_HEADER, ROW_HEADER } from './mark';
import { mergeRows, newestWithHeaders, numberingOf } from './repository';

type FileInspection = Pick<z.infer<typeof Inspection>, 'columns' | 'continues'>;

/** The import that a file's rows were rejected by: they can be put into it, or not, and why. */
export type Continuation =
  | { readonly kind: 'open'; readonly continued: ContinuedImport }
  | {
      readonly kind: 'refused';
      readonly import: Pick<ContinuedImport, 'importId' | 'fileName' | 'certain'>;
      readonly problem: AppError;
    };

/**
 * The import that a file's rows were rejected by; null where the file names none. A file without the hidden
 * sheet, such as a .csv saved from it, is only a guess: the newest import with the same headers.
 */
export async function findContinued(
  db: Database,
  organizationId: string,
  { columns, continues }: FileInspection,
): Promise<Continuation | null> {
  const headers = columns.map(({ header }) => header);
  if (!headers.includes(ROW_HEADER)) return null;
  const certain = continues !== null;
  const isRejects = certain || headers.includes(REASONS_HEADER);
  if (!isRejects) return null;
  const own = headers.filter((header) => !isRejectsColumn(header));
  const record = certain
    ? await findImport(db, organizationId, continues)
    : await newestWithHeaders(db, organizationId, own);
  if (record === undefined) return null;
  const named = { importId: record.id, fileName: record.fileName, certain };
  const problem = continuingProblem(record);
  if (problem !== undefined) return { kind: 'refused', import: named, problem };
  const { rejected, options } = record;
  return { kind: 'open', continued: { ...named, rejected, columns: mapAs(record, columns), options } };
}

/** As a draft tells it. */
export function toldContinuation(
  found: Continuation | null,
): Pick<ImportDraft, 'continues' | 'cannotContinue'> {
  if (found === null) return { continues: null, cannotContinue: null };
  if (found.kind === 'open') return { continues: found.continued, cannotContinue: null };
  const { message, action = null } = found.problem;
  return { continues: null, cannotContinue: { ...found.import, message, action } };
}

/** Columns that the import does not know are left out until somebody says what they are. */
function mapAs(record: ImportRecord, columns: readonly SuggestedColumn[]): SuggestedColumn[] {
  const targets = new Map(record.columns.map(({ header, target }) => [header, target]));
  return columns.map((column) => {
    const known = isRejectsColumn(column.header) ? undefined : targets.get(column.header);
    if (known !== undefined)
      return { ...column, target: known, confidence: 1, reason: 'As in the import that is continued' };
    const reason = isRejectsColumn(column.header)
      ? 'Written by an earlier import'
      : 'Not in the import that is continued';
    return { ...column, target: { field: 'ignore' }, confidence: 1, reason };
  });
}

/** Why mended rows cannot be put into this import; nothing where they can. */
export function continuingProblem(record: ImportRecord): AppError | undefined {
  if (record.undo !== null) return undone;
  if (record.continuedBy !== null) return another;
  switch (record.state) {
    case 'completed':
      return undefined;
    case 'cancelled':
      // What was written of it stays; the rest is not written now either.
      return isStaged(record) ? undefined : unread;
    case 'failed':
      return failed;
    default:
      return notOver;
  }
}

/** What a reader needs to give the rows of a mended file their numbers. */
export const numberingFor = (
  db: Database,
  importId: ImportId,
  headers: readonly string[],
): Promise<RowNumbering> => numberingOf(db, importId, Math.max(0, headers.indexOf(ROW_HEADER)));

/**
 * Puts the rows of a mended file, all of them staged, into the import that it goes on with, in one
 * transaction: killed before, nothing has happened; killed after it, the import waits for its job. Answers
 * `overtaken` where that import was gone on with meanwhile (`rounds`): the numbers are not right any more; and
 * `incomplete` where fewer rows are staged than were `read`: the server was lost and has come back.
 */
export async function finishContinuing(
  database: Database,
  { id, organizationId, continues }: ImportRecord,
  { rounds, read }: { readonly rounds: number; readonly read: number },
): Promise<Result<ImportRecord | 'overtaken' | 'incomplete'>> {
  if (continues === null) return fail(notFound('import', id));
  return transaction(database, async (trx): Promise<Result<ImportRecord | 'overtaken' | 'incomplete'>> => {
    // A cancelled import may still have a batch under way.
    await waitForBatches(trx, continues);
    const target = await lockImport(trx, organizationId, continues);
    const draft = await lockImport(trx, organizationId, id);
    if (target === undefined) return fail(notFound('import', continues));
    if (draft?.state !== 'staging') return fail(givenUp);
    // That it is being gone on with is by now this very file.
    const problem = continuingProblem({ ...target, continuedBy: null });
    if (problem !== undefined) return fail(problem);
    if (target.rounds !== rounds) return ok('overtaken');
    if ((await countRows(trx, id)).rows !== read) return ok('incomplete');
    await mergeRows(trx, draft, target);
    const ready = await findImport(trx, organizationId, target.id);
    return ready === undefined ? fail(notFound('import', target.id)) : ok(ready);
  });
}

const undone: AppError = {
  code: 'conflict',
  message: 'The import was taken back; nothing can be added to it.',
  action: 'Import the rows as a new one.',
};
const notOver: AppError = {
  code: 'conflict',
  message: 'The import is not completed; its rejected rows cannot be replaced now.',
  action: 'Wait until it is completed, or import the rows as a new one.',
};
const another: AppError = {
  code: 'conflict',
  message: 'Mended rows of another file are being put into this import.',
  action: 'Wait until they are, then open this file again.',
};
const unread: AppError = {
  code: 'conflict',
  message: 'The import was cancelled before all rows of its file were read; nothing can be added to it.',
  action:
    'Import the whole file again. Contacts that are there already are recognised by their phone number.',
};
const failed: AppError = {
  code: 'conflict',
  message:
    'The import has failed with rows that are not written yet; its rejected rows cannot be replaced now.',
  action: 'Resume it: when it is completed, this file can go on with it.',
};
const givenUp: AppError = { code: 'cancelled', message: 'Reading the mended rows was given up.' };

/** The file is not one of rejected rows, or its import cannot be gone on with. */
export const nothingToContinue: AppError = {
  code: 'conflict',
  message:
    'This file goes on with no import: it needs the column “Row in the original file”, and its import must be completed or cancelled, and not taken back.',
  action: 'Import the rows as a new one.',
};
