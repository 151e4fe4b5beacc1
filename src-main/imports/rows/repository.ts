import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { type RejectedRow, RowReason } from '@shared/contract/imports';
import {
  attempt,
  brokenConstraint,
  type Executor,
  preferIndexes,
  type Transaction,
} from '../../database/database';
import { updatedValues, type Updating } from './updating/repository';

/**
 * Adds a batch of staged rows given as a JSON array of StagedRow (staged-row.ts) and says how many of those to come
 * are `read` with it, in one step; `false`, and nothing is written, where nobody waits for them any more. A paused
 * import takes them: they are kept nowhere else.
 */
export async function insertStagedRows(
  db: Executor,
  target: { readonly importId: string; readonly organizationId: string },
  batch: { readonly json: string; readonly read: number; readonly expected: number },
): Promise<boolean> {
  const result = await sql`
    WITH i AS (
      UPDATE imports SET rows_read = ${batch.read}, rows_expected = ${batch.expected}
       WHERE id = ${target.importId} AND state IN ('staging', 'paused') RETURNING id)
    INSERT INTO import_rows (import_id, organization_id, row_no, state, phone, name, email, tags,
                             only_import_tags, custom_fields, opt_out, cells, reasons, duplicate_of_row, contact_id)
    SELECT i.id, ${target.organizationId}, r.row, r.state, r.phone, r.name, r.email, r.tags,
           r."onlyImportTags", r.custom, r."optOut", r.cells, r.reasons, r."duplicateOf",
           CASE r.state WHEN 'staged' THEN gen_random_uuid() END
      FROM i, json_to_recordset(${batch.json}::json) AS r(
             row INTEGER, state TEXT, phone TEXT, name TEXT, email TEXT, tags TEXT[],
             "onlyImportTags" BOOLEAN, custom JSONB, "optOut" BOOLEAN, cells JSONB, reasons JSONB, "duplicateOf" INTEGER)`.execute(
    db,
  );
  return (result.numAffectedRows ?? 0n) > 0n;
}

export interface RowCounts {
  readonly rows: number;
  readonly staged: number;
  readonly skipped: number;
  readonly rejected: number;
  /** Left out when a cancelled import was gone on with. */
  readonly excluded: number;
}

/** The rows of an import by their state. */
export async function countRows(db: Executor, importId: string): Promise<RowCounts> {
  const { rows } = await sql<RowCounts>`
    SELECT count(*) AS rows,
           count(*) FILTER (WHERE state = 'staged') AS staged,
           count(*) FILTER (WHERE state = 'skipped') AS skipped,
           count(*) FILTER (WHERE state = 'rejected') AS rejected,
           count(*) FILTER (WHERE state = 'excluded') AS excluded
      FROM import_rows WHERE import_id = ${importId}`.execute(db);
  return rows[0] ?? { rows: 0, staged: 0, skipped: 0, rejected: 0, excluded: 0 };
}

/** The batch as row numbers: such a range is read through the primary key, whatever the planner knows. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

export interface BatchTarget extends RowRange {
  readonly importId: string;
  readonly organizationId: string;
  /** What happens to a row whose phone is a contact already. */
  readonly onExisting: 'update' | 'skip' | 'reject';
  readonly updating: Updating;
  /** A column of the file says who has opted out. */
  readonly hasOptOuts: boolean;
  /** No phone of the batch is thought to be a contact already. Where one is, the batch only takes longer. */
  readonly allNew: boolean;
}

export interface BatchOutcome {
  /** Rows of the range that were to be written. */
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly skipped: number;
  readonly rejected: number;
}

/** Rows that a concurrent deletion leaves without a contact to update are tried again so often. */
const MAX_ROUNDS = 5;

type Range = Pick<BatchTarget, 'importId' | 'organizationId' | 'first' | 'last'>;

type Counts = { -readonly [Count in keyof BatchOutcome]: BatchOutcome[Count] };

/**
 * Writes the staged rows of a range into `contacts`; must run in a transaction that also moves the checkpoint.
 * Each row of the batch ends in exactly one way, also while other imports write the same phones: a row that
 * met a known contact is marked, and one that stays `staged` up to the checkpoint was inserted. Plain
 * steps over a range of row numbers: the tables grow too fast for the planner's statistics to be trusted
 * with anything cleverer.
 */
export async function applyBatch(trx: Transaction, target: BatchTarget): Promise<BatchOutcome> {
  await preferIndexes(trx);
  const inserted = target.allNew ? await insertAllNew(trx, target) : undefined;
  const total: Counts =
    inserted === undefined
      ? await markAndInsert(trx, target)
      : { rows: inserted, inserted, updated: 0, skipped: 0, rejected: 0 };
  if (total.updated > 0) await updateContacts(trx, target, target.updating);
  if (target.hasOptOuts) await suppressOptedOut(trx, target);
  return total;
}

