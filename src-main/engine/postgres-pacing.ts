import { z } from 'zod';
import type { Lowered, Pace, PairPace, Reservation } from './coordination';
import type { SqlQueries } from './postgres-job-reader';

const Reserved = z.array(z.object({ now_ms: z.number(), starts: z.array(z.number()), retry_ms: z.number() }));
const Lines = z.array(
  z.object({ key: z.string(), share: z.number(), code: z.string(), since: z.number(), held: z.number() }),
);
const Waits = z.array(z.object({ member: z.string(), wait: z.number() }));

const FREE: Lowered = { share: 1, cause: null, heldForMs: 0 };

/** The pacing of {@link Coordination} over the tables of pacing-tables.ts, on the server's clock. */
export class PostgresPacing {
  constructor(private readonly sql: SqlQueries) {}

  async reserve(key: string, pace: Pace, count: number): Promise<Reservation> {
    const { rows } = await this.sql.query(
      'SELECT now_ms, starts, retry_ms FROM engine.reserve($1, $2, $3, $4, $5, $6, $7)',
      [key, pace.within ?? key, 1_000 / pace.perSecond, pace.burst, pace.maxWaitMs, pace.weight ?? 1, count],
    );
    const [row] = Reserved.parse(rows);
    if (row === undefined) throw new Error('engine.reserve answers one row.');
    return { nowMs: row.now_ms, startsMs: row.starts, retryInMs: Math.ceil(row.retry_ms) };
  }

  async slowDown(key: string, factor: number, code: string): Promise<void> {
    await this.sql.query('SELECT engine.slow_down($1, $2, $3)', [key, factor, code]);
  }

  async hold(key: string, ms: number): Promise<void> {
    await this.sql.query(
      `INSERT INTO engine.lines AS line (key, hold) VALUES ($1, engine.now_ms() + $2)
       ON CONFLICT (key) DO UPDATE SET hold = greatest(line.hold, excluded.hold)`,
      [key, ms],
    );
  }

  async lowered(keys: readonly string[]): Promise<Lowered[]> {
    const { rows } = await this.sql.query(
      `SELECT key, engine.share_of(line, now.ms) AS share, code, since, greatest(0, hold - now.ms) AS held
         FROM engine.lines AS line, (SELECT engine.now_ms() AS ms) AS now WHERE key = ANY ($1)`,
      [keys],
    );
    const lines = new Map(Lines.parse(rows).map((line) => [line.key, line]));
    return keys.map((key) => {
      const line = lines.get(key);
      if (line === undefined) return FREE;
      const { share, code, since } = line;
      const cause = share < 1 ? { code, sinceMs: Math.round(since) } : null;
      return { share, cause, heldForMs: Math.ceil(line.held) };
    });
  }

  async admit(scope: string, members: readonly string[], pace: PairPace): Promise<number[]> {
    if (members.length === 0) return [];
    const step = 1_000 / pace.perSecond;
    const { rows } = await this.sql.query(
      `WITH now AS MATERIALIZED (SELECT engine.now_ms() AS ms)
       INSERT INTO engine.pairs AS pair (scope, member, due, wait)
       SELECT $1, member, now.ms + $3, 0
         FROM now, (SELECT DISTINCT member FROM unnest($2::text[]) AS member ORDER BY member) AS asked
       ON CONFLICT (scope, member) DO UPDATE
         SET wait = greatest(0, pair.due - $4 - (excluded.due - $3)),
             due = CASE WHEN pair.due - $4 > excluded.due - $3 THEN pair.due
                        ELSE greatest(pair.due + $3, excluded.due) END
       RETURNING member, wait`,
      [scope, members, step, (pace.burst - 1) * step],
    );
    const waits = new Map(Waits.parse(rows).map(({ member, wait }) => [member, Math.ceil(wait)]));
    return members.map((member) => waits.get(member) ?? 0);
  }

  /** Lets go of the lines that are empty again. */
  async forget(): Promise<void> {
    await this.sql.query('DELETE FROM engine.pairs WHERE due < engine.now_ms()');
  }
}
