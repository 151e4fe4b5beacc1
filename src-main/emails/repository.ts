import { sql } from 'kysely';
import { z } from 'zod';
import { transaction, type Database } from '../database/database';
import type { BatchScope } from '../campaigns/ledger/repository';
import { OWN_CODES } from '../campaigns/reasons';
import type { EmailRecipient } from './compose';

/** E-mails that go under one key: members and order never change once it is made. */
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

/** What became of a batch. `retryInMs` only while it is tried again. */
export interface EmailBatchOutcome {
  readonly state: 'accepted' | 'failed' | 'unknown' | 'retry_wait';
  /** One a member, in order; empty where there are none. */
  readonly ids: readonly string[];
  readonly errorCode: string | null;
  readonly errorKind: string | null;
  readonly errorMessage: string | null;
  readonly retryInMs: number | null;
}

const Parameters = z.record(z.string(), z.string());
const Problem = z.object({ code: z.string() }).nullable();
const BATCH_STATE = {
  accepted: 'sent',
  failed: 'failed',
  unknown: 'unknown',
  retry_wait: 'sending',
} as const;

export const createEmailRepository = (db: Database) => ({
  /** Recipients of a job that are in no batch yet. */
  async unbatched({ campaignId, batchNo }: BatchScope): Promise<EmailRecipient[]> {
    const rows = await db
      .selectFrom('deliveries')
      .select(['id', 'recipient', 'parameters'])
      .where('campaign_id', '=', campaignId)
      .where('batch_no', '=', batchNo)
      .where('state', 'in', ['pending', 'retry_wait'])
      .where('idempotency_key', 'is', null)
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

  /** Batches of a job that are not over, oldest first. */
  async open({ campaignId, batchNo }: BatchScope): Promise<EmailBatch[]> {
    const rows = await db
      .selectFrom('email_batches')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where('batch_no', '=', batchNo)
      .where('state', 'in', ['frozen', 'sending'])
      .orderBy('created_at')
      .orderBy('idempotency_key')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      key: row.idempotency_key,
      deliveryIds: row.delivery_ids,
      payloadHash: row.payload_hash,
      state: row.state,
      attempts: row.attempts,
      uncertain:
        row.state === 'sending' &&
        (Problem.parse(row.error)?.code ?? OWN_CODES.noAnswer) === OWN_CODES.noAnswer,
      createdAt: row.created_at,
    }));
  },

  /** Makes a batch, once: members, order and key are committed before the first request. */
  async freeze(
    scope: BatchScope,
    batch: {
      readonly organizationId: string;
      readonly jobId: string;
      readonly key: string;
      readonly deliveryIds: readonly string[];
      readonly payloadHash: string;
    },
  ): Promise<void> {
    await sql`
      WITH made AS (
        INSERT INTO email_batches
               (organization_id, campaign_id, job_id, batch_no, idempotency_key, delivery_ids, payload_hash)
        VALUES (${batch.organizationId}::uuid, ${scope.campaignId}::uuid, ${batch.jobId}, ${scope.batchNo}::int,
                ${batch.key}, ${batch.deliveryIds}::uuid[], ${batch.payloadHash})
        ON CONFLICT (organization_id, idempotency_key) DO NOTHING
        RETURNING delivery_ids
      )
      UPDATE deliveries SET idempotency_key = ${batch.key}
        FROM made WHERE deliveries.id = ANY(made.delivery_ids)`.execute(db);
  },

  /** A refused batch anew, in parts under keys of their own: two halves, so that one bad address fails alone. */
  async split(
    scope: BatchScope,
    batch: EmailBatch,
    halves: readonly {
      readonly key: string;
      readonly deliveryIds: readonly string[];
      readonly payloadHash: string;
    }[],
  ): Promise<void> {
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
               next_attempt_at = NULL, updated_at = now()
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

  async record(batch: EmailBatch, outcome: EmailBatchOutcome): Promise<void> {
    await transaction(db, async (trx) => {
      await trx
        .updateTable('email_batches')
        .set({
          state: BATCH_STATE[outcome.state],
          response: outcome.state === 'accepted' ? JSON.stringify({ ids: outcome.ids }) : null,
          error:
            outcome.errorCode === null
              ? null
              : JSON.stringify({ code: outcome.errorCode, message: outcome.errorMessage }),
          sent_at: outcome.state === 'accepted' ? new Date() : null,
        })
        .where('id', '=', batch.id)
        .execute();
      await sql`
        WITH recorded AS (
          UPDATE deliveries AS delivery
             SET state = ${outcome.state}, provider_message_id = given.provider_message_id,
                 error_code = ${outcome.errorCode}::text, error_kind = ${outcome.errorKind}::text,
                 error_message = ${outcome.errorMessage}::text,
                 next_attempt_at = now() + ${outcome.retryInMs}::float8 * interval '1 ms',
                 accepted_at = CASE WHEN ${outcome.state} = 'accepted' THEN now() END,
                 failed_at = CASE WHEN ${outcome.state} = 'failed' THEN now() END, updated_at = now()
            FROM unnest(${batch.deliveryIds}::uuid[], ${batch.deliveryIds.map((_, n) => outcome.ids[n] ?? null)}::text[])
                   AS given (id, provider_message_id)
           WHERE delivery.id = given.id AND delivery.state = 'sending'
          RETURNING delivery.id, delivery.organization_id, delivery.state, delivery.error_code, delivery.attempts
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
