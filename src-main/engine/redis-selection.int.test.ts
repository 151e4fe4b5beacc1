import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobState } from '@shared/domain/queues';
import { startRedis, type RedisServer } from '../../e2e/fixtures/services';
import { RedisSelectionReader } from './redis-selection';
import type { JobField, SelectedJob, WalkOptions } from './selection';

const JOBS = 300;
const ALWAYS = { from: -Infinity, to: Infinity };
const FIELDS: ReadonlySet<JobField> = new Set(['name', 'data', 'reason', 'addedAt']);

/** Pages of jobs as a server gives them that sorts, and as one that does not, or not for us. */
describe.each([
  ['page by page', false],
  ['with the next page under way', true],
])('a selection read from Redis, %s', (_, ahead) => {
  let redis: RedisServer;
  let admin: Redis;
  let limited: Redis;

  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis(redis.url);
    await admin.call('ACL', 'SETUSER', 'limited', 'on', '>secret', '~bull:*', '+@all');
    limited = new Redis(redis.url, { username: 'limited', password: 'secret' });
  });
  afterAll(async () => {
    admin.disconnect();
    limited.disconnect();
    await redis.dispose();
  });
  beforeEach(() => admin.flushall());

  const put = async (queue: string, key: string, no: number): Promise<void> => {
    const [base, id] = [`bull:${queue}:`, `job-${String(no)}`];
    const data = JSON.stringify({ no, note: 'é'.repeat(no % 40) });
    const fields = { name: `name-${String(no % 3)}`, data, timestamp: no, finishedOn: 1_000 + no };
    await admin.hset(base + id, no % 2 === 0 ? fields : { ...fields, failedReason: `Error ${String(no)}` });
    if (key === 'wait') await admin.lpush(base + key, id);
    else await admin.zadd(base + key, 1_000 + no, id);
  };
  const seed = async (queue: string, key: string): Promise<void> => {
    for (let no = 0; no < JOBS; no += 1) await put(queue, key, no);
  };

  const walked = async (
    client: Redis,
    { queue = 'letters', state, ...rest }: { queue?: string; state: JobState } & Partial<WalkOptions>,
    between: (page: number) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<SelectedJob[]> => {
    const reader = new RedisSelectionReader(client, 'bull');
    const options = { fields: FIELDS, order: 'newest' as const, finished: ALWAYS, ahead, ...rest };
    const walk = await reader.walk(queue, state, options);
    const out: SelectedJob[] = [];
    for (let page = await walk.next(0), no = 0; page.looked > 0; page = await walk.next(0), no += 1) {
      out.push(...page.jobs);
      await between(no);
    }
    return out;
  };

  const numbers = (jobs: readonly SelectedJob[]): number[] => jobs.map(({ id }) => Number(id.slice(4)));
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, no) => no);

  it.each([
    ['failed', 'failed'],
    ['waiting', 'wait'],
  ] as const)(
    'gives the same jobs in the same order with and without the right to sort: %s',
    async (state, key) => {
      await seed('letters', key);
      for (const order of ['newest', 'oldest'] as const) {
        const sorted = await walked(admin, { state, order });
        const oneByOne = await walked(limited, { state, order });
        expect(sorted).toEqual(oneByOne);
        expect(numbers(sorted)).toEqual(order === 'oldest' ? upTo(JOBS) : upTo(JOBS).reverse());
        expect(sorted.find(({ id }) => id === 'job-7')).toMatchObject({
          name: 'name-1',
          data: JSON.stringify({ no: 7, note: 'é'.repeat(7) }),
          reason: 'Error 7',
          addedAt: 7,
          finishedAt: state === 'failed' ? 1_007 : null,
        });
      }
    },
  );

  it('gives only those that ended in a span', async () => {
    await seed('letters', 'completed');
    const finished = { from: 1_020, to: 1_199 };
    for (const order of ['newest', 'oldest'] as const) {
      const jobs = await walked(admin, { state: 'completed', order, finished });
      expect(numbers(jobs).sort((a, b) => a - b)).toEqual(upTo(200).slice(20));
    }
  });

  it('gives the end of a job also where nothing else is read', async () => {
    await seed('letters', 'failed');
    const jobs = await walked(admin, { state: 'failed', fields: new Set<JobField>() });
    expect(jobs.every((job) => job.finishedAt === 1_000 + Number(job.id.slice(4)))).toBe(true);
  });

  it('gives each job that stays once, with its own fields, while others come and go', async () => {
    await seed('letters', 'failed');
    const gone = new Set<number>();
    const jobs = await walked(admin, { state: 'failed' }, async (page) => {
      await put('letters', 'failed', JOBS + page);
      const no = page * 17;
      gone.add(no);
      await admin.zrem('bull:letters:failed', `job-${String(no)}`);
    });
    const found = numbers(jobs);
    expect(new Set(found).size).toBe(found.length);
    expect(upTo(JOBS).filter((no) => !gone.has(no) && !found.includes(no))).toEqual([]);
    for (const { id, data } of jobs)
      expect(JSON.parse(data ?? '')).toMatchObject({ no: Number(id.slice(4)) });
  });

  it('leaves out a job that has no hash any more', async () => {
    await seed('letters', 'failed');
    await admin.del('bull:letters:job-250');
    expect(numbers(await walked(admin, { state: 'failed' }))).toEqual(
      upTo(JOBS)
        .reverse()
        .filter((no) => no !== 250),
    );
  });

  it('reads a queue whose name has a star', async () => {
    await seed('all*stars', 'failed');
    expect(numbers(await walked(admin, { queue: 'all*stars', state: 'failed' }))).toEqual(
      upTo(JOBS).reverse(),
    );
  });
});
