import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import type { Audience } from '@shared/contract/campaigns';
import {
  RenderedContact,
  RunState,
  type ResultFilter,
  type RunProblem,
} from '@shared/contract/template-runs';
import { Channel } from '@shared/contract/templates';
import { matchesContact, selected } from '../../campaigns/audience/selection/repository';
import { transaction, type Database } from '../../database/database';

/** A run with what its batches have come to. */
const RunRow = z.object({
  id: z.string(),
  organizationId: z.string(),
  createdBy: z.string().nullable(),
  createdByName: z.string().nullable(),
  templateId: z.string(),
  templateName: z.string(),
  channel: Channel,
  version: z.int(),
  state: RunState,
  problem: z.string().nullable(),
  contacts: z.int(),
  done: z.int(),
  problems: z.record(z.string(), z.number()),
  missing: z.array(z.object({ variable: z.string(), contacts: z.number() })),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});
export type RunRow = z.infer<typeof RunRow>;

export interface RunBatch {
  readonly batchNo: number;
  readonly contacts: number;
}

/** A batch as a worker takes it up. */
export interface BatchWork {
  readonly state: RunState;
  readonly firstPosition: number;
  /** Null for who stands in a list and is no contact. */
  readonly contactIds: readonly (string | null)[];
  /** The entries of a list, one each; null where the audience is none. */
  readonly listed: readonly ListedRecipient[] | null;
  /** How many of them are done. */
  readonly done: number;
  readonly problems: Readonly<Record<string, number>>;
  readonly missing: Readonly<Record<string, number>>;
}

/** An entry of a list with what its contact adds, as it was at the start. */
export interface ListedRecipient {
  readonly phone: string | null;
  readonly email: string | null;
  readonly name: string | null;
  /** What the list's other columns offer to variables. */
  readonly given: Readonly<Record<string, string>>;
  /** As it stands in the list, where it could not be read. */
  readonly written: string | null;
  /** The same address stands before it. */
  readonly isDouble: boolean;
}

/** One recipient's result as it is written. */
export interface NewResult {
  readonly position: number;
  readonly contact_id: string | null;
  readonly recipient: string | null;
  readonly name: string | null;
  readonly subject: string | null;
  readonly rendered: string | null;
  readonly length: number;
  readonly missing: readonly string[];
  readonly problems: readonly RunProblem[];
}

/** What a worker is through with: everything up to `done`, and the totals of the batch so far. */
export interface BatchStep {
  readonly from: number;
  readonly done: number;
  readonly problems: Readonly<Record<string, number>>;
  readonly missing: Readonly<Record<string, number>>;
  readonly results: readonly NewResult[];
}

