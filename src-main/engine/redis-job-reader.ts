import type { Redis } from 'ioredis';
import { z } from 'zod';
import { CANCELLED_PREFIX } from '@shared/domain/failure-cause';
import { JobState, QueueName } from '@shared/domain/queues';
import type { FailedLately, FailedSince, JobPage, JobTiming, QueueSnapshot } from './engine';
import { timingOf, type JobReader } from './job-reader';
import {
  MAX_LISTED_DATA,
  numberOrNull,
  parseJson,
  timeOrNull,
  type JobRow,
  type JobRowDetail,
} from './job-row';
import {
  failedScript,
  failedSinceScript,
  failuresScript,
  findScript,
  namedScript,
  pageScript,
  snapshotScript,
  timingsScript,
} from './redis-scripts';

/** BullMQ packs the due time and a counter of 12 bits into a delayed job's score. */
const DELAYED_SCORE_STEP = 4_096;

const text = z.string().nullish();
const rowShape = z.tuple([
  z.string(), // the queue's prefix
  z.string(), // id
  JobState,
  z.string(), // score
  text, // data
  z.string(), // name
  text, // opts
  text, // progress
  text, // priority
  text, // attempts made
  text, // attempts started
  text, // timestamp
  text, // processedOn
  text, // finishedOn
  text, // failedReason
]);
const pageShape = z.tuple([z.number(), z.array(rowShape)]);
const failuresShape = z.tuple([z.array(z.number()), z.array(rowShape)]);
const failedSinceShape = z.array(z.tuple([z.number(), z.string(), z.string()]));
const snapshotShape = z.array(
  z.tuple([
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    z.string(),
  ]),
);
const timingsShape = z.array(z.tuple([z.string(), z.string(), z.string(), text, text, text, text]));

/** Reads BullMQ's keys with one script a question, so that a page is one round trip whatever it holds. */
export class RedisJobReader implements JobReader {
  constructor(
    private readonly client: Redis,
    private readonly prefix: string,
  ) {}

  async snapshot(queues: readonly QueueName[]): Promise<QueueSnapshot[]> {
    const answer = snapshotShape.parse(await snapshotScript.run(this.client, queues.map(this.base), []));
    return queues.flatMap((queue, index): QueueSnapshot[] => {
      const found = answer[index];
      if (found === undefined) return [];
      const [wait, prioritized, active, delayed, waitingChildren, completed, failed, paused, oldest] = found;
      const waiting = wait + prioritized;
      const held = paused === 1 ? waiting : 0;
      return [
        {
          queue,
          counts: { waiting, active, delayed, waitingChildren, completed, failed, paused: held },
          paused: paused === 1,
          oldestWaitingAt: dateOrNull(oldest),
        },
      ];
    });
  }

  async page(queue: QueueName, state: JobState, page: JobPage): Promise<{ total: number; rows: JobRow[] }> {
    const args = [state, page.start, page.count, page.order === 'newest' ? 1 : 0, MAX_LISTED_DATA];
    const [total, rows] = pageShape.parse(await pageScript.run(this.client, [this.base(queue)], args));
    return { total, rows: rows.map((row) => this.toRow(row)) };
  }

  async failures(
    queues: readonly QueueName[],
    start: number,
    count: number,
  ): Promise<{ totals: readonly number[]; rows: JobRow[] }> {
    const answer = await failuresScript.run(this.client, queues.map(this.base), [
      start,
      count,
      MAX_LISTED_DATA,
    ]);
    const [totals, rows] = failuresShape.parse(answer);
    return { totals, rows: rows.map((row) => this.toRow(row)) };
  }

  async failedSince(asked: readonly FailedSince[]): Promise<FailedLately[]> {
    const bases = asked.map(({ queue }) => this.base(queue));
    const since = asked.map((each) => each.since.getTime());
    const answer = await failedSinceScript.run(this.client, bases, [CANCELLED_PREFIX, ...since]);
    return failedSinceShape.parse(answer).map(([failed, newest, reason]) => ({
      failed,
      newestAt: dateOrNull(newest),
      reason: reason === '' ? null : reason,
    }));
  }

