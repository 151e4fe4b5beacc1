import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ImportOptions, Mapping } from '@shared/contract/imports';
import { mappingProblems } from '@shared/domain/column-mapping';
import { ImportId, type JobId } from '@shared/domain/ids';
import { fail, ok, type AppError, type Result } from '@shared/errors';
import { updateRuleProblems } from '@shared/domain/update-rules';
import type { Actor } from '@shared/rpc/define';
import type { Database } from '../database/database';
import { withFoundOrders } from './date-orders';
import { jobIdOf } from './import-jobs';
import { DateColumns } from './review/date-columns';
import { phoneKey, RowAssessor, RowJudge } from './reader/row-outcomes';
import { stagedRow } from './reader/stage-task';
import { createImport, findImport, moveImport } from './repository';
import { countRows, insertStagedRows } from './rows/repository';
import type { StagedRow } from './rows/staged-row';
import type { Runs } from './runs';

/** A contact as the guide's JSON import carries it. */
export interface JsonContact {
  readonly phone: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly customFields?: Readonly<Record<string, string>> | undefined;
}

/** More come as a file. */
export const MAX_JSON_CONTACTS = 50_000;
/** Rows that are judged in one turn of the event loop: a few milliseconds. */
const TURN_ROWS = 200;
const BATCH_ROWS = 2_000;
const OWN_COLUMNS = ['phone', 'name', 'email', 'tags'] as const;

/**
 * Imports contacts that came as JSON by the same rules as a file's: they are staged, and the same job writes
 * them. Answers when all are staged and the job is queued.
 */
export async function importJsonContacts(
  { database, runs }: { readonly database: Database; readonly runs: Pick<Runs, 'enqueue'> },
  contacts: readonly JsonContact[],
  given: ImportOptions,
  actor: Actor,
): Promise<Result<{ importId: ImportId; jobId: JobId }>> {
  if (contacts.length > MAX_JSON_CONTACTS) return fail(tooMany);
  const headers = columnsOf(contacts);
  const parsed = Mapping.safeParse(headers.map(targetOf));
  if (!parsed.success)
    return fail(
      badFields('The names of custom fields have 1 to 64 characters, and there are at most 1,000.'),
    );
  const mapping = parsed.data;
  const [problem] = mappingProblems(mapping);
  if (problem !== undefined) return fail(badFields(problem.message));
  const [rule] = updateRuleProblems(mapping, given);
  if (rule !== undefined) return fail(badFields(rule.message, `importOptions.updateRules.${rule.field}`));

  const options = { ...given, dateOrders: await datesOf(contacts, headers, mapping, given) };

  const id = ImportId.parse(randomUUID());
  const { organizationId, userId } = actor;
  const fileName = contacts.length === 1 ? 'API, 1 contact' : `API, ${contacts.length} contacts`;
  await createImport(database, {
    ...{ id, organizationId, userId, fileName },
    ...{ source: 'api', sizeBytes: 0, sha256: null, format: 'json' },
  });
  const columns = headers.map((header, index) => ({ header, target: mapping[index] ?? targetOf(header) }));
  await moveImport(database, id, ['draft'], 'staging', {
    ...{ columns, options, jobId: jobIdOf(id), started: true },
  });
  const winners =
    options.duplicateWins === 'last'
      ? await lastRows(new RowAssessor(mapping, options, headers), contacts, headers)
      : undefined;
  const judge = new RowJudge(mapping, options, headers, winners);
  for (let start = 0; start < contacts.length; start += BATCH_ROWS) {
    const rows = await judgeBatch(judge, contacts.slice(start, start + BATCH_ROWS), start, headers, options);
    const batch = { json: JSON.stringify(rows), read: start + rows.length, expected: contacts.length };
    if (!(await insertStagedRows(database, { importId: id, organizationId }, batch))) return fail(stopped);
  }
  if (!(await finishStaging(database, id))) return fail(stopped);
  const record = await findImport(database, organizationId, id);
  if (record?.state === 'ready') await runs.enqueue(record);
  return ok({ importId: id, jobId: jobIdOf(id) });
}

