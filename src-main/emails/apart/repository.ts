import { sql } from 'kysely';
import { isSuppressed } from '../../campaigns/audience/judging/repository';
import type { BatchScope } from '../../campaigns/ledger/repository';
import { placeOf, type QuietPlaces } from '../../campaigns/quiet/repository';
import { OWN_CODES } from '../../campaigns/reasons';
import type { Executor } from '../../database/database';

/** The error of a batch whose emails go in others; earlier versions had a name of its own for quiet hours. */
const TAKEN_APART = 'apart';
const TAKEN_APART_ONCE = ['quiet', TAKEN_APART];

/**
 * Takes batches apart that have somebody who must not be written to now: who opted out or was suppressed since it was
 * made, who is in quiet hours, or has the message already, as a late report says. The others go in a batch of their
 * own. Only where it is certain that the provider has none of its emails: a batch that was never posted, or was
 * refused. One that may have arrived stays as it is, and is sent again under its key whatever has happened since.
 */
export async function takeBatchesApart(
  db: Executor,
  { campaignId, batchNo }: BatchScope,
  places: QuietPlaces,
): Promise<void> {
  const certain = sql`(batch.state = 'frozen' OR (batch.state = 'sending' AND batch.error IS NOT NULL
    AND NOT coalesce((batch.error ->> 'uncertain')::boolean, batch.error ->> 'code' = ${OWN_CODES.noAnswer})))`;
  await sql`
    WITH apart AS (
      UPDATE email_batches AS batch
         SET state = 'failed', error = jsonb_build_object('code', ${TAKEN_APART}::text)
       WHERE batch.campaign_id = ${campaignId}::uuid AND batch.batch_no = ${batchNo}::int AND ${certain}
         AND EXISTS (
           SELECT 1 FROM deliveries AS member LEFT JOIN contacts AS contact ON contact.id = member.contact_id
             LEFT JOIN ${placeOf(places)} ON TRUE
            WHERE member.id = ANY(batch.delivery_ids)
              AND (place.until IS NOT NULL OR contact.opted_out_at IS NOT NULL
                   OR member.state NOT IN ('pending', 'retry_wait')
                   OR ${isSuppressed('email', sql`member.recipient`, sql`member.organization_id`)}))
      RETURNING batch.delivery_ids
    )
    UPDATE deliveries SET idempotency_key = NULL, updated_at = now()
      FROM apart
     WHERE deliveries.id = ANY(apart.delivery_ids) AND deliveries.state IN ('pending', 'retry_wait')`.execute(
    db,
  );
}

/** How often batches of a job were taken apart: what is frozen anew needs a key of its own each time. */
export async function timesTakenApart(db: Executor, { campaignId, batchNo }: BatchScope): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM email_batches
     WHERE campaign_id = ${campaignId}::uuid AND batch_no = ${batchNo}::int
       AND error ->> 'code' = ANY(${TAKEN_APART_ONCE}::text[])`.execute(db);
  return rows[0]?.n ?? 0;
}