  async find(queues: readonly QueueName[], id: string): Promise<JobRow[]> {
    const answer = await findScript.run(this.client, queues.map(this.base), [id, MAX_LISTED_DATA]);
    return z
      .array(rowShape)
      .parse(answer)
      .map((row) => this.toRow(row));
  }

  async named(queue: QueueName, ids: readonly string[]): Promise<JobRow[]> {
    if (ids.length === 0) return [];
    const answer = await namedScript.run(this.client, [this.base(queue)], [MAX_LISTED_DATA, ...ids]);
    return z
      .array(rowShape)
      .parse(answer)
      .map((row) => this.toRow(row));
  }

  async failed(queue: QueueName, ids: readonly string[]): Promise<JobRow[]> {
    if (ids.length === 0) return [];
    const answer = await failedScript.run(this.client, [this.base(queue)], [MAX_LISTED_DATA, ...ids]);
    return z
      .array(rowShape)
      .parse(answer)
      .map((row) => this.toRow(row));
  }

  async detail(queue: QueueName, id: string): Promise<JobRowDetail | undefined> {
    const [row] = await this.find([queue], id);
    if (row === undefined) return undefined;
    const [data, result, stacks, processedBy, parentKey] = await this.client.hmget(
      this.base(queue) + id,
      'data',
      'returnvalue',
      'stacktrace',
      'pb',
      'parentKey',
    );
    return {
      ...row,
      data: data ?? null,
      result: result ?? null,
      stacks: stacks ?? null,
      processedBy: processedBy ?? null,
      parentKey: parentKey ?? null,
    };
  }

  async timings(queue: QueueName, ids: readonly string[]): Promise<JobTiming[]> {
    if (ids.length === 0) return [];
    const answer = await timingsScript.run(this.client, [this.base(queue)], ids);
    return timingsShape.parse(answer).map(([id, name, added, options, started, finished, starts]) =>
      timingOf({
        id,
        name,
        addedAt: Number(added),
        delay: delayOf(options ?? null),
        startedAt: numberOrNull(started),
        finishedAt: numberOrNull(finished),
        attemptsStarted: numberOrNull(starts) ?? 0,
      }),
    );
  }

  async finishedAtRank(
    queue: QueueName,
    state: 'completed' | 'failed',
    rank: number,
  ): Promise<number | null> {
    const [, score] = await this.client.zrange(this.base(queue) + state, rank, rank, 'REV', 'WITHSCORES');
    return numberOrNull(score);
  }

  private readonly base = (queue: QueueName): string => `${this.prefix}:${queue}:`;

  private toRow(row: z.infer<typeof rowShape>): JobRow {
    const [base, id, state, score, data, name, options, progress, priority, made, starts, added] = row;
    return {
      queue: queueOf(base, this.prefix),
      id,
      name,
      state,
      data: data ?? null,
      options: options ?? '{}',
      progress: progress ?? null,
      priority: numberOrNull(priority) ?? 0,
      attemptsMade: numberOrNull(made) ?? 0,
      attemptsStarted: numberOrNull(starts) ?? 0,
      addedAt: timeOrNull(added) ?? 0,
      dueAt: state === 'delayed' ? Math.floor(Number(score) / DELAYED_SCORE_STEP) : null,
      startedAt: timeOrNull(row[12]),
      finishedAt: timeOrNull(row[13]),
      failedReason: row[14] ?? null,
    };
  }
}

const dateOrNull = (text: string): Date | null => {
  const ms = timeOrNull(text);
  return ms === null ? null : new Date(ms);
};

const queueOf = (base: string, prefix: string): QueueName =>
  QueueName.parse(base.slice(prefix.length + 1, -1));

const delayShape = z.object({ delay: z.number().nonnegative().default(0) });

/** The delay a job was added with: its own field is zeroed when it becomes due. */
const delayOf = (options: string | null): number => {
  const parsed = delayShape.safeParse(parseJson(options));
  return parsed.success ? parsed.data.delay : 0;
};