/** What is known is marked first: the others can then be inserted as new ones, which is much less work. */
async function markAndInsert(trx: Transaction, target: BatchTarget): Promise<Counts> {
  const total: Counts = {
    rows: await countStaged(trx, target),
    inserted: 0,
    updated: 0,
    skipped: 0,
    rejected: 0,
  };
  const mark = async (): Promise<void> => {
    total[MARKS[target.onExisting]] += await markKnown(trx, target);
  };
  await mark();
  if (countOf(total) < total.rows) total.inserted = (await insertAllNew(trx, target)) ?? 0;
  // Another import has written a phone meanwhile, or somebody has removed a contact.
  for (let round = 1; countOf(total) < total.rows; round += 1) {
    if (round > MAX_ROUNDS) throw new Error('Contacts of this batch keep disappearing while it is written.');
    total.inserted += await insertNew(trx, target);
    if (countOf(total) < total.rows) await mark();
  }
  return total;
}

const countOf = ({ inserted, updated, skipped, rejected }: BatchOutcome): number =>
  inserted + updated + skipped + rejected;

async function countStaged(trx: Executor, range: Range): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    SELECT count(*) AS rows FROM import_rows AS r WHERE ${stagedIn(range)}`.execute(trx);
  return rows[0]?.rows ?? 0;
}

/** The number of the last row that is staged; 0 where there is none. */
export async function lastStagedRow(db: Executor, importId: string): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    SELECT coalesce(max(row_no), 0) AS last FROM import_rows WHERE import_id = ${importId}`.execute(db);
  return rows[0]?.last ?? 0;
}

const stagedIn = ({ importId, first, last }: Range) => sql`
  r.import_id = ${importId} AND r.row_no BETWEEN ${first} AND ${last} AND r.state = 'staged'`;

/**
 * Inserts the whole range, or nothing where one of its phones is a contact already (undefined). To be ready for a
 * phone that is there costs PostgreSQL a third of the time of an insert, for every row: it looks for the phone
 * first, and takes each row in twice, tentatively and for good.
 */
function insertAllNew(trx: Transaction, range: Range): Promise<number | undefined> {
  return attempt(trx, () => insertStaged(trx, range, sql``), isKnownPhone);
}

const isKnownPhone = (error: unknown): boolean => brokenConstraint(error) === 'contacts_phone_key';

/** How many contacts were new. */
function insertNew(trx: Executor, range: Range): Promise<number> {
  return insertStaged(trx, range, sql`ON CONFLICT (organization_id, phone) DO NOTHING`);
}

/** A row carries the id of the contact that it makes. */
async function insertStaged(trx: Executor, range: Range, onKnown: RawBuilder<unknown>): Promise<number> {
  // In the order of the phones: two imports that share contacts then wait for each other, not both. Of plain digits
  // every collation makes the same order, and bytes are compared sooner.
  const result = await sql`
    INSERT INTO contacts (id, organization_id, phone, name, email, tags, custom_fields, opted_out_at, import_id)
    SELECT r.contact_id, ${range.organizationId}::uuid, r.phone, r.name, r.email, r.tags, r.custom_fields,
           CASE WHEN r.opt_out THEN now() END, ${range.importId}::uuid
      FROM import_rows AS r WHERE ${stagedIn(range)} ORDER BY r.phone COLLATE "C"
    ${onKnown}`.execute(trx);
  return Number(result.numAffectedRows ?? 0n);
}

const MARKS = { update: 'updated', skip: 'skipped', reject: 'rejected' } as const;

/**
 * Marks each row of the range whose phone is that of a contact with another id than the row would give it: it
 * was there before. Tells how many.
 */
async function markKnown(trx: Executor, target: BatchTarget): Promise<number> {
  const { onExisting } = target;
  const result = await (onExisting === 'update'
    ? markToUpdate(trx, target)
    : markKept(trx, target, onExisting));
  return Number(result.numAffectedRows ?? 0n);
}

/**
 * Rows to be updated keep how the contact was. Nobody else changes it from here on; locked in the order of phones.
 * A row is found again by its place: by its number, a planner that takes an import for one row (nobody has counted the
 * rows of the embedded database) goes through all of them for each of the batch, which took a minute for 100,000.
 */
