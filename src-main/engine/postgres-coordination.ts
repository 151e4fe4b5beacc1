import { z } from 'zod';
import type { QueueName } from '@shared/domain/queues';
import type { CancelRequest, Coordination, Heartbeat, Pace } from './coordination';
import { HeartbeatShape } from './heartbeat-shape';
import type { SqlQueries } from './postgres-job-reader';

/** Coordination over the tables of coordination-tables.ts, on the server's clock. */
export class PostgresCoordination implements Coordination {
  constructor(private readonly sql: SqlQueries) {}

  async announce(heartbeat: Heartbeat, ttlMs: number): Promise<void> {
    await this.sql.query(
      `INSERT INTO engine.hosts (id, heartbeat, expires_at)
       VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
       ON CONFLICT (id) DO UPDATE SET heartbeat = excluded.heartbeat, expires_at = excluded.expires_at`,
      [heartbeat.id, JSON.stringify(heartbeat), ttlMs / 1_000],
    );
    await this.sql.query('DELETE FROM engine.hosts WHERE expires_at < clock_timestamp()');
  }

  async withdraw(hostId: string): Promise<void> {
    await this.sql.query('DELETE FROM engine.hosts WHERE id = $1', [hostId]);
  }

  async hosts(): Promise<Heartbeat[]> {
    const { rows } = await this.sql.query(
      'SELECT heartbeat FROM engine.hosts WHERE expires_at >= clock_timestamp() ORDER BY id',
    );
    return rows.flatMap((row) => {
      const parsed = z.object({ heartbeat: HeartbeatShape }).safeParse(row);
      return parsed.success ? [parsed.data.heartbeat] : [];
    });
  }

  async requestCancel(queue: QueueName, jobId: string, by = 'an operator'): Promise<void> {
    await this.sql.query(
      `INSERT INTO engine.cancels (queue, job_id, by, expires_at)
       VALUES ($1, $2, $3, clock_timestamp() + interval '1 hour')
       ON CONFLICT (queue, job_id) DO UPDATE SET by = excluded.by, expires_at = excluded.expires_at`,
      [queue, jobId, by],
    );
    await this.sql.query('DELETE FROM engine.cancels WHERE expires_at < clock_timestamp()');
  }

  async cancelRequests(queue: QueueName, jobIds: readonly string[]): Promise<CancelRequest[]> {
    if (jobIds.length === 0) return [];
    const { rows } = await this.sql.query(
      `SELECT job_id, by FROM engine.cancels
        WHERE queue = $1 AND job_id = ANY ($2) AND expires_at >= clock_timestamp()`,
      [queue, jobIds],
    );
    return z
      .array(z.object({ job_id: z.string(), by: z.string() }))
      .parse(rows)
      .map((row) => ({ jobId: row.job_id, by: row.by }));
  }

  async clearCancel(queue: QueueName, jobId: string): Promise<void> {
    await this.sql.query('DELETE FROM engine.cancels WHERE queue = $1 AND job_id = $2', [queue, jobId]);
  }

  async acquire(key: string, pace: Pace): Promise<{ granted: boolean; waitMs: number }> {
    const { rows } = await this.sql.query('SELECT granted, wait_ms FROM engine.acquire($1, $2, $3, $4)', [
      key,
      1_000 / pace.perSecond,
      pace.burst,
      pace.maxWaitMs,
    ]);
    const [row] = z.array(z.object({ granted: z.boolean(), wait_ms: z.number() })).parse(rows);
    return { granted: row?.granted ?? false, waitMs: Math.ceil(row?.wait_ms ?? 0) };
  }
}
