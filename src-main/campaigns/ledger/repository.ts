import { sql } from 'kysely';
import { z } from 'zod';
import type { DeliveryState } from '@shared/domain/delivery';
import type { Database } from '../../database/database';
import { isSuppressed } from '../audience/judging/repository';
import { repeated } from './repeated';

/** One recipient that a worker may send to. */
export interface DueDelivery {
  readonly id: string;
  readonly contactId: string | null;
  readonly recipient: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Requests made before this one. */
  readonly attempts: number;
}

/** A recipient about to be sent to by the run `owner`. */
export interface Claim {
  readonly id: string;
  readonly campaignId: string;
  readonly owner: string;
  /** As they were read: whoever has sent to the recipient since then has raised them. */
  readonly attempts: number;
}

/** What became of a request that was made. */
export interface DeliveryOutcome {
  readonly id: string;
  readonly state: 'accepted' | 'failed' | 'retry_wait' | 'unknown';
  readonly providerMessageId: string | null;
  readonly errorCode: string | null;
  readonly errorKind: string | null;
  readonly errorMessage: string | null;
  /** For `retry_wait`: ms from now. */
  readonly retryInMs: number | null;
}

/** An outcome as the run `owner` writes it down, which had claimed the recipient. */
export interface OwnedOutcome extends DeliveryOutcome {
  readonly owner: string;
}

export interface BatchScope {
  readonly campaignId: string;
  readonly batchNo: number;
}

/** A job's recipients: one batch, or all of the campaign for the parent job. */
export interface JobScope {
  readonly campaignId: string;
  readonly batchNo: number | null;
}

export interface FailedItem {
  readonly recipient: string;
  readonly contactId: string | null;
  readonly state: string;
  readonly code: string | null;
  readonly message: string | null;
}

/** A batch's recipients by state, and when there is something to do again. */
export interface BatchState {
  readonly counts: Readonly<Partial<Record<DeliveryState, number>>>;
  readonly total: number;
  /** The earliest recipient that waits for its time; null where none waits. */
  readonly nextDueAt: Date | null;
  /** Of those who wait, who does so for WhatsApp's limit of 24 hours. */
  readonly heldBack: number;
  /** When the last of the other workers that send is given up unless it says that it lives; null where none sends. */
  readonly aliveUntil: Date | null;
}

const Parameters = z.record(z.string(), z.string());
const QUIET_WORDS = 'Waits: it is night where the recipient is.';

/** In one order, as delivery reports take them: then two statements over the same rows rarely meet head on. */
const byId = <T extends { readonly id: string }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (a.id < b.id ? -1 : 1));

/**
 * The worker's side of the ledger. Every change names the states it may start from and the run it belongs to,
 * so that two workers, a late one or a repeated call can never undo each other.
 */
