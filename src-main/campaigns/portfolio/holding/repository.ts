import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { MessagingLimit } from '@shared/contract/senders';
import type { Executor } from '../../../database/database';
import { answering, taken, type Portfolio } from '../written/repository';

/** A limit that nobody reaches: the campaign looks again once there is one. */
const NO_LIMIT = 2_147_483_647;
/** Clocks differ, and the provider counts from the moment at which it sent. */
const MARGIN = sql`interval '1 minute'`;
const WORDS = 'Waits: WhatsApp’s limit of people within 24 hours is used up.';

export interface HeldBack {
  readonly waiting: number;
  /** When it is looked again whether they fit. */
  readonly until: Date;
  readonly limit: number;
}

/** A look at who of a campaign fits, which is carried out in steps; see `beginLook`. */
export interface Look {
  readonly campaignId: string;
  readonly owner: string;
  /** Ids of deliveries, each list in its order. */
  readonly held: readonly string[];
  readonly freed: readonly string[];
  /** When it is looked again at those who are held. */
  readonly until: Date;
}

/**
 * Begins to look at who of a campaign fits into the limit that it keeps to. From now on until `endLook` nothing more of
 * it is claimed, and no other campaign of its portfolio begins to look, so that two can never take the same room. A look
 * that says nothing for `aliveMs` is given up, and the next one begins anew. Null where there is nothing to look at,
 * `busy` where another look has to end first. Call it in a transaction.
 */
export async function beginLook(
  trx: Executor,
  campaignId: string,
  aliveMs: number,
): Promise<Look | 'busy' | null> {
  const bound = await limitOf(trx, campaignId);
  if (bound === null || !(await isTimeToLook(trx, campaignId))) return null;
  const { limit, ...portfolio } = bound;
  const key = `portfolio:${portfolio.organizationId}:${portfolio.provider}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
  // Another worker of the same campaign may have looked while this one waited.
  if (!(await isTimeToLook(trx, campaignId))) return null;
  if (await othersLook(trx, portfolio)) return 'busy';
  const owner = randomUUID();
  await sql`
    UPDATE campaigns SET limit_looked_at = NULL, limit_look_owner = ${owner}::uuid,
                         limit_look_until = now() + ${aliveMs}::float8 * interval '1 ms'
     WHERE id = ${campaignId}::uuid`.execute(trx);
  return { campaignId, owner, ...(await judge(trx, campaignId, portfolio, limit)) };
}

async function othersLook(trx: Executor, { organizationId, provider }: Portfolio): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM campaigns AS campaign
      JOIN senders AS sender ON sender.id = campaign.sender_id AND sender.provider = ${provider}
     WHERE campaign.organization_id = ${organizationId}::uuid AND campaign.limit_look_owner IS NOT NULL
       AND campaign.limit_look_until > now() LIMIT 1`.execute(trx);
  return rows.length > 0;
}

/** Who is to be held back, until as many as can ever fit have left the 24 hours, and who is to be let go. */
async function judge(
  trx: Executor,
  campaignId: string,
  portfolio: Portfolio,
  limit: number,
): Promise<Pick<Look, 'held' | 'freed' | 'until'>> {
  // So that the sets of a large portfolio are hashed, too.
  await sql`SET LOCAL work_mem = '64MB'`.execute(trx);
  // Sets are asked by IN: of joins a planner without statistics makes loops in loops.
  const { rows } = await sql<{ held: string[]; freed: string[]; until: Date }>`
    WITH taken AS MATERIALIZED (
      SELECT recipient, max(at) AS at FROM (${taken(portfolio, campaignId)}) AS each GROUP BY recipient
    ), used AS (
      SELECT count(*)::int AS people FROM taken
    ), open AS MATERIALIZED (
      SELECT id, batch_no, recipient, waits_for,
             recipient NOT IN (SELECT recipient FROM taken)
               AND recipient NOT IN (${answering(portfolio.organizationId)}) AS is_new
        FROM deliveries
       WHERE campaign_id = ${campaignId}::uuid AND batch_no >= 0 AND state IN ('pending', 'retry_wait')
    ), judged AS MATERIALIZED (
      SELECT id, waits_for, is_new AND place > ${limit}::int - (SELECT people FROM used) AS is_held
        FROM (SELECT id, waits_for, is_new,
                     row_number() OVER (PARTITION BY is_new ORDER BY batch_no, recipient) AS place
                FROM open) AS placed
    ), wanted AS (
      SELECT least((SELECT count(*) FROM judged WHERE is_held), ${limit}::int)
             + greatest(0, people - ${limit}::int) AS people FROM used
    )
    SELECT ARRAY(SELECT id::text FROM judged WHERE is_held ORDER BY id) AS held,
           ARRAY(SELECT id::text FROM judged WHERE NOT is_held AND waits_for IS NOT NULL ORDER BY id) AS freed,
           coalesce((SELECT at FROM (SELECT at, row_number() OVER (ORDER BY at) AS place FROM taken) AS each
                      WHERE place = (SELECT people FROM wanted)), now()) + interval '24 hours' + ${MARGIN} AS until`.execute(
    trx,
  );
  const [judged] = rows;
  if (judged === undefined) throw new Error('a query without a FROM has one row');
  return judged;
}