/** All contacts are staged. An import that was paused meanwhile gets its job when it is resumed. */
async function finishStaging(database: Database, id: ImportId): Promise<boolean> {
  const { rows: read, skipped, rejected } = await countRows(database, id);
  const patch = { read, skipped, rejected, staged: true } as const;
  return (
    (await moveImport(database, id, ['staging'], 'ready', patch)) ||
    (await moveImport(database, id, ['paused'], 'paused', patch)) ||
    // Resumed between the two.
    (await moveImport(database, id, ['staging'], 'ready', patch))
  );
}

/** How the dates of custom fields are written: as was said, else as all contacts show; see date-orders.ts. */
async function datesOf(
  contacts: readonly JsonContact[],
  headers: readonly string[],
  mapping: Mapping,
  { dateOrders }: ImportOptions,
): Promise<ImportOptions['dateOrders']> {
  const columns = new DateColumns(mapping);
  for (const [index, contact] of contacts.entries()) {
    if (index % TURN_ROWS === 0) await nextTurn();
    columns.add(cellsOf(contact, headers));
  }
  return withFoundOrders(dateOrders, columns.found());
}

async function judgeBatch(
  judge: RowJudge,
  contacts: readonly JsonContact[],
  offset: number,
  headers: readonly string[],
  options: ImportOptions,
): Promise<StagedRow[]> {
  const rows: StagedRow[] = [];
  for (const [index, contact] of contacts.entries()) {
    if (index % TURN_ROWS === 0) await nextTurn();
    const source = { row: offset + index + 1, cells: cellsOf(contact, headers) };
    // A contact without any value still counts: the caller sent it.
    const outcome = judge.judge(source.row, source.cells) ?? { kind: 'invalid' as const, reasons: [blank] };
    rows.push(stagedRow(source, outcome, options));
  }
  return rows;
}

/** The last valid row of each phone, as for a file. */
async function lastRows(
  assessor: RowAssessor,
  contacts: readonly JsonContact[],
  headers: readonly string[],
): Promise<Map<number, number>> {
  const last = new Map<number, number>();
  for (const [index, contact] of contacts.entries()) {
    if (index % TURN_ROWS === 0) await nextTurn();
    const assessment = assessor.assess(cellsOf(contact, headers));
    if (assessment?.kind === 'valid') last.set(phoneKey(assessment.contact.phone), index + 1);
  }
  return last;
}

function columnsOf(contacts: readonly JsonContact[]): string[] {
  const keys = new Set<string>();
  for (const { customFields } of contacts) for (const key of Object.keys(customFields ?? {})) keys.add(key);
  // What no contact names is no column: a blank of it would say that a known contact's field is to be emptied.
  const own = OWN_COLUMNS.filter(
    (name) => name === 'phone' || contacts.some((contact) => contact[name] !== undefined),
  );
  return [...own, ...[...keys].map((key) => `customFields.${key}`)];
}

function targetOf(header: string): Mapping[number] {
  const own = OWN_COLUMNS.find((name) => name === header);
  return own === undefined ? { field: 'custom', key: header.slice('customFields.'.length) } : { field: own };
}

function cellsOf(contact: JsonContact, headers: readonly string[]): string[] {
  return headers.map((header) => {
    switch (header) {
      case 'phone':
        return contact.phone;
      case 'name':
        return contact.name ?? '';
      case 'email':
        return contact.email ?? '';
      case 'tags':
        return contact.tags?.join(';') ?? '';
      default:
        return contact.customFields?.[header.slice('customFields.'.length)] ?? '';
    }
  });
}

const blank = { column: 'phone', code: 'phone-missing', message: 'The phone number is empty.' };

const stopped: AppError = {
  code: 'cancelled',
  message: 'The import was stopped while its contacts were being taken in; none of them was written.',
  action: 'Send them again.',
};

const tooMany: AppError = {
  code: 'payload_too_large',
  message: `At most ${MAX_JSON_CONTACTS.toLocaleString('en')} contacts fit into one request.`,
  action: 'Send them in several requests, or as a file to /api/imports.',
};

const badFields = (message: string, path = 'contacts'): AppError => ({
  code: 'invalid_input',
  message,
  issues: [{ path, message }],
});
