import { sql, type RawBuilder } from 'kysely';
import type { Executor } from '../../../database/database';
import type { SenderIdentity } from '../../../providers/gateways';

/** Whose limit it is: all numbers of an organization with one provider share it. */
export interface Portfolio {
  readonly organizationId: string;
  readonly provider: SenderIdentity['provider'];
}

const joined = ({ organizationId, provider }: Portfolio): RawBuilder<unknown> => sql`
    FROM campaigns AS campaign
    JOIN senders AS sender ON sender.id = campaign.sender_id AND sender.provider = ${provider}
    JOIN deliveries AS delivery ON delivery.campaign_id = campaign.id
    LEFT JOIN (${inbound(organizationId)}) AS known ON known.phone = delivery.recipient
   WHERE campaign.organization_id = ${organizationId}::uuid AND campaign.channel = 'whatsapp'`;

/** When each phone has written to us last. */
const inbound = (organizationId: string): RawBuilder<unknown> => sql`
  SELECT phone, max(last_inbound_at) AS last_inbound_at FROM conversations
   WHERE organization_id = ${organizationId}::uuid GROUP BY phone`;

/** Phones that have written to us in the last 24 hours and may be answered. */
export const answering = (organizationId: string): RawBuilder<unknown> => sql`
  SELECT phone FROM conversations
   WHERE organization_id = ${organizationId}::uuid AND last_inbound_at >= now() - interval '24 hours'`;

/**
 * Addresses with the time (`at`) at which they were written to over WhatsApp in the last 24 hours without having
 * written to us before. Of a message whose answer was lost it has to be assumed that it was sent.
 */
const written = (portfolio: Portfolio): RawBuilder<unknown> => sql`
  SELECT recipient, at
    FROM (SELECT delivery.recipient, known.last_inbound_at,
                 coalesce(delivery.accepted_at,
                          CASE WHEN delivery.state = 'unknown' THEN delivery.sending_at END) AS at
          ${joined(portfolio)}
             AND (campaign.completed_at IS NULL OR campaign.completed_at > now() - interval '24 hours')) AS sent
   WHERE at > now() - interval '24 hours' AND coalesce(last_inbound_at < at - interval '24 hours', TRUE)`;

/**
 * Those, and with `at` of this moment those whose turn is still to come in campaigns that run, without who is held
 * back. Of the campaign `except` only those count who are being sent to, and of the others only those that were looked
 * at: the rest takes its room after it.
 */
export const taken = (portfolio: Portfolio, except: string | null): RawBuilder<unknown> => sql`
  ${written(portfolio)}
   UNION ALL
  SELECT delivery.recipient, now() ${joined(portfolio)}
     AND campaign.state = 'running' AND delivery.batch_no >= 0 AND delivery.waits_for IS NULL
     AND (delivery.state = 'sending' OR (delivery.state IN ('pending', 'retry_wait')
                                         AND campaign.id IS DISTINCT FROM ${except}::uuid))
     AND coalesce(known.last_inbound_at < now() - interval '24 hours', TRUE)
     AND (${except}::uuid IS NULL OR campaign.portfolio_limit IS NULL OR campaign.limit_looked_at IS NOT NULL
          OR delivery.state = 'sending')`;

/** Addresses that would use nothing more of the limit: those that are `taken`, and who has written to us and may be answered. */
export const usingNothingMore = (portfolio: Portfolio): RawBuilder<unknown> => sql`
  SELECT recipient FROM (${taken(portfolio, null)}) AS taken
   UNION ALL
  ${answering(portfolio.organizationId)}`;

export async function countTaken(db: Executor, portfolio: Portfolio): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(DISTINCT recipient)::int AS n FROM (${taken(portfolio, null)}) AS taken`.execute(db);
  return rows[0]?.n ?? 0;
}
