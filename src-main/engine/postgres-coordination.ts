import { z } from 'zod';
import type { QueueName } from '@shared/domain/queues';
import type {
  CancelRequest,
  Coordination,
  Heartbeat,
  Lowered,
  Pace,
  PairPace,
  Reservation,
} from './coordination';
import { HeartbeatShape } from './heartbeat-shape';
import type { SqlQueries } from './postgres-job-reader';
import { PostgresPacing } from './postgres-pacing';

/** Coordination over the tables of coordination-tables.ts, on the server's clock. */
export class PostgresCoordination implements Coordination {
  private readonly pacing: PostgresPacing;

  constructor(private readonly sql: SqlQueries) {
    this.pacing = new PostgresPacing(sql);
  }

  async announce(heartbeat: Heartbeat, ttlMs: number): Promise<void> {
    await this.sql.query(
      `INSERT INTO engine.hosts (id, heartbeat, expires_at)
       VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
       ON CONFLICT (id) DO UPDATE SET heartbeat = excluded.heartbeat, expires_at = excluded.expires_at`,
      [heartbeat.id, JSON.stringify(heartbeat), ttlMs / 1_000],
    );
    await this.sql.query('DELETE FROM engine.hosts WHERE expires_at < clock_timestamp()');
    await this.pacing.forget();
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

  reserve(key: string, pace: Pace, count = 1): Promise<Reservation> {
    return this.pacing.reserve(key, pace, count);
  }

  slowDown(key: string, factor: number, code: string): Promise<void> {
    return this.pacing.slowDown(key, factor, code);
  }

  hold(key: string, ms: number): Promise<void> {
    return this.pacing.hold(key, ms);
  }

  lowered(keys: readonly string[]): Promise<Lowered[]> {
    return this.pacing.lowered(keys);
  }

  admit(scope: string, members: readonly string[], pace: PairPace): Promise<number[]> {
    return this.pacing.admit(scope, members, pace);
  }
}