/** A step of a look: some of those who are held back. False: the look is not this one's any more. Call it in a transaction. */
export async function holdSome(
  trx: Executor,
  look: Look,
  ids: readonly string[],
  aliveMs: number,
): Promise<boolean> {
  if (!(await stillLooks(trx, look, aliveMs))) return false;
  await sql`
    UPDATE deliveries
       SET waits_for = 'budget', next_attempt_at = ${look.until}::timestamptz, updated_at = now(),
           error_message = CASE WHEN error_code IS NOT NULL THEN error_message ELSE ${WORDS} END
     WHERE id = ANY(${ids}::uuid[]) AND state IN ('pending', 'retry_wait')`.execute(trx);
  return true;
}

/** As `holdSome`, of those who are let go. */
export async function freeSome(
  trx: Executor,
  look: Look,
  ids: readonly string[],
  aliveMs: number,
): Promise<boolean> {
  if (!(await stillLooks(trx, look, aliveMs))) return false;
  await sql`
    UPDATE deliveries
       SET waits_for = NULL, next_attempt_at = NULL, updated_at = now(),
           error_message = CASE WHEN error_code IS NOT NULL THEN error_message END
     WHERE id = ANY(${ids}::uuid[]) AND state IN ('pending', 'retry_wait')`.execute(trx);
  return true;
}

/** Says that the look goes on; its row stays locked until the commit, so that nobody ends the look in between. */
async function stillLooks(trx: Executor, { campaignId, owner }: Look, aliveMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE campaigns SET limit_look_until = now() + ${aliveMs}::float8 * interval '1 ms'
     WHERE id = ${campaignId}::uuid AND limit_look_owner = ${owner}::uuid`.execute(trx);
  return (numAffectedRows ?? 0n) > 0n;
}

/** All of it is written down: the campaign goes on. False: the look was not this one's any more. */
export async function endLook(db: Executor, { campaignId, owner }: Look): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE campaigns SET limit_looked_at = now(), limit_look_owner = NULL, limit_look_until = NULL
     WHERE id = ${campaignId}::uuid AND limit_look_owner = ${owner}::uuid`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}

async function limitOf(
  db: Executor,
  campaignId: string,
): Promise<(Portfolio & { readonly limit: number }) | null> {
  const row = await db
    .selectFrom('campaigns as campaign')
    .innerJoin('senders as sender', 'sender.id', 'campaign.sender_id')
    .select([
      'campaign.organization_id as organizationId',
      'sender.provider',
      'campaign.portfolio_limit as limit',
    ])
    .where('campaign.id', '=', campaignId)
    .executeTakeFirst();
  return row === undefined || row.limit === null ? null : { ...row, limit: row.limit };
}

