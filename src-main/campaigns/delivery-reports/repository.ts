import { sql } from 'kysely';
import type { Channel } from '@shared/contract/templates';
import { BREAKER_MIN, BREAKER_WINDOW, type WindowFailures } from '@shared/domain/campaign-safety';
import type { DeliveryState, WebhookStatus } from '@shared/domain/delivery';
import { transaction, type Database, type Transaction } from '../../database/database';
import type { DeliveryReport, InboundMessage } from '../../providers/report';
import { repeated } from '../ledger/repeated';

/** A report with what the policy table says of its error. */
export interface JudgedReport extends DeliveryReport {
  readonly errorKind: string | null;
}

/** A report that was not known before, and the delivery it is about. */
export interface NotedReport {
  readonly deliveryId: string;
  readonly organizationId: string;
  readonly campaignId: string;
  readonly senderId: string | null;
  readonly channel: Channel;
  readonly contactId: string | null;
  readonly recipient: string;
  readonly event: string;
  readonly status: WebhookStatus | null;
  readonly errorCode: string | null;
  /** The delivery's state before and after all reports of the same call. */
  readonly before: DeliveryState;
  readonly after: DeliveryState;
}

/** A campaign with the failures among its last messages. */
export interface FailingCampaign extends WindowFailures {
  readonly campaignId: string;
  readonly channel: Channel;
}

