import { sql } from 'kysely';
import type { Channel } from '@shared/contract/templates';
import { PLACE_CODE_LENGTH, byCallingCode, type PlaceShare } from '@shared/domain/quiet-hours';
import type { Executor } from '../../database/database';
import type { BatchScope } from '../ledger/repository';

/** The phone that says where a recipient is: email is written to a contact whose phone may be known. */
const phoneOf = (channel: Channel) =>
  channel === 'email' ? sql`coalesce(contact.phone, '')` : sql`delivery.recipient`;

/** Where those are who are still to be sent to. */
export async function openPlaces(db: Executor, campaignId: string, channel: Channel): Promise<PlaceShare[]> {
  const { rows } = await sql<{ start: string; recipients: number }>`
    SELECT left(${phoneOf(channel)}, ${PLACE_CODE_LENGTH}::int) AS start, count(*)::int AS recipients
      FROM deliveries AS delivery LEFT JOIN contacts AS contact ON contact.id = delivery.contact_id
     WHERE delivery.campaign_id = ${campaignId}::uuid
       AND delivery.state IN ('pending', 'sending', 'retry_wait')
     GROUP BY 1`.execute(db);
  return byCallingCode(rows);
}

const QUIET_WORDS = 'Waits: it is night where the recipient is.';

/** Where it is quiet and until when (ms since 1970; null: it is not), as `placesAt` says. */
export type QuietPlaces = readonly { readonly prefix: string; readonly until: number | null }[];

/** To be joined as `place`, with its `until`: by the clock of the phone of `contact`, or by that of '' where there is none. */
export const placeOf = (places: QuietPlaces) => sql`
  LATERAL (
    SELECT until FROM unnest(${places.map(({ prefix }) => prefix)}::text[],
             ${places.map(({ until }) => (until === null ? null : new Date(until)))}::timestamptz[])
             AS place (prefix, until)
     WHERE left(coalesce(contact.phone, ''), length(prefix)) = prefix ORDER BY length(prefix) DESC LIMIT 1) AS place`;

/** Holds back who of an email job is in quiet hours and in no batch. */
export async function keepEmailsQuiet(
  db: Executor,
  { campaignId, batchNo }: BatchScope,
  places: QuietPlaces,
): Promise<void> {
  await sql`
    UPDATE deliveries AS delivery
       SET next_attempt_at = place.until, updated_at = now(),
           error_message = CASE WHEN delivery.error_code IS NULL THEN ${QUIET_WORDS} ELSE delivery.error_message END
      FROM deliveries AS open LEFT JOIN contacts AS contact ON contact.id = open.contact_id
     CROSS JOIN ${placeOf(places)}
     WHERE open.campaign_id = ${campaignId}::uuid AND open.batch_no = ${batchNo}::int
       AND open.state IN ('pending', 'retry_wait') AND open.idempotency_key IS NULL AND place.until IS NOT NULL
       AND (open.next_attempt_at IS NULL OR open.next_attempt_at < place.until)
       AND delivery.id = open.id AND delivery.state IN ('pending', 'retry_wait')`.execute(db);
}
