import { sql } from 'kysely';
import { z } from 'zod';
import type { Executor } from '../../database/database';

/** What the hash is computed over; see the column's comment in the schema. */
export const HASH_VERSION = 2;

/** What the hash covers, one by one: they say what differs, and prove nothing by themselves. */
const Parts = z.object({
  message: z.string(),
  audience: z.string(),
  recipients: z.number(),
  people: z.string(),
  values: z.string(),
});
export type ProofParts = z.infer<typeof Parts>;

export interface StoredProof {
  readonly version: number;
  readonly contentHash: string | null;
  readonly computedHash: string;
  /** Null where it was launched before parts were stored. */
  readonly parts: ProofParts | null;
  readonly computedParts: ProofParts;
  readonly frozenAt: Date | null;
}

/** Proves what a campaign was launched with. */
export const createProofRepository = (db: Executor) => ({
  /** Stores the hash of what the campaign and its ledger hold now: to be called once, when all of it is frozen. */
  async seal(campaignId: string): Promise<void> {
    await sql`UPDATE campaigns SET content_hash = ${hashOf(campaignId)}, content_hash_version = ${HASH_VERSION}::int,
                     content_hash_parts = ${partsOf(campaignId)}
               WHERE id = ${campaignId}::uuid`.execute(db);
  },

  /** The stored hash beside the one of what is stored now. */
  async check(campaignId: string): Promise<StoredProof> {
    const { rows } = await sql<Omit<StoredProof, 'parts' | 'computedParts'> & Record<string, unknown>>`
      SELECT campaign.content_hash_version AS version, campaign.content_hash AS "contentHash",
             ${hashOf(campaignId)} AS "computedHash", campaign.frozen_at AS "frozenAt",
             campaign.content_hash_parts AS parts, ${partsOf(campaignId)} AS "computedParts"
        FROM campaigns AS campaign WHERE campaign.id = ${campaignId}::uuid`.execute(db);
    const [row] = rows;
    if (row === undefined) throw new Error(`campaign ${campaignId} is gone`);
    return {
      ...row,
      parts: Parts.nullable().parse(row['parts']),
      computedParts: Parts.parse(row['computedParts']),
    };
  },
});

/**
 * SHA-256 over channel, message, audience and the hash of every recipient with their parameters and whether
 * they were to be sent to (who was left out at launch stands in batch -1 for good). As the database stores
 * them, not as some version of the console writes them down; recipients in the order of their bytes.
 */
const hashOf = (campaignId: string) => sql<string>`
  (SELECT encode(sha256(convert_to(jsonb_build_array(frozen.channel, frozen.message, frozen.audience)::text, 'UTF8')
            || coalesce((SELECT string_agg(sha256(convert_to(jsonb_build_array(
                                  delivery.recipient, delivery.parameters, delivery.batch_no >= 0)::text, 'UTF8')),
                                  ''::bytea ORDER BY delivery.recipient COLLATE "C")
                           FROM deliveries AS delivery WHERE delivery.campaign_id = frozen.id), ''::bytea)), 'hex')
     FROM campaigns AS frozen WHERE frozen.id = ${campaignId}::uuid)`;

/** 60 bits of a hash as a number: sums of them do not depend on the order, and need no sorting. */
const numberOf = (text: ReturnType<typeof sql>) => sql`('x' || left(md5(${text}), 15))::bit(60)::bigint`;

/** See `Parts`. */
const partsOf = (campaignId: string) => sql`
  (SELECT jsonb_build_object(
            'message', encode(sha256(convert_to(jsonb_build_array(frozen.channel, frozen.message)::text, 'UTF8')), 'hex'),
            'audience', encode(sha256(convert_to(frozen.audience::text, 'UTF8')), 'hex'),
            'recipients', ledger.recipients, 'people', ledger.people, 'values', ledger.filled)
     FROM campaigns AS frozen,
          LATERAL (SELECT count(*) AS recipients,
                          coalesce(sum(${numberOf(sql`delivery.recipient || (delivery.batch_no >= 0)::text`)}), 0)::text AS people,
                          coalesce(sum(${numberOf(sql`delivery.parameters::text`)}), 0)::text AS filled
                     FROM deliveries AS delivery WHERE delivery.campaign_id = frozen.id) AS ledger
    WHERE frozen.id = ${campaignId}::uuid)`;