/** What the providers report afterwards, written into the ledger. */
export const createDeliveryReportRepository = (db: Database) => ({
  /**
   * Notes reports and moves their deliveries on, all of them or none. The rule is `stateAfterReports`: what
   * was said before counts as well, so that order and repetition make no difference. Reports on messages that
   * are not ours are passed over. `inSame` follows in the same commit: what is known is not reported a second time.
   */
  async note(
    reports: readonly JudgedReport[],
    inSame: (trx: Transaction, noted: readonly NotedReport[]) => Promise<void> = () => Promise.resolve(),
  ): Promise<NotedReport[]> {
    const given = givenRows(reports);
    const write = async (trx: Transaction): Promise<NotedReport[]> => {
      // In one order, so that two calls never wait for each other. A statement of its own: the next one then
      // sees what a call before it has noted.
      await sql`SELECT id FROM deliveries WHERE id IN (SELECT id FROM (${targets(given)}) AS target)
                 ORDER BY id FOR UPDATE`.execute(trx);
      const { rows } = await sql<NotedReport>`
        WITH given AS (${given}), found AS MATERIALIZED (
          SELECT DISTINCT ON (target.id, given.key) target.id AS delivery_id, given.*
            FROM (${targets(sql`SELECT * FROM given`)}) AS target JOIN given ON given.position = target.position
           ORDER BY target.id, given.key, given.position
        ), held AS MATERIALIZED (
          SELECT delivery.id, delivery.organization_id, delivery.campaign_id, delivery.contact_id,
                 delivery.recipient, delivery.state, delivery.provider_message_id
            FROM deliveries AS delivery WHERE delivery.id IN (SELECT delivery_id FROM found)
        ), earlier AS MATERIALIZED (
          SELECT event.delivery_id, event.dedupe_key AS key, event.detail ->> 'messageId' AS message_id,
                 event.detail ->> 'status' AS status
            FROM delivery_events AS event
           WHERE event.delivery_id IN (SELECT delivery_id FROM found) AND event.dedupe_key IS NOT NULL
        ), fresh AS MATERIALIZED (
          SELECT found.* FROM found
           WHERE NOT EXISTS (SELECT 1 FROM earlier
                              WHERE earlier.delivery_id = found.delivery_id AND earlier.key = found.key)
        ), noted AS (
          INSERT INTO delivery_events (organization_id, delivery_id, event, dedupe_key, occurred_at, detail)
          SELECT held.organization_id, held.id, fresh.event, fresh.key, fresh.at,
                 jsonb_strip_nulls(jsonb_build_object('via', 'webhook', 'messageId', fresh.message_id,
                   'status', fresh.status, 'code', fresh.error_code,
                   'message', nullif(fresh.error_message, '')))
            FROM fresh JOIN held ON held.id = fresh.delivery_id
          ON CONFLICT (delivery_id, dedupe_key) DO NOTHING
        ), messages AS (
          SELECT delivery_id, message_id, coalesce(max(${rankOf(sql`status`)}), 0) AS rank,
                 bool_or(status = 'failed') IS TRUE AS failed
            FROM (SELECT delivery_id, message_id, status FROM fresh
                  UNION ALL SELECT delivery_id, message_id, status FROM earlier) AS said
           GROUP BY delivery_id, message_id
        ), evidence AS (
          SELECT DISTINCT ON (delivery_id) delivery_id, message_id,
                 CASE WHEN failed AND rank < 2 THEN 0 ELSE rank END AS rank
            FROM messages ORDER BY delivery_id, 3 DESC, message_id
        ), failure AS (
          SELECT DISTINCT ON (fresh.delivery_id) fresh.delivery_id, fresh.message_id, fresh.error_code,
                 fresh.error_kind, fresh.error_message
            FROM fresh JOIN held ON held.id = fresh.delivery_id
           WHERE fresh.status = 'failed'
             AND (held.provider_message_id IS NULL OR held.provider_message_id = fresh.message_id)
           ORDER BY fresh.delivery_id, fresh.at, fresh.key
        ), decided AS MATERIALIZED (
          SELECT held.id, held.state AS before,
                 CASE WHEN evidence.rank > ${rankOf(sql`held.state`)}
                      THEN (ARRAY['sent', 'delivered', 'read'])[evidence.rank]
                      WHEN evidence.rank = 0 AND failure.delivery_id IS NOT NULL
                           AND held.state IN ('sending', 'accepted', 'sent', 'unknown') THEN 'failed'
                      ELSE held.state END AS after,
                 CASE WHEN evidence.rank > 0 THEN evidence.message_id ELSE failure.message_id END AS message_id,
                 failure.error_code, failure.error_kind, failure.error_message
            FROM held JOIN evidence ON evidence.delivery_id = held.id
            LEFT JOIN failure ON failure.delivery_id = held.id
        ), times AS (
          SELECT delivery_id, min(at) FILTER (WHERE status = 'sent') AS sent_at,
                 min(at) FILTER (WHERE status = 'delivered') AS delivered_at,
                 min(at) FILTER (WHERE status = 'read') AS read_at
            FROM fresh GROUP BY delivery_id
        ), moved AS (
          UPDATE deliveries AS delivery
             SET state = decided.after,
                 provider_message_id = CASE WHEN decided.after = decided.before
                   THEN delivery.provider_message_id ELSE decided.message_id END,
                 accepted_at = coalesce(delivery.accepted_at,
                   CASE WHEN decided.after <> decided.before THEN coalesce(delivery.sending_at, now()) END),
                 sent_at = coalesce(delivery.sent_at, times.sent_at),
                 delivered_at = coalesce(delivery.delivered_at, times.delivered_at),
                 read_at = coalesce(delivery.read_at, times.read_at),
                 failed_at = CASE WHEN decided.after = decided.before THEN delivery.failed_at
                                  WHEN decided.after = 'failed' THEN now() END,
                 error_code = CASE WHEN decided.after = decided.before THEN delivery.error_code
                                   WHEN decided.after = 'failed' THEN decided.error_code END,
                 error_kind = CASE WHEN decided.after = decided.before THEN delivery.error_kind
                                   WHEN decided.after = 'failed' THEN decided.error_kind END,
                 error_message = CASE WHEN decided.after = decided.before THEN delivery.error_message
                                      WHEN decided.after = 'failed' THEN decided.error_message END,
                 next_attempt_at = CASE WHEN decided.after = decided.before THEN delivery.next_attempt_at END,
                 alive_until = CASE WHEN decided.after = decided.before THEN delivery.alive_until END,
                 updated_at = now()
            FROM decided JOIN times ON times.delivery_id = decided.id
           WHERE delivery.id = decided.id
        ), stale AS (
          -- Without a look at what it was: whoever reads the totals up has to wait for this very commit.
          UPDATE campaigns SET totals_stale = true
           WHERE id IN (SELECT held.campaign_id FROM held JOIN decided ON decided.id = held.id
                         WHERE decided.after <> decided.before)
        )
        SELECT held.id AS "deliveryId", held.organization_id AS "organizationId",
               held.campaign_id AS "campaignId", campaign.sender_id AS "senderId", campaign.channel,
               held.contact_id AS "contactId", held.recipient, fresh.event, fresh.status,
               fresh.error_code AS "errorCode", decided.before, decided.after
          FROM fresh JOIN held ON held.id = fresh.delivery_id JOIN decided ON decided.id = held.id
          JOIN campaigns AS campaign ON campaign.id = held.campaign_id
         ORDER BY fresh.position`.execute(trx);
      await inSame(trx, rows);
      return rows;
    };
    return repeated(() => transaction(db, write));
  },

  /** Which of these contacts have failed with this code at least so often, over all campaigns. */
  async failedOften(
    contactIds: readonly string[],
    code: string,
    times: number,
  ): Promise<ReadonlySet<string>> {
    const { rows } = await sql<{ id: string }>`
      SELECT delivery.contact_id AS id
        FROM deliveries AS delivery JOIN delivery_events AS event ON event.delivery_id = delivery.id
       WHERE delivery.contact_id = ANY(${contactIds}::uuid[]) AND event.event = 'failed'
         AND event.detail ->> 'code' = ${code}
       GROUP BY delivery.contact_id HAVING count(*) >= ${times}::int`.execute(db);
    return new Set(rows.map(({ id }) => id));
  },

  /**
   * Those of these campaigns that run although too many of their last messages have failed. What is accepted
   * and not reported on yet counts as not failed.
   */
  async failingTooOften(campaignIds: readonly string[]): Promise<FailingCampaign[]> {
    const { rows } = await sql<FailingCampaign>`
      SELECT campaign.id AS "campaignId", campaign.channel, last.failed, last.of, last."mainCode"
        FROM campaigns AS campaign CROSS JOIN LATERAL (
          SELECT count(*) FILTER (WHERE state = 'failed')::int AS failed, count(*)::int AS of,
                 coalesce(mode() WITHIN GROUP (ORDER BY error_code) FILTER (WHERE state = 'failed'), '') AS "mainCode"
            FROM (SELECT state, error_code FROM deliveries
                   WHERE campaign_id = campaign.id AND state IN ('accepted', 'sent', 'delivered', 'read', 'failed')
                     AND sending_at > coalesce(campaign.resumed_at, '-infinity')
                   ORDER BY sending_at DESC LIMIT ${BREAKER_WINDOW}::int) AS settled) AS last
       WHERE campaign.id = ANY(${campaignIds}::uuid[]) AND campaign.state = 'running'
         AND last.of >= ${BREAKER_MIN}::int
         AND last.failed > 0 AND last.failed >= campaign.stop_at_failure_share * last.of`.execute(db);
    return rows;
  },

  /** Running campaigns of an organization that send with this approved template, or all of WhatsApp's. */
  async running(
    organizationId: string,
    template: { readonly name: string; readonly language: string } | null,
  ): Promise<string[]> {
    const uses =
      template === null
        ? sql`TRUE`
        : sql`message -> 'template' ->> 'name' = ${template.name}
              AND message -> 'template' ->> 'language' = ${template.language}`;
    const { rows } = await sql<{ id: string }>`
      SELECT id FROM campaigns WHERE organization_id = ${organizationId}::uuid AND channel = 'whatsapp'
         AND state IN ('scheduled', 'launching', 'running') AND ${uses}`.execute(db);
    return rows.map(({ id }) => id);
  },

  /** The latest message of each number that wrote: until 24 h after it, it may be answered with free text. */
  async noteInbound(organizationId: string, messages: readonly InboundMessage[]): Promise<void> {
    await sql`
      INSERT INTO conversations AS known (organization_id, sender_address, phone, last_inbound_at)
      SELECT ${organizationId}::uuid, given.sender, given.phone, max(given.at)
        FROM unnest(${messages.map(({ to }) => to)}::text[], ${messages.map(({ from }) => from)}::text[],
                    ${messages.map(({ at }) => at.toISOString())}::timestamptz[]) AS given (sender, phone, at)
       GROUP BY given.sender, given.phone ORDER BY given.sender, given.phone
      ON CONFLICT (organization_id, sender_address, phone) DO UPDATE
        SET last_inbound_at = greatest(known.last_inbound_at, excluded.last_inbound_at)`.execute(db);
  },
});
export type DeliveryReportRepository = ReturnType<typeof createDeliveryReportRepository>;

