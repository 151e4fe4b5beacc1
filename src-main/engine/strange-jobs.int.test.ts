import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QueueName } from '@shared/domain/queues';
import { testRedisUrl } from '../../e2e/fixtures/services';
import { SET_UP_MS } from '../database/testing/databases';
import { FailureIndex } from '../queues/failures/failure-index';
import { FailuresService } from '../queues/failures/service';
import type { BullEngine } from './bullmq-engine';
import { createRedisEngine } from './redis-engine';

const STRANGE = QueueName.parse('strange');
const BASE = `bull:${STRANGE}:`;
/** A time in nanoseconds, as another language's clock gives it. */
const NANOSECONDS = '1800000000000000000';

describe('jobs that another program wrote in its own way', () => {
  let engine: BullEngine;
  let client: Redis;

  beforeAll(async () => {
    const url = await testRedisUrl();
    client = new Redis(url);
    await client.hset(`${BASE}meta`, 'opts.maxLenEvents', 10_000);
    engine = createRedisEngine({ url });
    await engine.ready();
    await engine.findQueues();
  }, SET_UP_MS);
  afterAll(async () => {
    client.disconnect();
    await engine.close();
  });

  const put = async (id: string, fields: Record<string, string>): Promise<void> => {
    await client.hset(BASE + id, { name: 'job', data: '{}', opts: '{}', ...fields });
  };

  it('wait since a time that is none, and the queues are counted all the same', async () => {
    await put('words', { timestamp: 'soon' });
    await put('nanoseconds', { timestamp: NANOSECONDS });
    await put('known', { timestamp: '1800000000000' });
    await client.lpush(`${BASE}wait`, 'words');
    await client.zadd(`${BASE}prioritized`, 1 * 2 ** 32 + 1, 'nanoseconds', 2 * 2 ** 32 + 2, 'known');
    const of = async () => (await engine.snapshot()).find(({ queue }) => queue === STRANGE);
    expect(await of()).toMatchObject({
      counts: { waiting: 3 },
      oldestWaitingAt: new Date(1_800_000_000_000),
    });
    await client.zrem(`${BASE}prioritized`, 'known');
    expect(await of()).toMatchObject({ counts: { waiting: 2 }, oldestWaitingAt: null });
    const { jobs } = await engine.queue(STRANGE).jobs('waiting', { start: 0, count: 10, order: 'oldest' });
    expect(jobs.map(({ id }) => String(id))).toEqual(['words', 'nanoseconds']);
  });

  it('ended at a time that is none, and failures have their causes all the same', async () => {
    await put('late', { timestamp: '1', finishedOn: NANOSECONDS, failedReason: 'out of paper' });
    await client.zadd(`${BASE}failed`, NANOSECONDS, 'late');
    const audit = () => Promise.resolve();
    const failures = new FailuresService({ engine, files: {} as never, audit });
    expect(await failures.groups()).toMatchObject({ total: 1, groups: [{ title: 'out of paper' }] });
    failures.close();
    const [found] = await engine.failedSince([{ queue: STRANGE, since: new Date(0) }]);
    expect(found).toMatchObject({ failed: 1, newestAt: null, reason: 'out of paper' });
  });

  it('whose data was evicted do not have all failures read again and again', async () => {
    await client.zadd(`${BASE}failed`, 1_800_000_000_000, 'evicted');
    const looks: string[] = [];
    const selection: Pick<BullEngine['selection'], 'scan' | 'count'> = {
      count: (filter) => engine.selection.count(filter),
      scan: (filter, options) => {
        looks.push(options.order ?? (filter.jobs === undefined ? 'all' : 'named'));
        return engine.selection.scan(filter, options);
      },
    };
    const index = new FailureIndex(selection, STRANGE);
    await index.refresh();
    await index.refresh();
    looks.length = 0;
    await index.refresh();
    expect(looks).toEqual(['newest']);
    expect(index.size).toBe(1);
    await put('evicted', { timestamp: '1', finishedOn: '1800000000001', failedReason: 'out of ink' });
    await client.zadd(`${BASE}failed`, 1_800_000_000_001, 'evicted');
    await index.refresh();
    expect(index.size).toBe(2);
    await client.zrem(`${BASE}failed`, 'evicted');
    await index.refresh();
    expect(index.size).toBe(1);
  });

  it('whose data was evicted are listed by what is left of them, and can be removed', async () => {
    await client.zadd(`${BASE}completed`, 1_800_000_000_000, 'ghost');
    const page = { start: 0, count: 10, order: 'newest' } as const;
    const { total, jobs } = await engine.queue(STRANGE).jobs('completed', page);
    expect({ total, ids: jobs.map(({ id }) => String(id)) }).toEqual({ total: 1, ids: ['ghost'] });
    await engine.queue(STRANGE).remove(jobs[0]?.id ?? ('' as never));
    expect(await engine.queue(STRANGE).counts()).toMatchObject({ completed: 0 });
  });
});