export const createLedgerRepository = (db: Database) => ({
  /** Up to `limit` recipients that are due, without those of `except`. Nothing is claimed by looking. */
  async due(scope: BatchScope, limit: number, except: readonly string[]): Promise<DueDelivery[]> {
    const { rows } = await sql<Omit<DueDelivery, 'parameters'> & { parameters: unknown }>`
      SELECT id, contact_id AS "contactId", recipient, parameters, attempts FROM deliveries
       WHERE campaign_id = ${scope.campaignId}::uuid AND batch_no = ${scope.batchNo}::int
         AND state IN ('pending', 'retry_wait') AND (next_attempt_at IS NULL OR next_attempt_at <= now())
         AND waits_for IS NULL AND id <> ALL(${except}::uuid[])
       ORDER BY created_at, id LIMIT ${limit}::int`.execute(db);
    return rows.map((row) => ({ ...row, parameters: Parameters.parse(row.parameters) }));
  },

  /**
   * Claims recipients by committing `sending`, and answers for which claims it has. Nobody else may be sent to:
   * another run had them since they were read, their campaign or its sender does not run any more, or WhatsApp's limit
   * was not looked at. This, and not a check before it, is what makes a pause hold from the moment it is committed.
   */
  async beginSending(claims: readonly Claim[], silenceMs: number): Promise<(claim: Claim) => boolean> {
    const column = <K extends keyof Claim>(key: K): Claim[K][] => ordered.map((one) => one[key]);
    const ordered = byId(claims);
    // The campaigns are looked at first and apart, and the ids are named twice: joined otherwise, a planner goes
    // through every recipient of each campaign, without statistics, or of all of a small ledger, with them.
    const { rows } = await repeated(() =>
      sql<{ id: string; owner: string }>`
        WITH running AS MATERIALIZED (
          SELECT campaign.id FROM campaigns AS campaign LEFT JOIN senders AS sender ON sender.id = campaign.sender_id
           WHERE campaign.id = ANY(${[...new Set(column('campaignId'))]}::uuid[]) AND campaign.state = 'running'
             AND (sender.id IS NULL OR sender.state = 'active' OR sender.paused_until <= now())
             AND (campaign.portfolio_limit IS NULL OR campaign.limit_looked_at IS NOT NULL)
        ), claim AS MATERIALIZED (
          SELECT given.* FROM unnest(${column('id')}::uuid[], ${column('campaignId')}::uuid[],
                                     ${column('owner')}::text[], ${column('attempts')}::int[])
                                AS given (id, campaign_id, owner, attempts)
           WHERE given.campaign_id IN (SELECT id FROM running)
        )
        UPDATE deliveries AS delivery
           SET state = 'sending', attempts = delivery.attempts + 1, sending_at = now(), claimed_by = claim.owner,
               alive_until = now() + ${silenceMs} * interval '1 ms', next_attempt_at = NULL,
               provider_message_id = NULL, updated_at = now()
          FROM claim
         WHERE delivery.id = claim.id AND delivery.id = ANY(${column('id')}::uuid[])
           AND delivery.state IN ('pending', 'retry_wait')
           AND delivery.attempts = claim.attempts
           AND (delivery.next_attempt_at IS NULL OR delivery.next_attempt_at <= now())
        RETURNING delivery.id, delivery.claimed_by AS owner`.execute(db),
    );
    // By their owners: two runs of one batch may claim the same recipient in one call.
    const owners = new Map(rows.map(({ id, owner }) => [id, owner]));
    return ({ id, owner }) => owners.get(id) === owner;
  },

  /**
   * Writes outcomes down. A delivery that was declared `unknown` meanwhile takes its late outcome; one that
   * a webhook has moved on keeps what the webhook said, but for a failure of an earlier attempt's message.
   */
  async record(outcomes: readonly OwnedOutcome[]): Promise<void> {
    const ordered = byId(outcomes);
    const column = <K extends keyof OwnedOutcome>(key: K): OwnedOutcome[K][] =>
      ordered.map((one) => one[key]);
    // PostgreSQL takes no NUL, and one provider's odd words must not cost the others of the group their outcome.
    const words = (key: 'providerMessageId' | 'errorCode' | 'errorMessage'): (string | null)[] =>
      column(key).map((text) => text?.replaceAll('\0', '') ?? null);
    await repeated(() =>
      sql`
        WITH outcome AS (
          SELECT * FROM unnest(${column('id')}::uuid[], ${column('owner')}::text[], ${column('state')}::text[],
                               ${words('providerMessageId')}::text[], ${words('errorCode')}::text[],
                               ${column('errorKind')}::text[], ${words('errorMessage')}::text[],
                               ${column('retryInMs')}::float8[])
                   AS given (id, owner, state, provider_message_id, error_code, error_kind, error_message, retry_in_ms)
        ), recorded AS (
          UPDATE deliveries AS delivery
             SET state = outcome.state, provider_message_id = outcome.provider_message_id,
                 error_code = outcome.error_code, error_kind = outcome.error_kind,
                 error_message = outcome.error_message,
                 next_attempt_at = now() + outcome.retry_in_ms * interval '1 ms',
                 accepted_at = CASE WHEN outcome.state = 'accepted' THEN now() END,
                 failed_at = CASE WHEN outcome.state = 'failed' THEN now() END,
                 alive_until = NULL, updated_at = now()
            FROM outcome
           WHERE delivery.id = outcome.id AND delivery.id = ANY(${column('id')}::uuid[])
             AND delivery.claimed_by = outcome.owner
             AND (delivery.state IN ('sending', 'unknown')
                  OR (delivery.state = 'failed' AND outcome.state = 'accepted'
                      AND delivery.provider_message_id <> outcome.provider_message_id))
          RETURNING delivery.id, delivery.organization_id, delivery.state, delivery.error_code,
                    delivery.error_message,
                    delivery.earlier_attempts + delivery.attempts AS attempts
        )
        INSERT INTO delivery_events (organization_id, delivery_id, event, detail)
        SELECT organization_id, id, state,
               jsonb_build_object('code', error_code, 'message', error_message, 'attempt', attempts)
          FROM recorded WHERE state <> 'accepted'`.execute(db),
    );
  },

  /** Puts recipients off: somebody else wrote to them a moment ago. */
  async postpone(later: readonly { readonly id: string; readonly ms: number }[]): Promise<void> {
    await repeated(() =>
      sql`UPDATE deliveries AS delivery
             SET next_attempt_at = now() + given.ms * interval '1 ms', updated_at = now()
            FROM unnest(${later.map(({ id }) => id)}::uuid[], ${later.map(({ ms }) => ms)}::float8[])
                   AS given (id, ms)
           WHERE delivery.id = given.id AND delivery.state IN ('pending', 'retry_wait')`.execute(db),
    );
  },

  /** Says that this worker is still alive. */
  async renew(scope: BatchScope, owner: string, silenceMs: number): Promise<void> {
    await repeated(() =>
      sql`UPDATE deliveries SET alive_until = now() + ${silenceMs} * interval '1 ms'
           WHERE campaign_id = ${scope.campaignId}::uuid AND batch_no = ${scope.batchNo}::int
             AND state = 'sending' AND claimed_by = ${owner}`.execute(db),
    );
  },

  /**
   * Clears up after workers that died: what they were sending is `unknown` and stays so. Whose it was is kept: if the
   * worker lives after all, its late outcome counts. Answers how many.
   */
  async sweep(campaignId: string): Promise<number> {
    const { rows } = await repeated(() =>
      sql<{ n: number }>`
        WITH swept AS (
          UPDATE deliveries
             SET state = 'unknown', error_code = 'worker_lost', error_kind = 'unknown-outcome',
                 error_message = 'The worker ended between the request and its answer.',
                 alive_until = NULL, updated_at = now()
           WHERE campaign_id = ${campaignId}::uuid AND state = 'sending' AND alive_until < now()
             AND batch_no >= 0 AND idempotency_key IS NULL
          RETURNING id, organization_id
        ), noted AS (
          INSERT INTO delivery_events (organization_id, delivery_id, event, detail)
          SELECT organization_id, id, 'unknown', '{"code": "worker_lost"}' FROM swept
        )
        SELECT count(*)::int AS n FROM swept`.execute(db),
    );
    return rows[0]?.n ?? 0;
  },

  /** Takes out who opted out or was suppressed after the launch, unless it is in a batch of emails. */
  async skipUnwelcome(scope: BatchScope): Promise<number> {
    const { numAffectedRows } = await repeated(() =>
      sql`
        UPDATE deliveries AS delivery
           SET state = CASE delivery.state WHEN 'pending' THEN 'skipped' ELSE 'failed' END, updated_at = now(),
               next_attempt_at = NULL, error_kind = 'recipient-opted-out', error_message = NULL,
               error_code = CASE WHEN contact.opted_out_at IS NULL THEN 'suppressed' ELSE 'opted_out' END
          FROM (SELECT open.id, open.organization_id, known.opted_out_at
                  FROM deliveries AS open LEFT JOIN contacts AS known ON known.id = open.contact_id
                 WHERE open.campaign_id = ${scope.campaignId}::uuid AND open.batch_no = ${scope.batchNo}::int
                   AND open.state IN ('pending', 'retry_wait') AND open.idempotency_key IS NULL) AS contact,
               campaigns AS campaign
         WHERE delivery.id = contact.id AND delivery.state IN ('pending', 'retry_wait')
           AND campaign.id = delivery.campaign_id
           AND (contact.opted_out_at IS NOT NULL
                OR ${isSuppressed(sql`campaign.channel`, sql`delivery.recipient`, sql`campaign.organization_id`)})`.execute(
        db,
      ),
    );
    return Number(numAffectedRows ?? 0);
  },

  /** Holds back who is in quiet hours: each until the time of the longest of these prefixes that its phone has. */
  async keepQuiet(
    scope: BatchScope,
    places: readonly { readonly prefix: string; readonly until: number | null }[],
  ): Promise<number> {
    const { numAffectedRows } = await repeated(() =>
      sql`
        UPDATE deliveries AS delivery
           SET next_attempt_at = place.until, updated_at = now(),
               error_message = CASE WHEN delivery.error_code IS NULL THEN ${QUIET_WORDS} ELSE delivery.error_message END
          FROM deliveries AS open
         CROSS JOIN LATERAL (
           SELECT until FROM unnest(${places.map(({ prefix }) => prefix)}::text[],
                    ${places.map(({ until }) => (until === null ? null : new Date(until)))}::timestamptz[])
                    AS place (prefix, until)
            WHERE left(open.recipient, length(prefix)) = prefix ORDER BY length(prefix) DESC LIMIT 1) AS place
         WHERE open.campaign_id = ${scope.campaignId}::uuid AND open.batch_no = ${scope.batchNo}::int
           AND open.state IN ('pending', 'retry_wait') AND place.until IS NOT NULL
           AND (open.next_attempt_at IS NULL OR open.next_attempt_at < place.until) AND open.waits_for IS NULL
           AND delivery.id = open.id AND delivery.state IN ('pending', 'retry_wait')`.execute(db),
    );
    return Number(numAffectedRows ?? 0);
  },

  /**
   * What is not on its way yet will not be sent. An email whose answer was lost may have been: it stays
   * unknown. `batchNo` left out: of the whole campaign.
   */
  async cancel(campaignId: string, batchNo?: number): Promise<number> {
    const batch = batchNo === undefined ? sql`TRUE` : sql`batch_no = ${batchNo}::int`;
    const { numAffectedRows } = await repeated(() =>
      sql`UPDATE deliveries SET state = CASE WHEN state = 'retry_wait' AND error_kind = 'unknown-outcome'
                                THEN 'unknown' ELSE 'cancelled' END,
                     alive_until = NULL, next_attempt_at = NULL, updated_at = now()
           WHERE campaign_id = ${campaignId}::uuid AND ${batch}
             AND state IN ('pending', 'retry_wait')`.execute(db),
    );
    return Number(numAffectedRows ?? 0);
  },

  /** Of one batch, or of the whole campaign where `batchNo` is null. What `owner` sends itself is left out of `aliveUntil`. */
  async stateOf({ campaignId, batchNo }: JobScope, owner: string): Promise<BatchState> {
    const { rows } = await sql<{
      state: DeliveryState;
      n: number;
      due: Date | null;
      alive: Date | null;
      held: number;
    }>`
      SELECT state, count(*)::int AS n, min(coalesce(next_attempt_at, now())) FILTER (
               WHERE state IN ('pending', 'retry_wait')) AS due,
             (count(*) FILTER (WHERE waits_for IS NOT NULL AND state IN ('pending', 'retry_wait')))::int AS held,
             max(alive_until) FILTER (WHERE claimed_by IS DISTINCT FROM ${owner}) AS alive
        FROM deliveries
       WHERE campaign_id = ${campaignId}::uuid AND (${batchNo}::int IS NULL OR batch_no = ${batchNo}::int)
       GROUP BY state`.execute(db);
    return {
      counts: Object.fromEntries(rows.map(({ state, n }) => [state, n])),
      total: rows.reduce((sum, { n }) => sum + n, 0),
      nextDueAt: earliest(rows.map(({ due }) => due)),
      heldBack: rows.reduce((sum, { held }) => sum + held, 0),
      aliveUntil: latest(rows.map(({ alive }) => alive)),
    };
  },

  /** The first `limit` recipients that did not get the message, for the job's error details. */
  async failedItems({ campaignId, batchNo }: JobScope, limit: number): Promise<FailedItem[]> {
    return db
      .selectFrom('deliveries')
      .select([
        'recipient',
        'contact_id as contactId',
        'state',
        'error_code as code',
        'error_message as message',
      ])
      .where('campaign_id', '=', campaignId)
      .$if(batchNo !== null, (query) => query.where('batch_no', '=', batchNo))
      .where('state', 'in', ['failed', 'unknown', 'skipped'])
      .orderBy('recipient')
      .limit(limit)
      .execute();
  },

  /** How often a recipient failed with this code, over all of the organization's campaigns. */
  async failuresOf(
    {
      organizationId,
      contactId,
      recipient,
    }: { readonly organizationId: string; readonly contactId: string | null; readonly recipient: string },
    code: string,
  ): Promise<number> {
    const same =
      contactId !== null
        ? sql`delivery.contact_id = ${contactId}::uuid`
        : sql`delivery.recipient = ${recipient} AND delivery.campaign_id IN (
                SELECT id FROM campaigns WHERE organization_id = ${organizationId}::uuid)`;
    const { rows } = await sql<{ n: number }>`
      SELECT count(*)::int AS n FROM delivery_events AS event JOIN deliveries AS delivery ON delivery.id = event.delivery_id
       WHERE ${same} AND event.event = 'failed' AND event.detail ->> 'code' = ${code}`.execute(db);
    return rows[0]?.n ?? 0;
  },
});
export type LedgerRepository = ReturnType<typeof createLedgerRepository>;

const earliest = (dates: readonly (Date | null)[]): Date | null =>
  dates.reduce((best, date) => (date !== null && (best === null || date < best) ? date : best), null);
const latest = (dates: readonly (Date | null)[]): Date | null =>
  dates.reduce((best, date) => (date !== null && (best === null || date > best) ? date : best), null);
