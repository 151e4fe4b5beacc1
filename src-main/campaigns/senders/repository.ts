import { sql } from 'kysely';
import type { Channel } from '@shared/contract/templates';
import type { Executor } from '../../database/database';
import type { SenderIdentity } from '../../providers/gateways';

export interface SenderProblem {
  readonly reason: string;
  readonly code: string;
  /** When it may go on by itself; null: an operator decides. */
  readonly untilMs: number | null;
}

export interface SenderRow {
  readonly id: string;
  readonly channel: Channel;
  readonly provider: SenderIdentity['provider'];
  readonly address: string;
  readonly name: string;
  readonly isPaused: boolean;
  readonly problem: string | null;
  /** Messages a second that an operator has set for it; null: the channel's setting counts. */
  readonly ownLimit: number | null;
  readonly defaultLimit: number | null;
}

const MEASURED_SECONDS = 10;

/** Senders and the addresses that must not be written to. */
export const createSenderRepository = (db: Executor) => ({
  /**
   * The row of who sends, made when first met. Named by an operator's launch or resume, so it may send again.
   * `perSecond` is the channel's setting: it counts where the sender has no limit of its own.
   */
  async activate(
    organizationId: string,
    channel: Channel,
    identity: SenderIdentity,
    perSecond: number,
  ): Promise<string> {
    const row = await db
      .insertInto('senders')
      .values({
        organization_id: organizationId,
        channel,
        provider: identity.provider,
        address: identity.address,
        name: identity.provider === 'sandbox' ? 'Sandbox' : identity.address,
        default_per_second: perSecond,
      })
      .onConflict((conflict) =>
        conflict.columns(['organization_id', 'channel', 'provider', 'address']).doUpdateSet({
          state: 'active',
          pause_reason: null,
          pause_error_code: null,
          paused_at: null,
          paused_until: null,
          default_per_second: perSecond,
        }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  },

  /**
   * The row of who sends, made when first met, for something that begins by itself: a pause stays. `problem` says why
   * it is paused; null where it is not.
   */
  async meet(
    organizationId: string,
    channel: Channel,
    { provider, address }: SenderIdentity,
    perSecond: number,
  ): Promise<{ id: string; problem: string | null }> {
    const row = await db
      .insertInto('senders')
      .values({
        organization_id: organizationId,
        channel,
        provider,
        address,
        name: provider === 'sandbox' ? 'Sandbox' : address,
        default_per_second: perSecond,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['organization_id', 'channel', 'provider', 'address'])
          .doUpdateSet({ default_per_second: perSecond }),
      )
      .returning(['id', 'state', 'pause_reason'])
      .executeTakeFirstOrThrow();
    return { id: row.id, problem: row.state === 'paused' ? (row.pause_reason ?? '') : null };
  },

  /** What each of these senders may send a second; one without a limit of its own or of its channel is left out. */
  async limits(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await db
      .selectFrom('senders')
      .select(['id', sql<number | null>`coalesce(rate_per_second, default_per_second)`.as('limit')])
      .where('id', 'in', ids)
      .execute();
    return new Map(rows.flatMap(({ id, limit }) => (limit === null ? [] : [[id, limit] as const])));
  },

  /** The channel's setting was changed: it counts for this sender from now on, also while it sends. */
  async setDefault(
    organizationId: string,
    channel: Channel,
    { provider, address }: SenderIdentity,
    perSecond: number,
  ): Promise<void> {
    await db
      .updateTable('senders')
      .set({ default_per_second: perSecond })
      .where('organization_id', '=', organizationId)
      .where('channel', '=', channel)
      .where('provider', '=', provider)
      .where('address', '=', address)
      .execute();
  },

  /** `perSecond` null: the channel's setting counts again. False where there is no such sender. */
  async setLimit(organizationId: string, senderId: string, perSecond: number | null): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('senders')
      .set({ rate_per_second: perSecond })
      .where('organization_id', '=', organizationId)
      .where('id', '=', senderId)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  async list(organizationId: string, senderId?: string): Promise<SenderRow[]> {
    const rows = await db
      .selectFrom('senders')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .$if(senderId !== undefined, (query) => query.where('id', '=', senderId ?? ''))
      .orderBy('channel')
      .orderBy('created_at')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      channel: row.channel,
      provider: row.provider,
      address: row.address,
      name: row.name,
      isPaused: row.state === 'paused',
      problem: row.pause_reason,
      ownLimit: row.rate_per_second,
      defaultLimit: row.default_per_second,
    }));
  },

  /** What was accepted a second over the last `MEASURED_SECONDS`; senders that sent nothing are left out. */
  async measured(organizationId: string): Promise<ReadonlyMap<string, number>> {
    const { rows } = await sql<{ id: string; accepted: number }>`
      SELECT campaign.sender_id AS id, count(*)::int AS accepted
        FROM campaigns AS campaign JOIN deliveries AS delivery ON delivery.campaign_id = campaign.id
       WHERE campaign.organization_id = ${organizationId}::uuid AND campaign.sender_id IS NOT NULL
         AND campaign.started_at IS NOT NULL
         AND (campaign.completed_at IS NULL OR campaign.completed_at > now() - ${MEASURED_SECONDS}::int * interval '1 s')
         AND delivery.accepted_at > now() - ${MEASURED_SECONDS}::int * interval '1 s'
       GROUP BY campaign.sender_id`.execute(db);
    return new Map(rows.map(({ id, accepted }) => [id, accepted / MEASURED_SECONDS]));
  },

  /** Nothing is sent through it from this moment on, by any worker. */
  async pause(senderId: string, { reason, code, untilMs }: SenderProblem): Promise<void> {
    await sql`UPDATE senders SET state = 'paused', pause_reason = ${reason}, pause_error_code = ${code},
                     paused_at = now(), paused_until = now() + ${untilMs}::float8 * interval '1 ms'
               WHERE id = ${senderId}::uuid AND state = 'active'`.execute(db);
  },

  /** `forMs` null: for ever. A longer suppression is never shortened. */
  async suppress(
    organizationId: string,
    channel: Channel,
    address: string,
    {
      reason,
      code,
      forMs,
    }: { readonly reason: string; readonly code: string; readonly forMs: number | null },
  ): Promise<void> {
    await sql`
      INSERT INTO suppressions AS known (organization_id, channel, address, reason, detail, until)
      VALUES (${organizationId}::uuid, ${channel}, ${channel === 'email' ? address.toLowerCase() : address}, ${reason},
              ${JSON.stringify({ code })}::jsonb, now() + ${forMs}::float8 * interval '1 ms')
      ON CONFLICT (organization_id, channel, address) DO UPDATE
        SET reason = excluded.reason, detail = excluded.detail, until = excluded.until
      WHERE known.until IS NOT NULL AND (excluded.until IS NULL OR excluded.until > known.until)`.execute(db);
  },
});
export type SenderRepository = ReturnType<typeof createSenderRepository>;