export const createTemplateRunRepository = (db: Database) => ({
  /**
   * Freezes who matches an audience now, oldest contacts first or in the order of the list, in batches of at most
   * `batchSize`. Null, and nothing is kept, where more than `most` match or nobody does.
   */
  async freeze(
    run: {
      readonly organizationId: string;
      readonly templateId: string;
      readonly version: number;
      readonly channel: Channel;
      readonly audience: Audience;
      readonly createdBy: string;
    },
    { batchSize, most }: { readonly batchSize: number; readonly most: number },
  ): Promise<{ readonly runId: string | null; readonly contacts: number }> {
    const who = run.audience.kind === 'list' ? listEntries(run) : contactsOf(run);
    return transaction(db, async (trx) => {
      const { id } = await trx
        .insertInto('template_runs')
        .values({
          organization_id: run.organizationId,
          template_id: run.templateId,
          version: run.version,
          audience: JSON.stringify(run.audience),
          created_by: run.createdBy,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      const { rows } = await sql<{ contacts: number }>`
        WITH chosen AS (
          ${who} LIMIT ${most + 1}
        ), placed AS (
          SELECT id, listed, place, place / ${batchSize}::int AS batch_no FROM chosen
        ), batches AS (
          INSERT INTO template_run_batches (run_id, batch_no, first_position, contact_ids, listed)
          SELECT ${id}::uuid, batch_no, min(place), array_agg(id ORDER BY place),
                 CASE WHEN count(listed) > 0 THEN jsonb_agg(listed ORDER BY place) END
            FROM placed GROUP BY batch_no
          RETURNING cardinality(contact_ids) AS size
        )
        SELECT coalesce(sum(size), 0)::int AS contacts FROM batches`.execute(trx);
      const contacts = rows[0]?.contacts ?? 0;
      if (contacts === 0 || contacts > most) {
        await trx.deleteFrom('template_runs').where('id', '=', id).execute();
        return { runId: null, contacts };
      }
      await trx.updateTable('template_runs').set({ contacts }).where('id', '=', id).execute();
      return { runId: id, contacts };
    });
  },

  async find(organizationId: string, runId: string): Promise<RunRow | null> {
    const { rows } = await sql`${runs(sql`run.organization_id = ${organizationId}::uuid
      AND run.id = ${runId}::uuid`)}`.execute(db);
    return rows[0] === undefined ? null : RunRow.parse(rows[0]);
  },

  /** Newest first. */
  async list(organizationId: string, templateId: string | undefined, limit: number): Promise<RunRow[]> {
    const ofTemplate = templateId === undefined ? sql`TRUE` : sql`run.template_id = ${templateId}::uuid`;
    const { rows } = await sql`
      ${runs(sql`run.organization_id = ${organizationId}::uuid AND ${ofTemplate}`)}
       ORDER BY run.created_at DESC, run.id DESC LIMIT ${limit}`.execute(db);
    return rows.map((row) => RunRow.parse(row));
  },

  /** Runs that have been under way since before `before`, of every organization. */
  async unfinished(before: Date): Promise<RunRow[]> {
    const { rows } = await sql`
      ${runs(sql`run.state = 'running' AND run.created_at < ${before}`)}`.execute(db);
    return rows.map((row) => RunRow.parse(row));
  },

  async openBatches(runId: string): Promise<RunBatch[]> {
    const { rows } = await sql<RunBatch>`
      SELECT batch_no AS "batchNo", cardinality(contact_ids) AS contacts FROM template_run_batches
       WHERE run_id = ${runId}::uuid AND done < cardinality(contact_ids) ORDER BY batch_no`.execute(db);
    return rows;
  },

  /** Null where the run was removed. */
  async batch(organizationId: string, runId: string, batchNo: number): Promise<BatchWork | null> {
    const { rows } = await sql<BatchWork>`
      SELECT run.state, batch.first_position AS "firstPosition", batch.contact_ids AS "contactIds",
             batch.listed, batch.done, batch.problems, batch.missing
        FROM template_run_batches AS batch JOIN template_runs AS run ON run.id = batch.run_id
       WHERE run.organization_id = ${organizationId}::uuid AND run.id = ${runId}::uuid
         AND batch.batch_no = ${batchNo}::int`.execute(db);
    return rows[0] ?? null;
  },

  /**
   * Writes results and moves the batch on, both or neither. False where the batch does not stand at `from`
   * any more, because another worker took it up, or where the run is over.
   */
  async advance(runId: string, batchNo: number, step: BatchStep): Promise<boolean> {
    const { rows } = await sql<{ moved: number }>`
      WITH moved AS (
        UPDATE template_run_batches AS batch
           SET done = ${step.done}::int, problems = ${JSON.stringify(step.problems)}::jsonb,
               missing = ${JSON.stringify(step.missing)}::jsonb
          FROM template_runs AS run
         WHERE run.id = batch.run_id AND run.state = 'running' AND batch.run_id = ${runId}::uuid
           AND batch.batch_no = ${batchNo}::int AND batch.done = ${step.from}::int
        RETURNING 1
      ), written AS (
        INSERT INTO template_results
               (run_id, position, contact_id, recipient, name, subject, rendered, length, missing, problems)
        SELECT ${runId}::uuid, result.* FROM moved, json_to_recordset(${JSON.stringify(step.results)}::json)
               AS result (position int, contact_id uuid, recipient text, name text, subject text,
                          rendered text, length int, missing text[], problems text[])
        RETURNING 1
      )
      SELECT count(*)::int AS moved FROM moved`.execute(db);
    return (rows[0]?.moved ?? 0) > 0;
  },

  /** Ends a run whose batches are all done. Asked after every batch, so that the last one ends it. */
  async completeIfDone(runId: string): Promise<void> {
    await sql`
      UPDATE template_runs SET state = 'completed', problem = NULL, finished_at = now()
       WHERE id = ${runId}::uuid AND state IN ('running', 'failed') AND NOT EXISTS (
         SELECT 1 FROM template_run_batches WHERE run_id = ${runId}::uuid AND done < cardinality(contact_ids))`.execute(
      db,
    );
  },

  /** Ends a run before its time; false where it was over already. */
  async stop(runId: string, state: 'cancelled' | 'failed', problem: string | null): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('template_runs')
      .set({ state, problem, finished_at: sql<Date>`now()` })
      .where('id', '=', runId)
      .where('state', '=', 'running')
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  /** False where it runs or is completed. */
  async resume(runId: string): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('template_runs')
      .set({ state: 'running', problem: null, finished_at: null })
      .where('id', '=', runId)
      .where('state', 'in', ['cancelled', 'failed'])
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  /** Removes one that is over; false where it runs or there is none. */
  async remove(organizationId: string, runId: string): Promise<boolean> {
    const { numDeletedRows } = await db
      .deleteFrom('template_runs')
      .where('organization_id', '=', organizationId)
      .where('id', '=', runId)
      .where('state', '<>', 'running')
      .executeTakeFirst();
    return numDeletedRows > 0n;
  },

  /** Removes what ended before `before`, and of every organization all but the newest `most`. */
  async forget(before: Date, most: number): Promise<number> {
    const { rows } = await sql<{ removed: number }>`
      WITH ranked AS (
        SELECT id, finished_at, row_number() OVER (PARTITION BY organization_id ORDER BY created_at DESC) AS place
          FROM template_runs WHERE state <> 'running'
      ), removed AS (
        DELETE FROM template_runs WHERE id IN (
          SELECT id FROM ranked WHERE finished_at < ${before} OR place > ${most}) RETURNING 1
      )
      SELECT count(*)::int AS removed FROM removed`.execute(db);
    return rows[0]?.removed ?? 0;
  },

  async countResults(runId: string, filter: ResultFilter): Promise<number> {
    const { rows } = await sql<{ total: number }>`
      SELECT count(*)::int AS total FROM template_results
       WHERE run_id = ${runId}::uuid AND ${chosen(filter)}`.execute(db);
    return rows[0]?.total ?? 0;
  },

  /** In the order of the run. `start` counts what the filter shows; `after` is a position: faster for all of it. */
  async results(
    runId: string,
    filter: ResultFilter,
    page: { readonly start?: number; readonly after?: number; readonly count: number },
  ): Promise<RenderedContact[]> {
    const { rows } = await sql`
      SELECT position, contact_id AS "contactId", recipient, name, subject, rendered AS text, length, missing,
             problems
        FROM template_results
       WHERE run_id = ${runId}::uuid AND position > ${page.after ?? -1}::int AND ${chosen(filter)}
       ORDER BY position OFFSET ${page.start ?? 0} LIMIT ${page.count}`.execute(db);
    return rows.map((row) => RenderedContact.parse(row));
  },
});
export type TemplateRunRepository = ReturnType<typeof createTemplateRunRepository>;

interface RunAudience {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly audience: Audience;
}

const contactsOf = ({ organizationId, audience }: RunAudience): RawBuilder<unknown> => sql`
  SELECT contact.id, NULL::jsonb AS listed,
         (row_number() OVER (ORDER BY contact.created_at, contact.id) - 1)::int AS place
    FROM contacts AS contact
   WHERE contact.organization_id = ${organizationId}::uuid AND ${matchesContact(audience)}`;

/** Everybody in a list, as a campaign takes them: contacts, who is none, and what could not be read. */
function listEntries(scope: RunAudience): RawBuilder<unknown> {
  const address = scope.channel === 'whatsapp' ? sql`phone` : sql`lower(nullif(trim(email), ''))`;
  return sql`
    SELECT entry.contact_id AS id, (row_number() OVER (ORDER BY entry.position) - 1)::int AS place,
           jsonb_build_object('phone', entry.phone, 'email', entry.email, 'name', entry.name, 'given', entry.given,
             'written', CASE WHEN entry.problem IS NOT NULL THEN entry.written END,
             'isDouble', ${address} IS NOT NULL
                         AND row_number() OVER (PARTITION BY ${address} ORDER BY entry.position) > 1) AS listed
      FROM (${selected(scope)}) AS entry`;
}

const runs = (condition: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  SELECT run.id, run.organization_id AS "organizationId", run.created_by AS "createdBy",
         profile.full_name AS "createdByName", run.template_id AS "templateId",
         template.name AS "templateName", template.channel, run.version, run.state, run.problem, run.contacts,
         run.created_at AS "createdAt", run.finished_at AS "finishedAt",
         (SELECT coalesce(sum(batch.done), 0)::int FROM template_run_batches AS batch
           WHERE batch.run_id = run.id) AS done,
         (SELECT coalesce(jsonb_object_agg(key, total), '{}') FROM (
            SELECT key, sum(value::int)::int AS total
              FROM template_run_batches AS batch, jsonb_each_text(batch.problems)
             WHERE batch.run_id = run.id GROUP BY key) AS counted) AS problems,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('variable', key, 'contacts', total)
                                    ORDER BY total DESC, key), '[]') FROM (
            SELECT key, sum(value::int)::int AS total
              FROM template_run_batches AS batch, jsonb_each_text(batch.missing)
             WHERE batch.run_id = run.id GROUP BY key) AS counted) AS missing
    FROM template_runs AS run
    JOIN templates AS template ON template.id = run.template_id
    LEFT JOIN profiles AS profile ON profile.id = run.created_by
   WHERE ${condition}`;

function chosen({ problem, variable, search }: ResultFilter): RawBuilder<unknown> {
  const conditions = [sql`TRUE`];
  if (problem === 'any') conditions.push(sql`problems <> '{}'`);
  else if (problem !== undefined) conditions.push(sql`problems <> '{}' AND ${problem} = ANY(problems)`);
  if (variable !== undefined) conditions.push(sql`problems <> '{}' AND ${variable} = ANY(missing)`);
  const text = search?.trim().toLowerCase() ?? '';
  if (text !== '') {
    const found = (column: RawBuilder<unknown>) => sql`position(${text} IN lower(${column})) > 0`;
    conditions.push(
      sql`(${sql.join([found(sql`recipient`), found(sql`name`), found(sql`rendered`)], sql` OR `)})`,
    );
  }
  return sql.join(conditions, sql` AND `);
}