const rankOf = (state: ReturnType<typeof sql>) =>
  sql`CASE ${state} WHEN 'sent' THEN 1 WHEN 'delivered' THEN 2 WHEN 'read' THEN 3 ELSE 0 END`;

function givenRows(reports: readonly JudgedReport[]) {
  const column = <T>(of: (report: JudgedReport) => T): T[] => reports.map(of);
  return sql`
    SELECT * FROM unnest(
      ${column(({ deliveryId }) => deliveryId)}::uuid[], ${column(({ messageId }) => messageId)}::text[],
      ${column(({ event }) => event)}::text[], ${column(({ status }) => status)}::text[],
      ${column(({ at }) => at.toISOString())}::timestamptz[], ${column(({ key }) => key)}::text[],
      ${column(({ error }) => error?.code ?? null)}::text[], ${column(({ errorKind }) => errorKind)}::text[],
      ${column(({ error }) => error?.message ?? null)}::text[])
      WITH ORDINALITY AS given (own_id, message_id, event, status, at, key, error_code, error_kind,
                                error_message, position)`;
}

/** The delivery of each report: by our own id, which needs no answer of the provider, or else by the provider's. */
const targets = (given: ReturnType<typeof sql>) => sql`
  SELECT delivery.id, own.position FROM (${given}) AS own JOIN deliveries AS delivery ON delivery.id = own.own_id
  UNION ALL
  SELECT delivery.id, foreign_id.position
    FROM (${given}) AS foreign_id JOIN deliveries AS delivery
      ON delivery.provider_message_id = foreign_id.message_id
   WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE id = foreign_id.own_id)`;