function markToUpdate(trx: Executor, range: Range) {
  return sql`
    WITH known AS MATERIALIZED (
      SELECT r.ctid AS place, c.id,
             jsonb_build_object('name', c.name, 'email', c.email, 'tags', c.tags, 'customFields', c.custom_fields,
                                'optedOutAt', c.opted_out_at, 'updatedAt', c.updated_at) AS image
        FROM import_rows AS r
        JOIN contacts AS c ON c.organization_id = ${range.organizationId} AND c.phone = r.phone
       WHERE ${stagedIn(range)} AND c.id <> r.contact_id
       ORDER BY c.phone COLLATE "C" FOR UPDATE OF c)
    UPDATE import_rows AS r SET contact_id = known.id, state = ${MARKS.update}, before_image = known.image
      FROM known WHERE r.ctid = known.place`.execute(trx);
}

function markKept(trx: Executor, range: Range, onExisting: 'skip' | 'reject') {
  return sql`
    UPDATE import_rows AS r
       SET contact_id = c.id,
           state = ${MARKS[onExisting]},
           reasons = ${onExisting === 'reject' ? ALREADY_THERE : null}::jsonb
      FROM contacts AS c
     WHERE ${stagedIn(range)} AND c.organization_id = ${range.organizationId} AND c.phone = r.phone
       AND c.id <> r.contact_id`.execute(trx);
}

const ALREADY_THERE = JSON.stringify([
  {
    column: null,
    code: 'already-exists',
    message: 'A contact with this phone number exists already, and neither updating nor skipping was chosen.',
  } satisfies z.infer<typeof RowReason>,
]);

/**
 * Rows of the file, or of the mended ones that were put in last. Between those lie rows that have updated a contact
 * in an earlier round: what somebody has changed since is not to be overwritten by them once more.
 */
const putInLast = ({ importId, first, last }: Range) => sql`
  r.import_id = ${importId} AND r.row_no BETWEEN ${first} AND ${last}
  AND r.continued_at IS NOT DISTINCT FROM (SELECT i.continued_at FROM imports AS i WHERE i.id = ${importId})`;

/**
 * By the rules of the import; an opt-out is only ever added. A contact that the row says nothing new of is left as it
 * is: most of a list that is imported every week, and each would be written with all of its indexes.
 */
async function updateContacts(trx: Executor, range: Range, updating: Updating): Promise<void> {
  const to = updatedValues(updating, {
    ...{ name: sql`c.name`, email: sql`c.email`, tags: sql`c.tags`, customFields: sql`c.custom_fields` },
  });
  await sql`
    UPDATE contacts AS c
       SET name = ${to.name},
           email = ${to.email},
           tags = ${to.tags},
           custom_fields = ${to.customFields},
           opted_out_at = CASE WHEN r.opt_out THEN coalesce(c.opted_out_at, now()) ELSE c.opted_out_at END,
           updated_at = now()
      FROM import_rows AS r
     WHERE ${putInLast(range)} AND r.state = 'updated' AND c.id = r.contact_id
       AND ((c.name, c.email, c.tags, c.custom_fields)
              IS DISTINCT FROM (${to.name}, ${to.email}, ${to.tags}, ${to.customFields})
            OR (r.opt_out AND c.opted_out_at IS NULL))`.execute(trx);
}

/** Keeps who opted out from being written to, also after the contact is deleted and imported again. */
async function suppressOptedOut(trx: Executor, range: Range): Promise<void> {
  await sql`
    INSERT INTO suppressions (organization_id, channel, address, reason)
    SELECT r.organization_id, channel, address, 'opted-out'
      FROM import_rows AS r
     CROSS JOIN LATERAL (VALUES ('whatsapp', r.phone), ('email', lower(r.email))) AS a (channel, address)
     WHERE ${putInLast(range)} AND r.opt_out AND r.state IN ('staged', 'updated') AND address IS NOT NULL
     ORDER BY channel, address
    ON CONFLICT (organization_id, channel, address) DO NOTHING`.execute(trx);
}

const StoredRejection = z.object({
  row: z.int(),
  cells: z.array(z.string()).nullable(),
  reasons: z.array(RowReason).nullable(),
});

/** Rejected rows in the order of the file, after row `afterRow` or from the `start`th on. */
export async function rejectedRows(
  db: Executor,
  organizationId: string,
  importId: string,
  page: { readonly afterRow?: number; readonly start?: number; readonly count: number },
): Promise<z.infer<typeof RejectedRow>[]> {
  const { rows } = await sql`
    SELECT row_no AS row, cells, reasons FROM import_rows
     WHERE import_id = ${importId} AND organization_id = ${organizationId}
       AND state = 'rejected' AND row_no > ${page.afterRow ?? 0}
     ORDER BY row_no LIMIT ${page.count} OFFSET ${page.start ?? 0}`.execute(db);
  return rows.map((row) => {
    const { cells, reasons, ...rest } = StoredRejection.parse(row);
    return { ...rest, cells: cells ?? [], reasons: reasons ?? [] };
  });
}
