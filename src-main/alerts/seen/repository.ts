import { sql } from 'kysely';
import type { Actor } from '@shared/rpc/define';
import type { Database } from '../../database/database';

type Person = Pick<Actor, 'organizationId' | 'userId'>;

/** SQL of `failures_seen`: up to which failure of each queue somebody has looked. */
export interface FailuresSeenRepository {
  marks(person: Person): Promise<ReadonlyMap<string, Date>>;
  /** Never moves a mark back. */
  mark(person: Person, marks: readonly { readonly queue: string; readonly seenAt: Date }[]): Promise<void>;
}

export const createFailuresSeenRepository = (db: Database): FailuresSeenRepository => ({
  async marks({ organizationId, userId }) {
    const rows = await db
      .selectFrom('failures_seen')
      .select(['queue_name', 'seen_at'])
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', userId)
      .execute();
    return new Map(rows.map(({ queue_name, seen_at }) => [queue_name, seen_at]));
  },

  async mark({ organizationId, userId }, marks) {
    if (marks.length === 0) return;
    await db
      .insertInto('failures_seen')
      .values(
        marks.map(({ queue, seenAt }) => ({
          organization_id: organizationId,
          user_id: userId,
          queue_name: queue,
          seen_at: seenAt,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['organization_id', 'user_id', 'queue_name'])
          .doUpdateSet({ seen_at: sql`greatest(failures_seen.seen_at, excluded.seen_at)` }),
      )
      .execute();
  },
});
