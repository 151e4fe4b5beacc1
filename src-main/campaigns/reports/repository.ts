import { sql } from 'kysely';
import { z } from 'zod';
import type { DeliveryState } from '@shared/domain/delivery';
import type { Executor } from '../../database/database';
import { isSuppressed } from '../audience/judging/repository';
import { SKIPPED_BATCH } from '../audience/repository';
import { permanentKinds } from '../reasons';

export type StateCounts = Readonly<Partial<Record<DeliveryState, number>>>;

export interface FailureGroup {
  readonly code: string;
  readonly message: string | null;
  readonly recipients: number;
}

export interface DeliveryFilter {
  readonly states?: readonly DeliveryState[] | undefined;
  readonly errorCode?: string | undefined;
  /** Stands in the address, where a phone number may be written with spaces, or in the contact's name. */
  readonly search?: string | undefined;
}

export interface DeliveryRow {
  readonly id: string;
  readonly contactId: string | null;
  readonly recipient: string;
  readonly name: string | null;
  readonly state: DeliveryState;
  /** In all, also before an operator's retry. */
  readonly attempts: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly providerMessageId: string | null;
  readonly nextAttemptAt: Date | null;
  readonly updatedAt: Date;
}

/** A recipient with its frozen values and the times of what happened. */
export interface DeliveryRecordRow extends DeliveryRow {
  readonly parameters: Readonly<Record<string, string>>;
  readonly acceptedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly readAt: Date | null;
  readonly failedAt: Date | null;
}

/** One recipient as frozen, with every trace of what happened. */
export interface DeliveryRecord extends DeliveryRow {
  readonly parameters: Readonly<Record<string, string>>;
  readonly frozenAt: Date;
  /** When the last request began and when one was accepted. */
  readonly sendingAt: Date | null;
  readonly acceptedAt: Date | null;
  readonly events: readonly DeliveryEvent[];
}

export interface DeliveryEvent {
  readonly at: Date;
  readonly event: string;
  readonly detail: unknown;
  /** Who resolved it, by name, where a person did. */
  readonly by: string | null;
}

export interface OpenBatch {
  readonly batchNo: number;
  readonly recipients: number;
  /** Something is due now, so its job should not be waiting for a time. */
  readonly due: boolean;
}

const DELIVERY_COLUMNS = [
  'delivery.id',
  'delivery.contact_id as contactId',
  'delivery.recipient',
  'contact.name',
  'delivery.state',
  sql<number>`delivery.earlier_attempts + delivery.attempts`.as('attempts'),
  'delivery.error_code as errorCode',
  'delivery.error_message as errorMessage',
  'delivery.provider_message_id as providerMessageId',
  'delivery.next_attempt_at as nextAttemptAt',
  'delivery.updated_at as updatedAt',
] as const;

function filtered(db: Executor, campaignId: string, { states, errorCode, search }: DeliveryFilter) {
  let query = db.selectFrom('deliveries as delivery').where('delivery.campaign_id', '=', campaignId);
  if (states !== undefined && states.length > 0) query = query.where('delivery.state', 'in', states);
  if (errorCode !== undefined) query = query.where('delivery.error_code', '=', errorCode);
  if (search !== undefined) query = query.where(standsIn(search));
  return query;
}

const standsIn = (search: string) => sql<boolean>`(
  strpos(lower(delivery.recipient), lower(${search.replace(/[\s()-]/g, '')})) > 0
  OR EXISTS (SELECT 1 FROM contacts AS named
              WHERE named.id = delivery.contact_id AND strpos(lower(named.name), lower(${search})) > 0))`;

const Parameters = z.record(z.string(), z.string());

