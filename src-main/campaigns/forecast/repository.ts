import { sql } from 'kysely';
import { z } from 'zod';
import type { Channel } from '@shared/contract/templates';
import type { Executor } from '../../database/database';
import type { SenderIdentity } from '../../providers/gateways';

export interface SenderWork {
  /** Messages a second of its own; null: the channel's setting. */
  readonly ratePerSecond: number | null;
  /** Messages that were accepted in the last 15 minutes, and in how many different seconds. */
  readonly accepted: number;
  readonly seconds: number;
  /** Recipients of campaigns that are under way, without who waits for WhatsApp’s limit. */
  readonly ahead: number;
}

const Work = z.object({
  ratePerSecond: z.number().nullable(),
  accepted: z.number(),
  seconds: z.number(),
  ahead: z.number(),
});

/** What a sender did lately and has to do now; nothing where it has never sent. */
export async function workOf(
  db: Executor,
  organizationId: string,
  channel: Channel,
  { provider, address }: SenderIdentity,
): Promise<SenderWork> {
  const { rows } = await sql`
    WITH sender AS (
      SELECT id, rate_per_second FROM senders
       WHERE organization_id = ${organizationId}::uuid AND channel = ${channel} AND provider = ${provider}
         AND address = ${address}
    ), recent AS (
      SELECT id, state FROM campaigns
       WHERE organization_id = ${organizationId}::uuid AND sender_id = (SELECT id FROM sender)
         AND started_at IS NOT NULL AND (completed_at IS NULL OR completed_at > now() - interval '15 minutes')
    )
    SELECT (SELECT rate_per_second FROM sender) AS "ratePerSecond", sent.*,
           (SELECT count(*)::int FROM deliveries
             WHERE campaign_id IN (SELECT id FROM recent WHERE state IN ('launching', 'running'))
               AND state IN ('pending', 'sending', 'retry_wait') AND waits_for IS NULL) AS ahead
      FROM (SELECT count(*)::int AS accepted, count(DISTINCT date_trunc('second', accepted_at))::int AS seconds
              FROM deliveries WHERE campaign_id IN (SELECT id FROM recent)
               AND accepted_at > now() - interval '15 minutes') AS sent`.execute(db);
  return Work.parse(rows[0]);
}
