import { sql } from 'kysely';
import { z } from 'zod';
import type { DeliveryState } from '@shared/domain/delivery';
import { sqlState, type Database } from '../../database/database';
import { isSuppressed } from '../audience/repository';

/** One recipient in the hands of a worker. */
export interface LeasedDelivery {
  readonly id: string;
  readonly contactId: string | null;
  readonly recipient: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Requests made before this one. */
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
  /** When the last lease of another worker ends; null where there is none. */
  readonly leasedUntil: Date | null;
}

const Parameters = z.record(z.string(), z.string());

/** Who was taken and not sent to: still pending, or, after an attempt that failed, waiting for the next. */
const OPEN_AGAIN = sql`CASE WHEN error_code IS NULL THEN 'pending' ELSE 'retry_wait' END`;

/**
 * The worker's side of the ledger. Every change names the states it may start from and the lease it
 * belongs to, so that two workers, a late one or a repeated call can never undo each other.
 */
export const createLedgerRepository = (db: Database) => ({
  /** Takes up to `limit` recipients that are due, for `leaseMs`. Rows that others hold are passed over. */
  async lease(scope: BatchScope, owner: string, limit: number, leaseMs: number): Promise<LeasedDelivery[]> {
    const { rows } = await repeated(() =>
      sql<Omit<LeasedDelivery, 'parameters'> & { parameters: unknown }>`
        UPDATE deliveries AS delivery
           SET state = 'leased', lease_owner = ${owner}, lease_until = now() + ${leaseMs} * interval '1 ms',
               updated_at = now()
          FROM (SELECT id FROM deliveries
                 WHERE campaign_id = ${scope.campaignId}::uuid AND batch_no = ${scope.batchNo}::int
                   AND state IN ('pending', 'retry_wait') AND (next_attempt_at IS NULL OR next_attempt_at <= now())
                 ORDER BY created_at, id LIMIT ${limit}::int FOR UPDATE SKIP LOCKED) AS due
         WHERE delivery.id = due.id
        RETURNING delivery.id, delivery.contact_id AS "contactId", delivery.recipient, delivery.parameters,
                  delivery.attempts`.execute(db),
    );
    return rows.map((row) => ({ ...row, parameters: Parameters.parse(row.parameters) }));
  },

  /**
   * Commits `sending` for those about to be sent and answers for whom it did. Nobody else may be sent to:
   * their lease has passed, or the campaign or its sender does not run any more. This, and not a check
   * before it, is what makes a pause hold from the moment it is committed.
   */
  async beginSending(ids: readonly string[], owner: string, leaseMs: number): Promise<ReadonlySet<string>> {
    const { rows } = await repeated(() =>
      sql<{ id: string }>`
        UPDATE deliveries AS delivery
           SET state = 'sending', attempts = delivery.attempts + 1, sending_at = now(),
               lease_until = now() + ${leaseMs} * interval '1 ms', next_attempt_at = NULL, updated_at = now()
          FROM campaigns AS campaign LEFT JOIN senders AS sender ON sender.id = campaign.sender_id
         WHERE delivery.id = ANY(${ids}::uuid[]) AND delivery.state = 'leased' AND delivery.lease_owner = ${owner}
           AND delivery.lease_until > now() AND campaign.id = delivery.campaign_id AND campaign.state = 'running'
           AND (sender.id IS NULL OR sender.state = 'active' OR sender.paused_until <= now())
        RETURNING delivery.id`.execute(db),
    );
    return new Set(rows.map(({ id }) => id));
  },

  /**
   * Writes outcomes down. A delivery that was declared `unknown` meanwhile takes its late outcome; one that
   * a webhook has moved on keeps what the webhook said.
   */
  async record(outcomes: readonly DeliveryOutcome[], owner: string): Promise<void> {
    const column = <K extends keyof DeliveryOutcome>(key: K): DeliveryOutcome[K][] =>
      outcomes.map((one) => one[key]);
    await repeated(() =>
      sql`
        WITH outcome AS (
          SELECT * FROM unnest(${column('id')}::uuid[], ${column('state')}::text[],
                               ${column('providerMessageId')}::text[], ${column('errorCode')}::text[],
                               ${column('errorKind')}::text[], ${column('errorMessage')}::text[],
                               ${column('retryInMs')}::float8[])
                   AS given (id, state, provider_message_id, error_code, error_kind, error_message, retry_in_ms)
        ), recorded AS (
          UPDATE deliveries AS delivery
             SET state = outcome.state, provider_message_id = outcome.provider_message_id,
                 error_code = outcome.error_code, error_kind = outcome.error_kind,
                 error_message = outcome.error_message,
                 next_attempt_at = now() + outcome.retry_in_ms * interval '1 ms',
                 accepted_at = CASE WHEN outcome.state = 'accepted' THEN now() END,
                 failed_at = CASE WHEN outcome.state = 'failed' THEN now() END,
                 lease_until = NULL, updated_at = now()
            FROM outcome
           WHERE delivery.id = outcome.id AND delivery.lease_owner = ${owner}
             AND delivery.state IN ('sending', 'unknown')
          RETURNING delivery.id, delivery.organization_id, delivery.state, delivery.error_code,
                    delivery.error_message, delivery.attempts
        )
        INSERT INTO delivery_events (organization_id, delivery_id, event, detail)
        SELECT organization_id, id, state,
               jsonb_build_object('code', error_code, 'message', error_message, 'attempt', attempts)
          FROM recorded WHERE state <> 'accepted'`.execute(db),
    );
  },

  /** Gives back what was taken and not sent. */
  async release(scope: BatchScope, owner: string): Promise<void> {
    await repeated(() =>
      sql`UPDATE deliveries SET state = ${OPEN_AGAIN}, lease_owner = NULL, lease_until = NULL, updated_at = now()
           WHERE campaign_id = ${scope.campaignId}::uuid AND batch_no = ${scope.batchNo}::int
             AND state = 'leased' AND lease_owner = ${owner}`.execute(db),
    );
  },

  /** Gives one recipient back until a time: somebody else wrote to it a moment ago. */
  async postpone(id: string, owner: string, ms: number): Promise<void> {
    await sql`UPDATE deliveries SET state = ${OPEN_AGAIN}, lease_owner = NULL, lease_until = NULL,
                     next_attempt_at = now() + ${ms} * interval '1 ms', updated_at = now()
               WHERE id = ${id}::uuid AND state = 'leased' AND lease_owner = ${owner}`.execute(db);
  },

  /** Says that this worker is still alive. */
  async renew(scope: BatchScope, owner: string, leaseMs: number): Promise<void> {
    await repeated(() =>
      sql`UPDATE deliveries SET lease_until = now() + ${leaseMs} * interval '1 ms'
           WHERE campaign_id = ${scope.campaignId}::uuid AND batch_no = ${scope.batchNo}::int
             AND state IN ('leased', 'sending') AND lease_owner = ${owner}`.execute(db),
    );
  },

  /**
   * Clears up after workers that died: what they had only taken is free again, what they were sending is
   * `unknown` and stays so. The lease's owner is kept: if it lives after all, its late outcome counts.
   */
  async sweep(campaignId: string): Promise<{ readonly freed: number; readonly unknown: number }> {
    const { rows } = await repeated(() =>
      sql<{ state: string; n: number }>`
        WITH swept AS (
          UPDATE deliveries
             SET state = CASE state WHEN 'leased' THEN ${OPEN_AGAIN} ELSE 'unknown' END,
                 error_code = CASE state WHEN 'sending' THEN 'worker_lost' ELSE error_code END,
                 error_kind = CASE state WHEN 'sending' THEN 'unknown-outcome' ELSE error_kind END,
                 error_message = CASE state WHEN 'sending'
                   THEN 'The worker ended between the request and its answer.' ELSE error_message END,
                 lease_owner = CASE state WHEN 'leased' THEN NULL ELSE lease_owner END,
                 lease_until = NULL, updated_at = now()
           WHERE campaign_id = ${campaignId}::uuid AND state IN ('leased', 'sending') AND lease_until < now()
             AND batch_no >= 0 AND idempotency_key IS NULL
          RETURNING id, organization_id, state
        ), noted AS (
          INSERT INTO delivery_events (organization_id, delivery_id, event, detail)
          SELECT organization_id, id, 'unknown', '{"code": "worker_lost"}' FROM swept WHERE state = 'unknown'
        )
        SELECT state, count(*)::int AS n FROM swept GROUP BY state`.execute(db),
    );
    const of = (state: string): number => rows.find((row) => row.state === state)?.n ?? 0;
    return { freed: of('pending') + of('retry_wait'), unknown: of('unknown') };
  },

  /** Takes out who opted out or was suppressed after the launch. */
  async skipUnwelcome(scope: BatchScope): Promise<number> {
    const { numAffectedRows } = await repeated(() =>
      sql`
        UPDATE deliveries AS delivery
           SET state = CASE delivery.state WHEN 'pending' THEN 'skipped' ELSE 'failed' END, updated_at = now(),
               next_attempt_at = NULL, error_kind = 'recipient-opted-out', error_message = NULL,
               error_code = CASE WHEN contact.opted_out_at IS NULL THEN 'suppressed' ELSE 'opted_out' END
          FROM contacts AS contact, campaigns AS campaign
         WHERE delivery.campaign_id = ${scope.campaignId}::uuid AND delivery.batch_no = ${scope.batchNo}::int
           AND delivery.state IN ('pending', 'retry_wait') AND contact.id = delivery.contact_id
           AND campaign.id = delivery.campaign_id
           AND (contact.opted_out_at IS NOT NULL
                OR ${isSuppressed(sql`campaign.channel`, sql`delivery.recipient`)})`.execute(db),
    );
    return Number(numAffectedRows ?? 0);
  },

  /**
   * What is not on its way yet will not be sent. An e-mail whose answer was lost may have been: it stays
   * unknown. `batchNo` left out: of the whole campaign.
   */
  async cancel(campaignId: string, batchNo?: number): Promise<number> {
    const batch = batchNo === undefined ? sql`TRUE` : sql`batch_no = ${batchNo}::int`;
    const { numAffectedRows } = await repeated(() =>
      sql`UPDATE deliveries SET state = CASE WHEN state = 'retry_wait' AND error_kind = 'unknown-outcome'
                                THEN 'unknown' ELSE 'cancelled' END,
                     lease_until = NULL, next_attempt_at = NULL, updated_at = now()
           WHERE campaign_id = ${campaignId}::uuid AND ${batch}
             AND state IN ('pending', 'leased', 'retry_wait')`.execute(db),
    );
    return Number(numAffectedRows ?? 0);
  },

  /** Of one batch, or of the whole campaign where `batchNo` is null. `owner`'s own leases are left out of `leasedUntil`. */
  async stateOf({ campaignId, batchNo }: JobScope, owner: string): Promise<BatchState> {
    const { rows } = await sql<{ state: DeliveryState; n: number; due: Date | null; leased: Date | null }>`
      SELECT state, count(*)::int AS n, min(coalesce(next_attempt_at, now())) FILTER (
               WHERE state IN ('pending', 'retry_wait')) AS due,
             max(lease_until) FILTER (WHERE lease_owner IS DISTINCT FROM ${owner}) AS leased
        FROM deliveries
       WHERE campaign_id = ${campaignId}::uuid AND (${batchNo}::int IS NULL OR batch_no = ${batchNo}::int)
       GROUP BY state`.execute(db);
    return {
      counts: Object.fromEntries(rows.map(({ state, n }) => [state, n])),
      total: rows.reduce((sum, { n }) => sum + n, 0),
      nextDueAt: earliest(rows.map(({ due }) => due)),
      leasedUntil: latest(rows.map(({ leased }) => leased)),
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

  /** How often a contact failed with this code, over all campaigns. */
  async failuresOf(contactId: string, code: string): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      SELECT count(*)::int AS n FROM delivery_events AS event JOIN deliveries AS delivery ON delivery.id = event.delivery_id
       WHERE delivery.contact_id = ${contactId}::uuid AND event.event = 'failed'
         AND event.detail ->> 'code' = ${code}`.execute(db);
    return rows[0]?.n ?? 0;
  },
});
export type LedgerRepository = ReturnType<typeof createLedgerRepository>;

const earliest = (dates: readonly (Date | null)[]): Date | null =>
  dates.reduce((best, date) => (date !== null && (best === null || date < best) ? date : best), null);
const latest = (dates: readonly (Date | null)[]): Date | null =>
  dates.reduce((best, date) => (date !== null && (best === null || date > best) ? date : best), null);

/** A statement that lost a deadlock did nothing and is simply run again. */
async function repeated<T>(statement: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await statement();
    } catch (error) {
      if (attempt >= 4 || !['40P01', '40001'].includes(sqlState(error) ?? '')) throw error;
    }
  }
}
