import { sql, type RawBuilder } from 'kysely';
import type { Executor } from '../../database/database';
import { SKIPPED_BATCH } from '../audience/repository';
import { OWN_CODES } from '../reasons';

export interface Division {
  /** Selects the addresses that count as written to already: they use nothing of the budget. */
  readonly written: RawBuilder<unknown>;
  /** New people of the first part, and of each part after it. */
  readonly left: number;
  readonly limit: number;
  readonly batchSize: number;
  /** Recipients of the first part who go before its others. */
  readonly canary: number | null;
  /** The campaigns of the parts after the first; none: who does not fit is left out, and the ledger says so. */
  readonly laterIds: readonly string[];
}

const LEFT_OUT = 'Left out: more people than WhatsApp’s limit of 24 hours leaves.';

/**
 * Divides the frozen recipients of a campaign among it and those after it, in one statement: each is in exactly one.
 */
export async function divide(db: Executor, campaignId: string, division: Division): Promise<void> {
  const { written, left, limit, batchSize, laterIds } = division;
  const canary = division.canary ?? 0;
  const canaryBatches = Math.ceil(canary / batchSize);
  const order =
    division.canary === null ? sql`batch_no, recipient` : sql`md5(recipient || ${campaignId}), recipient`;
  await sql`
    WITH known AS (
      SELECT id, recipient, batch_no, recipient IN (${written}) AS is_known FROM deliveries
       WHERE campaign_id = ${campaignId}::uuid AND batch_no <> ${SKIPPED_BATCH}::int
    ), parted AS (
      SELECT id, recipient, batch_no,
             CASE WHEN is_known OR place <= ${left}::int THEN 0
                  ELSE least(1 + (place - ${left}::int - 1) / ${limit}::int, ${Math.max(1, laterIds.length)}::int) END AS part
        FROM (SELECT *, (row_number() OVER (PARTITION BY is_known ORDER BY ${order}))::int AS place
                FROM known) AS ranked
    ), placed AS (
      SELECT id, part, (row_number() OVER (PARTITION BY part ORDER BY ${order}) - 1)::int AS place FROM parted
    )
    UPDATE deliveries AS delivery
       SET ${
         laterIds.length === 0
           ? sql`state = CASE part WHEN 0 THEN state ELSE 'skipped' END,
                 error_code = CASE part WHEN 0 THEN NULL ELSE ${OWN_CODES.overBudget} END,
                 error_message = CASE part WHEN 0 THEN NULL ELSE ${LEFT_OUT} END,
                 batch_no = CASE WHEN part > 0 THEN ${SKIPPED_BATCH}::int ELSE ${batchOf(batchSize, canary, canaryBatches)} END`
           : sql`campaign_id = (${[campaignId, ...laterIds]}::uuid[])[part + 1],
                 batch_no = CASE WHEN part > 0 THEN place / ${batchSize}::int
                                 ELSE ${batchOf(batchSize, canary, canaryBatches)} END`
       }
      FROM placed WHERE delivery.id = placed.id`.execute(db);
}

const batchOf = (batchSize: number, canary: number, canaryBatches: number) => sql`
  CASE WHEN place < ${canary}::int THEN place / ${batchSize}::int
       ELSE ${canaryBatches}::int + (place - ${canary}::int) / ${batchSize}::int END`;
