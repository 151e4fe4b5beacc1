import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import type { DeliveryState } from '@shared/domain/delivery';
import { transaction, type Database } from '../database/database';
import type { EmailBatchesTable } from '../database/schema';
import type { BatchScope } from '../campaigns/ledger/repository';
import { OWN_CODES } from '../campaigns/reasons';
import type { EmailRecipient } from './compose';

/** Emails that go under one key: members and order never change once it is made. */
export interface EmailBatch {
  readonly id: string;
  readonly key: string;
  readonly deliveryIds: readonly string[];
  readonly payloadHash: string;
  readonly state: 'frozen' | 'sending' | 'sent' | 'failed' | 'unknown';
  readonly attempts: number;
  /** A request was made whose outcome nobody knows: only the very same request may follow. */
  readonly uncertain: boolean;
  /** When it was made; the provider forgets a key 24 h after its first use. */
  readonly createdAt: Date;
}

export type NewBatch = Pick<EmailBatch, 'key' | 'deliveryIds' | 'payloadHash'>;

/** One recipient with what became of the email. */
export interface EmailDelivery extends EmailRecipient {
  readonly organizationId: string;
  readonly campaignId: string;
  readonly state: DeliveryState;
  /** In all, also before an operator's retry. */
  readonly attempts: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly providerMessageId: string | null;
  /** Null until its batch was frozen. */
  readonly key: string | null;
}

/** What became of a batch. `retryInMs` only while it is tried again. */
export interface EmailBatchOutcome {
  readonly state: 'accepted' | 'failed' | 'unknown' | 'retry_wait';
  /** One a member, in order; empty where there are none. */
  readonly ids: readonly string[];
  readonly errorCode: string | null;
  readonly errorKind: string | null;
  readonly errorMessage: string | null;
  readonly retryInMs: number | null;
  /** A request that was made for it may have arrived, this one or an earlier one. */
  readonly uncertain: boolean;
}

const Parameters = z.record(z.string(), z.string());
const Problem = z.object({ code: z.string(), uncertain: z.boolean().optional() }).nullable();
const BATCH_STATE = {
  accepted: 'sent',
  failed: 'failed',
  unknown: 'unknown',
  retry_wait: 'sending',
} as const;

