import type { ImportStage } from './import-stage';

/** How many transactions wait for another one to end. */
export async function waitingForLock({ pool }: ImportStage): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted`,
  );
  return rows[0]?.n ?? 0;
}