/** The operator's side of the ledger: what it says, and the few things an operator may change in it. */
export const createReportRepository = (db: Executor) => ({
  /** An index-only count; the states add up to the campaign's recipients. */
  async counts(campaignId: string): Promise<StateCounts> {
    const rows = await db
      .selectFrom('deliveries')
      .select(['state', sql<number>`count(*)::int`.as('n')])
      .where('campaign_id', '=', campaignId)
      .groupBy('state')
      .execute();
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  },

  /** When the last of those who are tried again is due; null where nobody is. */
  async lastRetryAt(campaignId: string): Promise<Date | null> {
    const { rows } = await sql<{ at: Date | null }>`
      SELECT max(next_attempt_at) AS at FROM deliveries
       WHERE campaign_id = ${campaignId}::uuid AND state = 'retry_wait'`.execute(db);
    return rows[0]?.at ?? null;
  },

  async failures(campaignId: string): Promise<FailureGroup[]> {
    const { rows } = await sql<FailureGroup>`
      SELECT coalesce(error_code, '') AS code, max(error_message) AS message, count(*)::int AS recipients
        FROM deliveries WHERE campaign_id = ${campaignId}::uuid AND state IN ('failed', 'skipped')
       GROUP BY 1 ORDER BY 3 DESC, 1`.execute(db);
    return rows;
  },

  async delivery(campaignId: string, deliveryId: string): Promise<DeliveryRecord | null> {
    const row = await db
      .selectFrom('deliveries as delivery')
      .leftJoin('contacts as contact', 'contact.id', 'delivery.contact_id')
      .select([
        ...DELIVERY_COLUMNS,
        'delivery.parameters',
        'delivery.created_at as frozenAt',
        'delivery.sending_at as sendingAt',
        'delivery.accepted_at as acceptedAt',
      ])
      .where('delivery.campaign_id', '=', campaignId)
      .where('delivery.id', '=', deliveryId)
      .executeTakeFirst();
    if (row === undefined) return null;
    const { rows: events } = await sql<DeliveryEvent>`
      SELECT event.occurred_at AS at, event.event, event.detail,
             coalesce(profile.full_name, profile.email) AS by
        FROM delivery_events AS event
        LEFT JOIN profiles AS profile ON profile.id::text = event.detail ->> 'by'
       WHERE event.delivery_id = ${deliveryId}::uuid ORDER BY event.occurred_at, event.id`.execute(db);
    return { ...row, parameters: Parameters.parse(row.parameters), events };
  },

  async deliveries(
    campaignId: string,
    filter: DeliveryFilter,
    { start, count }: { readonly start: number; readonly count: number },
  ): Promise<{ total: number; deliveries: DeliveryRow[] }> {
    const query = filtered(db, campaignId, filter);
    const { n } = await query.select(sql<number>`count(*)::int`.as('n')).executeTakeFirstOrThrow();
    const deliveries = await query
      .leftJoin('contacts as contact', 'contact.id', 'delivery.contact_id')
      .select(DELIVERY_COLUMNS)
      .orderBy('delivery.state')
      .orderBy('delivery.id')
      .offset(start)
      .limit(count)
      .execute();
    return { total: n, deliveries };
  },

  /** Up to `count` recipients in the order of their ids, from the one after `after`. */
  async deliveriesAfter(
    campaignId: string,
    filter: DeliveryFilter,
    after: string | null,
    count: number,
  ): Promise<DeliveryRecordRow[]> {
    let query = filtered(db, campaignId, filter);
    if (after !== null) query = query.where('delivery.id', '>', after);
    const rows = await query
      .leftJoin('contacts as contact', 'contact.id', 'delivery.contact_id')
      .select([
        ...DELIVERY_COLUMNS,
        'delivery.parameters',
        'delivery.accepted_at as acceptedAt',
        'delivery.delivered_at as deliveredAt',
        'delivery.read_at as readAt',
        'delivery.failed_at as failedAt',
      ])
      .orderBy('delivery.id')
      .limit(count)
      .execute();
    return rows.map((row) => ({ ...row, parameters: Parameters.parse(row.parameters) }));
  },

  /** Batches whose recipients are not all settled; those behind a canary only once it is released. */
  async openBatches(campaignId: string): Promise<OpenBatch[]> {
    const { rows } = await sql<OpenBatch>`
      SELECT batch_no AS "batchNo", count(*)::int AS recipients,
             bool_or(state IN ('pending', 'retry_wait') AND (next_attempt_at IS NULL OR next_attempt_at <= now()))
               AS due
        FROM deliveries
       WHERE campaign_id = ${campaignId}::uuid AND state IN ('pending', 'sending', 'retry_wait')
         AND batch_no < (SELECT CASE WHEN canary_released_at IS NULL THEN coalesce(canary_batches, 2147483647)
                                     ELSE 2147483647 END FROM campaigns WHERE id = ${campaignId}::uuid)
       GROUP BY batch_no ORDER BY batch_no`.execute(db);
    return rows;
  },

  /**
   * Puts failed recipients back under new batch numbers: those that may be retried, or all of one reason.
   * Never `unknown` ones, and nobody who opted out or is suppressed by now.
   */
  async requeueFailed(
    campaignId: string,
    {
      firstBatchNo,
      batchSize,
      errorCode,
    }: { readonly firstBatchNo: number; readonly batchSize: number; readonly errorCode: string | undefined },
  ): Promise<{ readonly batchNo: number; readonly recipients: number }[]> {
    const which =
      errorCode === undefined
        ? sql`coalesce(delivery.error_kind, '') <> ALL(${permanentKinds}::text[])`
        : sql`delivery.error_code = ${errorCode}`;
    const { rows } = await sql<{ batchNo: number; recipients: number }>`
      WITH chosen AS (
        SELECT delivery.id, (row_number() OVER (ORDER BY delivery.batch_no, delivery.id) - 1) / ${batchSize}::int
                 + ${firstBatchNo}::int AS batch_no
          FROM deliveries AS delivery JOIN campaigns AS campaign ON campaign.id = delivery.campaign_id
          LEFT JOIN contacts AS contact ON contact.id = delivery.contact_id
         WHERE delivery.campaign_id = ${campaignId}::uuid AND delivery.state = 'failed'
           AND delivery.batch_no <> ${SKIPPED_BATCH}::int AND ${which}
           AND contact.opted_out_at IS NULL
           AND NOT ${isSuppressed(sql`campaign.channel`, sql`delivery.recipient`, sql`campaign.organization_id`)}
      ), put_back AS (
        UPDATE deliveries AS delivery
           SET state = 'pending', batch_no = chosen.batch_no, earlier_attempts = delivery.earlier_attempts + delivery.attempts,
               attempts = 0, next_attempt_at = NULL,
               claimed_by = NULL, alive_until = NULL, idempotency_key = NULL, error_code = NULL,
               error_kind = NULL, error_message = NULL,
               waits_for = NULL, failed_at = NULL, updated_at = now()
          FROM chosen WHERE delivery.id = chosen.id AND delivery.state = 'failed'
        RETURNING delivery.id, delivery.organization_id, delivery.batch_no
      ), noted AS (
        INSERT INTO delivery_events (organization_id, delivery_id, event)
        SELECT organization_id, id, 'retried' FROM put_back
      )
      SELECT batch_no AS "batchNo", count(*)::int AS recipients FROM put_back
       GROUP BY batch_no ORDER BY batch_no`.execute(db);
    return rows;
  },

  /** An operator's word on `unknown` recipients. */
  async resolveUnknown(
    campaignId: string,
    ids: readonly string[],
    as: 'sent' | 'failed',
    code: string,
    by: string,
  ): Promise<number> {
    const state = as === 'sent' ? 'accepted' : 'failed';
    const { rows } = await sql`
      WITH resolved AS (
        UPDATE deliveries
           SET state = ${state}, claimed_by = NULL, alive_until = NULL, updated_at = now(),
               error_code = ${as === 'failed' ? code : null}::text, error_kind = NULL, error_message = NULL,
               accepted_at = CASE WHEN ${state} = 'accepted' THEN now() END,
               failed_at = CASE WHEN ${state} = 'failed' THEN now() END
         WHERE campaign_id = ${campaignId}::uuid AND id = ANY(${ids}::uuid[]) AND state = 'unknown'
        RETURNING id, organization_id
      )
      INSERT INTO delivery_events (organization_id, delivery_id, event, detail)
      SELECT organization_id, id, 'resolved', ${JSON.stringify({ as, by })}::jsonb FROM resolved
      RETURNING delivery_id`.execute(db);
    return rows.length;
  },
});
export type ReportRepository = ReturnType<typeof createReportRepository>;
