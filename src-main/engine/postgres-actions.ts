import { z } from 'zod';
import { JobState } from '@shared/domain/queues';
import { formatLifeLine } from './attempt-log';
import {
  refusalReasons,
  type JobAction,
  type JobActions,
  type JobCopy,
  type StepOutcome,
  type Targets,
} from './job-actions';
import type { SqlQueries } from './postgres-job-reader';
import { MAX_STEP } from './selection';

const outcomeShape = z.object({
  outcome: z.object({
    done: z.number(),
    refused: z.array(z.object({ id: z.string(), why: z.enum(refusalReasons) })),
  }),
});
const copyShape = z.object({ id: z.string(), state: JobState, content: z.string() });

/** Stands for a job's id in a line that is made once for many. */
const ID_HERE = '\u0000';

/** Actions as functions in the schema `engine`, see action-tables.ts. */
export class PostgresActions implements JobActions {
  constructor(private readonly sql: SqlQueries) {}

  act({ queue, state, jobs }: Targets, action: JobAction, tally?: string): Promise<StepOutcome> {
    const part = jobs.slice(0, MAX_STEP);
    const ids = part.map(({ id }) => id);
    const name = tally ?? null;
    switch (action.type) {
      case 'retry':
        return this.run('engine.retry_jobs($1, $2, $3, $4)', [queue, ids, action.leaveCancelled, name]);
      case 'patch': {
        const from = part.map(({ patched }) => patched?.from ?? 'null');
        const to = part.map(({ patched }) => patched?.to ?? 'null');
        const values = [queue, ids, from, to, action.leaveCancelled, name];
        return this.run('engine.patch_jobs($1, $2, $3, $4, $5, $6)', values);
      }
      case 'promote':
        return this.run('engine.promote_jobs($1, $2, $3)', [queue, ids, name]);
      case 'priority':
        return this.run('engine.prioritize_jobs($1, $2, $3, $4)', [queue, ids, action.priority, name]);
      case 'remove': {
        const marks = part.map(({ finishedAt }) => finishedAt ?? 0);
        return this.run('engine.remove_jobs($1, $2, $3, $4, $5)', [queue, ids, marks, state, name]);
      }
      case 'move': {
        const marks = part.map(({ finishedAt }) => finishedAt ?? 0);
        const line = formatLifeLine({
          type: 'moved',
          at: new Date(),
          from: queue,
          id: ID_HERE,
          by: action.by,
        });
        const [before, after] = line.split(ID_HERE);
        const values = [queue, ids, marks, state, action.to, before, after, name];
        return this.run('engine.move_jobs($1, $2, $3, $4, $5, $6, $7, $8)', values);
      }
    }
  }

  async tally(name: string): Promise<number> {
    const { rows } = await this.sql.query('SELECT done FROM engine.tallies WHERE name = $1', [name]);
    const [row] = z.array(z.object({ done: z.coerce.number() })).parse(rows);
    return row?.done ?? 0;
  }

  async lastTaken(name: string, queue: string): Promise<string[]> {
    const { rows } = await this.sql.query(
      'SELECT last_ids AS ids FROM engine.tallies WHERE name = $1 AND last_queue = $2',
      [name, queue],
    );
    const [row] = z.array(z.object({ ids: z.array(z.string()) })).parse(rows);
    return row?.ids ?? [];
  }

  async copy(queue: string, ids: readonly string[]): Promise<JobCopy[]> {
    const { rows } = await this.sql.query(
      `SELECT id, state::text AS state, jsonb_build_object(
                'job', to_jsonb(j),
                'logs', coalesce((SELECT jsonb_agg(to_jsonb(l) ORDER BY idx) FROM bullmq.job_log AS l
                                   WHERE l.queue = j.queue AND l.job_id = j.id), '[]'),
                'children', coalesce((SELECT jsonb_agg(to_jsonb(d)) FROM bullmq.job_dependency AS d
                                       WHERE d.parent_queue = j.queue AND d.parent_id = j.id), '[]'),
                'isOwed', EXISTS (SELECT 1 FROM bullmq.job_dependency AS d
                                   WHERE d.parent_queue = j.parent_queue AND d.parent_id = j.parent_id
                                     AND d.child_key = j.queue || ':' || j.id AND d.status = 'pending'),
                'alone', (SELECT to_jsonb(d) FROM bullmq.dedup AS d
                           WHERE d.queue = j.queue AND d.dedup_id = j.dedup_id AND d.job_id = j.id))::text AS content
         FROM bullmq.job AS j WHERE queue = $1 AND id = ANY ($2)`,
      [queue, ids.slice(0, MAX_STEP)],
    );
    return z.array(copyShape).parse(rows);
  }

  restore(queue: string, copies: readonly JobCopy[], tally?: string): Promise<StepOutcome> {
    const part = copies.slice(0, MAX_STEP).map(({ content }) => content);
    return this.run(
      'engine.restore_jobs($1, $2::jsonb, $3)',
      [queue, `[${part.join(',')}]`, tally ?? null],
      part.length,
    );
  }

  private async run(call: string, values: unknown[], handled?: number): Promise<StepOutcome> {
    const { rows } = await this.sql.query(`SELECT ${call} AS outcome`, values);
    const [row] = z.array(outcomeShape).length(1).parse(rows);
    if (row === undefined) throw new Error('The engine answered nothing.');
    const { done, refused } = row.outcome;
    return { handled: handled ?? done + refused.length, done, refused };
  }
}