export const createEmailRepository = (db: Database) => ({
  /** Recipients of a job that are in no batch yet and may be written to now. */
  async unbatched({ campaignId, batchNo }: BatchScope): Promise<EmailRecipient[]> {
    const rows = await db
      .selectFrom('deliveries')
      .select(['id', 'recipient', 'parameters'])
      .where('campaign_id', '=', campaignId)
      .where('batch_no', '=', batchNo)
      .where('state', 'in', ['pending', 'retry_wait'])
      .where('idempotency_key', 'is', null)
      .where(sql<boolean>`coalesce(next_attempt_at <= now(), TRUE)`)
      .orderBy('recipient')
      .execute();
    return rows.map(recipientOf);
  },

  async members({ deliveryIds }: EmailBatch): Promise<EmailRecipient[]> {
    const rows = await db
      .selectFrom('deliveries')
      .select(['id', 'recipient', 'parameters'])
      .where('id', 'in', deliveryIds)
      .execute();
    const byId = new Map(rows.map((row) => [row.id, recipientOf(row)]));
    return deliveryIds.flatMap((id) => byId.get(id) ?? []);
  },

  /** One recipient of an organization's campaigns, with what became of it. */
  async delivery(deliveryId: string, organizationId: string): Promise<EmailDelivery | null> {
    const row = await db
      .selectFrom('deliveries')
      .select([
        'id',
        'campaign_id',
        'recipient',
        'parameters',
        'state',
        sql<number>`earlier_attempts + attempts`.as('attempts'),
        'error_code',
        'error_message',
        'provider_message_id',
        'idempotency_key',
      ])
      .where('id', '=', deliveryId)
      .where('organization_id', '=', organizationId)
      .executeTakeFirst();
    if (row === undefined) return null;
    return {
      ...recipientOf(row),
      organizationId,
      campaignId: row.campaign_id,
      state: row.state,
      attempts: row.attempts,
      errorCode: row.error_code,
      errorMessage: row.error_message,
      providerMessageId: row.provider_message_id,
      key: row.idempotency_key,
    };
  },

  /** The batch that a recipient's email goes in, or went in last. */
  async batchOf({
    organizationId,
    key,
  }: EmailDelivery): Promise<(EmailBatch & { sentAt: Date | null }) | null> {
    if (key === null) return null;
    const row = await db
      .selectFrom('email_batches')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('idempotency_key', '=', key)
      .executeTakeFirst();
    return row === undefined ? null : { ...batchOf(row), sentAt: row.sent_at };
  },

  /** Batches of a job that are not over and may be sent now, oldest first. */
  async open({ campaignId, batchNo }: BatchScope): Promise<EmailBatch[]> {
    const rows = await db
      .selectFrom('email_batches as batch')
      .selectAll('batch')
      .where('batch.campaign_id', '=', campaignId)
      .where('batch.batch_no', '=', batchNo)
      .where('batch.state', 'in', ['frozen', 'sending'])
      .where(
        sql<boolean>`NOT EXISTS (
        SELECT 1 FROM deliveries AS delivery
         WHERE delivery.id = ANY(batch.delivery_ids) AND delivery.next_attempt_at > now())`,
      )
      .orderBy('batch.created_at')
      .orderBy('batch.idempotency_key')
      .execute();
    return rows.map(batchOf);
  },

  /** Makes batches, once: members, order and keys are committed before the first request. */
  async freeze(
    scope: BatchScope,
    owner: { readonly organizationId: string; readonly jobId: string },
    batches: readonly NewBatch[],
  ): Promise<void> {
    await sql`
      WITH made AS (
        INSERT INTO email_batches
               (organization_id, campaign_id, job_id, batch_no, idempotency_key, delivery_ids, payload_hash)
        SELECT ${owner.organizationId}::uuid, ${scope.campaignId}::uuid, ${owner.jobId}, ${scope.batchNo}::int,
               given.key,
               ARRAY(SELECT id::uuid FROM jsonb_array_elements_text(given."deliveryIds")
                       WITH ORDINALITY AS member (id, place) ORDER BY place),
               given."payloadHash"
          FROM jsonb_to_recordset(${JSON.stringify(batches)}::jsonb)
                 AS given (key text, "deliveryIds" jsonb, "payloadHash" text)
        ON CONFLICT (organization_id, idempotency_key) DO NOTHING
        RETURNING idempotency_key, delivery_ids
      )
      UPDATE deliveries SET idempotency_key = made.idempotency_key
        FROM made WHERE deliveries.id = ANY(made.delivery_ids)`.execute(db);
  },

  /** A refused batch anew, in parts under keys of their own: two halves, so that one bad address fails alone. */
  async split(scope: BatchScope, batch: EmailBatch, halves: readonly NewBatch[]): Promise<void> {
    await transaction(db, async (trx) => {
      const { organization_id: organizationId, job_id: jobId } = await trx
        .updateTable('email_batches')
        .set({ state: 'failed', error: JSON.stringify({ code: 'split' }) })
        .where('id', '=', batch.id)
        .returning(['organization_id', 'job_id'])
        .executeTakeFirstOrThrow();
      for (const half of halves) {
        await trx
          .insertInto('email_batches')
          .values({
            organization_id: organizationId,
            campaign_id: scope.campaignId,
            job_id: jobId,
            batch_no: scope.batchNo,
            idempotency_key: half.key,
            delivery_ids: [...half.deliveryIds],
            payload_hash: half.payloadHash,
          })
          .execute();
        await trx
          .updateTable('deliveries')
          .set({ idempotency_key: half.key, state: 'retry_wait', next_attempt_at: sql<Date>`now()` })
          .where('id', 'in', half.deliveryIds)
          .where('state', 'in', ['pending', 'sending', 'retry_wait'])
          .execute();
      }
    });
  },

  /**
   * Commits that the batch is being sent, unless its campaign or sender does not run any more. True when it
   * may go out. A batch that was under way before goes out again: the same key cannot send it twice.
   */
  async begin(batch: EmailBatch): Promise<boolean> {
    const { rows } = await sql<{ id: string }>`
      WITH begun AS (
        UPDATE email_batches AS batch
           SET state = 'sending', attempts = batch.attempts + 1, error = NULL
          FROM campaigns AS campaign LEFT JOIN senders AS sender ON sender.id = campaign.sender_id
         WHERE batch.id = ${batch.id}::uuid AND batch.state IN ('frozen', 'sending')
           AND campaign.id = batch.campaign_id AND campaign.state = 'running'
           AND (sender.id IS NULL OR sender.state = 'active' OR sender.paused_until <= now())
        RETURNING batch.id
      ), moved AS (
        UPDATE deliveries SET state = 'sending', attempts = attempts + 1, sending_at = coalesce(sending_at, now()),
               next_attempt_at = NULL, provider_message_id = NULL, updated_at = now()
          FROM begun
         WHERE deliveries.id = ANY(${batch.deliveryIds}::uuid[]) AND deliveries.state IN ('pending', 'retry_wait', 'sending')
      )
      SELECT id FROM begun`.execute(db);
    return rows.length > 0;
  },

  /** The job is cancelled: who may have been sent to stays unknown. No request is under way when it is called. */
  async abandon({ campaignId, batchNo }: BatchScope): Promise<void> {
    await sql`
      WITH ended AS (
        UPDATE email_batches SET state = CASE state WHEN 'sending' THEN 'unknown' ELSE 'failed' END
         WHERE campaign_id = ${campaignId}::uuid AND batch_no = ${batchNo}::int AND state IN ('frozen', 'sending')
      )
      UPDATE deliveries SET state = 'unknown', error_code = ${OWN_CODES.workerLost}, error_kind = 'unknown-outcome',
             updated_at = now()
       WHERE campaign_id = ${campaignId}::uuid AND batch_no = ${batchNo}::int AND state = 'sending'`.execute(
      db,
    );
  },

  /** Its last request may have arrived and cannot be repeated: an operator has to look it up. */
  async giveUp(batch: EmailBatch): Promise<void> {
    await sql`
      WITH ended AS (UPDATE email_batches SET state = 'unknown' WHERE id = ${batch.id}::uuid)
      UPDATE deliveries SET state = 'unknown', error_code = ${OWN_CODES.noAnswer}, error_kind = 'unknown-outcome',
             next_attempt_at = NULL, updated_at = now()
       WHERE id = ANY(${batch.deliveryIds}::uuid[]) AND state IN ('sending', 'retry_wait')`.execute(db);
  },

  /**
   * Writes down what became of a batch. Two workers may have asked under its key, where one was taken for dead: that
   * the provider has it counts whoever heard of it, and whatever the other one has written.
   */
  async record(batch: EmailBatch, outcome: EmailBatchOutcome): Promise<void> {
    const { errorCode: code, errorMessage: message, uncertain } = outcome;
    const from = sql`delivery.state = ANY(${
      outcome.state === 'accepted' ? ['sending', 'retry_wait', 'unknown'] : ['sending']
    }::text[])`;
    await transaction(db, async (trx) => {
      await trx
        .updateTable('email_batches')
        .set({
          state: BATCH_STATE[outcome.state],
          response: outcome.state === 'accepted' ? JSON.stringify({ ids: outcome.ids }) : null,
          error: code === null ? null : JSON.stringify({ code, message, uncertain }),
          sent_at: outcome.state === 'accepted' ? new Date() : null,
        })
        .where('id', '=', batch.id)
        .where('state', '<>', 'sent')
        .execute();
      await sql`
        WITH recorded AS (
          UPDATE deliveries AS delivery
             SET state = ${outcome.state}, provider_message_id = given.provider_message_id,
                 error_code = ${code}::text, error_kind = ${outcome.errorKind}::text, error_message = ${message}::text,
                 next_attempt_at = now() + ${outcome.retryInMs}::float8 * interval '1 ms',
                 accepted_at = CASE WHEN ${outcome.state} = 'accepted' THEN now() END,
                 failed_at = CASE WHEN ${outcome.state} = 'failed' THEN now() END, updated_at = now()
            FROM unnest(${batch.deliveryIds}::uuid[], ${batch.deliveryIds.map((_, n) => outcome.ids[n] ?? null)}::text[])
                   AS given (id, provider_message_id)
           WHERE delivery.id = given.id AND delivery.idempotency_key = ${batch.key} AND ${from}
          RETURNING delivery.id, delivery.organization_id, delivery.state, delivery.error_code,
                    delivery.earlier_attempts + delivery.attempts AS attempts
        )
        INSERT INTO delivery_events (organization_id, delivery_id, event, detail)
        SELECT organization_id, id, state, jsonb_build_object('code', error_code, 'attempt', attempts)
          FROM recorded WHERE state <> 'accepted'`.execute(trx);
    });
  },
});
export type EmailRepository = ReturnType<typeof createEmailRepository>;

const recipientOf = (row: {
  readonly id: string;
  readonly recipient: string;
  readonly parameters: unknown;
}): EmailRecipient => ({
  deliveryId: row.id,
  recipient: row.recipient,
  parameters: Parameters.parse(row.parameters),
});

const batchOf = (row: Selectable<EmailBatchesTable>): EmailBatch => ({
  id: row.id,
  key: row.idempotency_key,
  deliveryIds: row.delivery_ids,
  payloadHash: row.payload_hash,
  state: row.state,
  attempts: row.attempts,
  uncertain: row.state === 'sending' && isUncertain(Problem.parse(row.error)),
  createdAt: row.created_at,
});

/** Nothing was said yet, or the answer was lost; earlier versions kept only the latest answer. */
const isUncertain = (problem: z.output<typeof Problem>): boolean =>
  problem === null || (problem.uncertain ?? problem.code === OWN_CODES.noAnswer);