/** Whether it is time to look at who is held back: nobody has yet, or the time of some of them has come. */
export async function isTimeToLook(db: Executor, campaignId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM campaigns AS campaign
     WHERE id = ${campaignId}::uuid AND state = 'running' AND portfolio_limit IS NOT NULL
       AND (limit_looked_at IS NULL OR EXISTS (
             SELECT 1 FROM deliveries
              WHERE campaign_id = ${campaignId}::uuid AND waits_for IS NOT NULL
                AND state IN ('pending', 'retry_wait') AND next_attempt_at <= now()))`.execute(db);
  return rows.length > 0;
}

/** Who of a campaign is held back now; null where nobody is. */
export async function heldBack(db: Executor, campaignId: string): Promise<HeldBack | null> {
  const { rows } = await sql<{ waiting: number; until: Date | null; limit: number | null }>`
    SELECT count(*)::int AS waiting, min(next_attempt_at) AS until,
           (SELECT portfolio_limit FROM campaigns WHERE id = ${campaignId}::uuid) AS limit
      FROM deliveries
     WHERE campaign_id = ${campaignId}::uuid AND waits_for IS NOT NULL AND state IN ('pending', 'retry_wait')`.execute(
    db,
  );
  const [row] = rows;
  return row === undefined || row.until === null || row.limit === null
    ? null
    : { waiting: row.waiting, until: row.until, limit: row.limit };
}

/** From now on the campaign is sent whatever the limit. Answers how many were held back. */
export async function passLimit(trx: Executor, campaignId: string): Promise<number> {
  await trx
    .updateTable('campaigns')
    .set({ portfolio_limit: null, limit_look_owner: null, limit_look_until: null })
    .where('id', '=', campaignId)
    .execute();
  const { numAffectedRows } = await sql`
    UPDATE deliveries
       SET waits_for = NULL, next_attempt_at = NULL, updated_at = now(),
           error_message = CASE WHEN error_code IS NULL THEN NULL ELSE error_message END
     WHERE campaign_id = ${campaignId}::uuid AND waits_for IS NOT NULL
       AND state IN ('pending', 'retry_wait')`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** The limit of an organization, and who set it last. */
export async function readLimit(db: Executor, organizationId: string): Promise<MessagingLimit> {
  const row = await db
    .selectFrom('messaging_limits as known')
    .leftJoin('profiles as profile', 'profile.id', 'known.changed_by')
    .select(['known.people', 'known.updated_at', 'profile.full_name'])
    .where('known.organization_id', '=', organizationId)
    .executeTakeFirst();
  return {
    people: row?.people ?? null,
    changedAt: row?.updated_at.toISOString() ?? null,
    changedBy: row?.full_name ?? null,
  };
}

/** The last word counts: two who change it at once do so one after the other. */
export async function writeLimit(
  trx: Executor,
  organizationId: string,
  people: number | null,
  by: string | null,
): Promise<void> {
  await sql`
    INSERT INTO messaging_limits (organization_id, people, changed_by)
    VALUES (${organizationId}::uuid, ${people}::int, (SELECT id FROM profiles WHERE id::text = ${by}))
    ON CONFLICT (organization_id) DO UPDATE
       SET people = excluded.people, changed_by = excluded.changed_by, updated_at = now()`.execute(trx);
}

/** Whoever has set one before is not contradicted. */
export async function writeFirstLimit(db: Executor, organizationId: string, people: number): Promise<void> {
  await sql`
    INSERT INTO messaging_limits (organization_id, people) VALUES (${organizationId}::uuid, ${people}::int)
    ON CONFLICT (organization_id) DO NOTHING`.execute(db);
}

/**
 * What was launched under a limit keeps to the one of now. Answers the campaigns that run and have to be looked at for
 * it; whoever sends them does so, too.
 */
export async function followLimit(db: Executor): Promise<string[]> {
  const { rows } = await sql<{ id: string; state: string }>`
    UPDATE campaigns SET portfolio_limit = coalesce(known.people, ${NO_LIMIT}::int), limit_looked_at = NULL,
                         limit_look_owner = NULL, limit_look_until = NULL
      FROM messaging_limits AS known
     WHERE known.organization_id = campaigns.organization_id
       AND campaigns.portfolio_limit <> coalesce(known.people, ${NO_LIMIT}::int)
       AND campaigns.state IN ('scheduled', 'launching', 'running', 'paused')
    RETURNING campaigns.id, campaigns.state`.execute(db);
  return rows.filter(({ state }) => state === 'running').map(({ id }) => id);
}
