import { sql } from 'kysely';
import type { Database } from '../database/database';

/** A minute of an engine; null is no reading. */
export interface EngineMinute {
  readonly minute: Date;
  readonly latencyMs: number | null;
  readonly longestMs: number | null;
  readonly memoryBytes: number | null;
  readonly storageBytes: number | null;
  readonly clients: number | null;
}

export interface EngineMetricsRepository {
  /** Safe to repeat: of several consoles that record the same minute, the one that measured the longest stands. */
  save(organizationId: string, engine: string, row: EngineMinute): Promise<void>;
  /**
   * Steps of `stepSeconds` from `from` to `to`, oldest first; those without a reading are left out. Of memory and
   * clients the highest reading, of round trips the mean of the minutes' medians and the longest.
   */
  steps(organizationId: string, engine: string, range: StepRange): Promise<EngineMinute[]>;
  /** Removes what is older, of queues and engine; answers how many rows. */
  removeBefore(organizationId: string, before: Date): Promise<number>;
}

export interface StepRange {
  readonly from: Date;
  readonly to: Date;
  readonly stepSeconds: number;
}

/** SQL of `engine_metrics`, and of how long measurements are kept. */
export const createEngineMetricsRepository = (db: Database): EngineMetricsRepository => ({
  async save(organizationId, engine, row) {
    await sql`
      INSERT INTO engine_metrics (organization_id, engine, minute, latency_ms, longest_ms, memory_bytes, storage_bytes, clients)
      VALUES (${organizationId}, ${engine}, ${row.minute}, ${row.latencyMs}, ${row.longestMs}, ${row.memoryBytes},
              ${row.storageBytes}, ${row.clients})
      ON CONFLICT (organization_id, engine, minute) DO UPDATE
         SET latency_ms = excluded.latency_ms, longest_ms = excluded.longest_ms,
             memory_bytes = excluded.memory_bytes, storage_bytes = excluded.storage_bytes, clients = excluded.clients
       WHERE coalesce(excluded.longest_ms, 0) >= coalesce(engine_metrics.longest_ms, 0)`.execute(db);
  },

  async steps(organizationId, engine, { from, to, stepSeconds }) {
    const { rows } = await sql<EngineMinute>`
      SELECT to_timestamp(floor(extract(epoch FROM minute) / ${stepSeconds}::int) * ${stepSeconds}::int) AS minute,
             avg(latency_ms)::float8 AS "latencyMs",
             max(longest_ms)::float8 AS "longestMs",
             max(memory_bytes)::float8 AS "memoryBytes",
             max(storage_bytes)::float8 AS "storageBytes",
             max(clients)::float8 AS clients
        FROM engine_metrics
       WHERE organization_id = ${organizationId} AND engine = ${engine} AND minute >= ${from} AND minute < ${to}
       GROUP BY 1 ORDER BY 1`.execute(db);
    return rows;
  },

  async removeBefore(organizationId, before) {
    const tables = ['engine_metrics', 'queue_metrics'] as const;
    let removed = 0;
    for (const table of tables) {
      const result = await db
        .deleteFrom(table)
        .where('organization_id', '=', organizationId)
        .where('minute', '<', before)
        .executeTakeFirst();
      removed += Number(result.numDeletedRows);
    }
    const steps = await db
      .deleteFrom('queue_metrics_steps')
      .where('organization_id', '=', organizationId)
      .where('begins', '<', before)
      .executeTakeFirst();
    return removed + Number(steps.numDeletedRows);
  },
});
