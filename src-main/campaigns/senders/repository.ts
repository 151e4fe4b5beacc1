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

/** Senders and the addresses that must not be written to. */
export const createSenderRepository = (db: Executor) => ({
  /** The row of who sends, made when first met. Named by an operator's launch or resume, so it may send again. */
  async activate(organizationId: string, channel: Channel, identity: SenderIdentity): Promise<string> {
    const row = await db
      .insertInto('senders')
      .values({
        organization_id: organizationId,
        channel,
        provider: identity.provider,
        address: identity.address,
        name: identity.provider === 'sandbox' ? 'Sandbox' : identity.address,
      })
      .onConflict((conflict) =>
        conflict.columns(['organization_id', 'channel', 'provider', 'address']).doUpdateSet({
          state: 'active',
          pause_reason: null,
          pause_error_code: null,
          paused_at: null,
          paused_until: null,
        }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
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
