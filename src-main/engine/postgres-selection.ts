import { z } from 'zod';
import { JobState } from '@shared/domain/queues';
import type { SqlQueries } from './postgres-job-reader';
import {
  MAX_LABEL,
  MAX_STACK,
  MAX_STEP,
  type JobField,
  type SelectedJob,
  type SelectionReader,
  type StateWalk,
  type WalkOptions,
} from './selection';

const int = z.coerce.number();
const rowShape = z.object({
  id: z.string(),
  state: JobState,
  place: int,
  name: z.string(),
  reason: z.string().nullable(),
  attempts: int,
  added: int,
  finished: z.union([z.number(), z.string().transform(Number)]).nullable(),
  priority: int,
  data: z.string().nullable(),
  stack: z.string().nullable(),
  campaign: z.string().nullable(),
  import: z.string().nullable(),
  label: z.string().nullable(),
});

/** What orders the jobs of a state. */
const PLACE: Readonly<Record<JobState, string>> = {
  waiting: 'seq',
  active: 'seq',
  'waiting-children': 'seq',
  delayed: 'process_at_ms',
  completed: 'finished_at_ms',
  failed: 'finished_at_ms',
};

const columns = (place: string, fields: ReadonlySet<JobField>): string => {
  const only = (field: JobField, sql: string): string => (fields.has(field) ? sql : 'NULL::text');
  return `id, state::text AS state, ${place} AS place, name, left(failed_reason, 4000) AS reason,
    attempts_made AS attempts, added_at_ms AS added, finished_at_ms AS finished, priority,
    ${only('data', 'data::text')} AS data,
    ${only('stack', `left(stacktrace ->> -1, ${String(MAX_STACK)})`)} AS stack,
    ${only('about', "data ->> 'campaignId'")} AS campaign, ${only('about', "data ->> 'importId'")} AS import,
    ${only('about', `left(data ->> 'label', ${String(MAX_LABEL)})`)} AS label`;
};

/** Reads a selection from BullMQ's tables, at most 1,000 jobs a statement. */
export class PostgresSelectionReader implements SelectionReader {
  constructor(private readonly sql: SqlQueries) {}

  async walk(queue: string, state: JobState, options: WalkOptions): Promise<StateWalk> {
    const place = PLACE[state];
    const values: unknown[] = [queue, state];
    const where = ['queue = $1', 'state = $2::bullmq.job_state'];
    const { from, to } = options.finished;
    if (Number.isFinite(from)) where.push(`finished_at_ms >= $${String(values.push(from))}`);
    if (Number.isFinite(to)) where.push(`finished_at_ms <= $${String(values.push(to))}`);
    const { rows } = await this.sql.query(
      `SELECT count(*) AS total FROM bullmq.job WHERE ${where.join(' AND ')}`,
      values,
    );
    const [counted] = z.array(z.object({ total: int })).parse(rows);
    const direction = options.order === 'newest' ? 'DESC' : 'ASC';
    let last: { readonly place: number; readonly id: string } | undefined;
    return {
      total: counted?.total ?? 0,
      next: async () => {
        const args = [...values];
        const past = options.order === 'newest' ? '<' : '>';
        const after =
          last === undefined
            ? ''
            : ` AND (${place}, id) ${past} ($${String(args.push(last.place))}::bigint, $${String(args.push(last.id))})`;
        const found = await this.read(
          `SELECT ${columns(place, options.fields)} FROM bullmq.job WHERE ${where.join(' AND ')}${after}
            ORDER BY ${place} ${direction}, id ${direction} LIMIT ${String(MAX_STEP)}`,
          args,
        );
        last = found.at(-1) ?? last;
        return { looked: found.length, jobs: found.map((row) => toJob(queue, row)) };
      },
    };
  }

  async lookUp(queue: string, ids: readonly string[], fields: ReadonlySet<JobField>): Promise<SelectedJob[]> {
    const found = await this.read(
      `SELECT ${columns('0', fields)} FROM bullmq.job WHERE queue = $1 AND id = ANY ($2)`,
      [queue, ids],
    );
    return found.map((row) => toJob(queue, row));
  }

  private async read(text: string, values: unknown[]): Promise<z.infer<typeof rowShape>[]> {
    const { rows } = await this.sql.query(text, values);
    return z.array(rowShape).parse(rows);
  }
}

const toJob = (queue: string, row: z.infer<typeof rowShape>): SelectedJob => ({
  queue,
  id: row.id,
  state: row.state,
  name: row.name,
  reason: row.reason,
  attemptsMade: row.attempts,
  addedAt: row.added,
  finishedAt: row.finished,
  priority: row.priority,
  // As the other engine keeps it: without the spaces that a jsonb is printed with.
  data: row.data === null ? null : JSON.stringify(JSON.parse(row.data)),
  stack: row.stack,
  about:
    row.campaign === null && row.import === null
      ? null
      : { campaignId: row.campaign, importId: row.import, label: row.label },
});
