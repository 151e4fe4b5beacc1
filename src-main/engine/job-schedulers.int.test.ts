import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobId } from '@shared/domain/ids';
import { QueueName } from '@shared/domain/queues';
import { engineKinds, testEngines, type TestEngine } from './testing/engines';

const REPORTS = QueueName.parse('reports');

describe.each(engineKinds)('schedulers of a queue that others made, on %s', (kind) => {
  let test: TestEngine;
  beforeAll(async () => {
    test = await testEngines[kind]();
    await test.foreignQueue('reports', async (queue) => {
      await queue.upsertJobScheduler(
        'nightly',
        { pattern: '0 3 * * *', tz: 'Asia/Riyadh', endDate: Date.parse('2100-01-01') },
        { name: 'close-day', data: { full: true }, opts: { attempts: 4 } },
      );
    });
    await test.engine.findQueues();
  });
  afterAll(() => test.close());

  const schedulers = () => test.engine.queue(REPORTS).schedulers;
  const nightly = async () => (await schedulers().list()).schedulers.find(({ id }) => id === 'nightly');

  it('are listed with what they make, and when next', async () => {
    expect((await schedulers().list()).total).toBe(1);
    const found = await nightly();
    expect(found).toMatchObject({
      when: { kind: 'pattern', pattern: '0 3 * * *', timeZone: 'Asia/Riyadh' },
      name: 'close-day',
      data: { full: true },
    });
    // Three in the morning there is midnight here.
    expect(found?.next).toMatch(/T00:00:00\.000Z$/);
  });

  it('are changed without losing what the form does not show', async () => {
    const when = { kind: 'every', everyMs: 3_600_000 } as const;
    await schedulers().save({ id: 'nightly', when, name: 'close-hour', data: { full: false } }, 'change');
    expect(await nightly()).toMatchObject({ when, name: 'close-hour', data: { full: false } });
    await test.foreignQueue('reports', async (queue) => {
      expect(await queue.getJobScheduler('nightly')).toMatchObject({
        endDate: Date.parse('2100-01-01'),
        template: { opts: { attempts: 4 } },
      });
    });
  });

  it('run now as they would by themselves', async () => {
    const before = await nightly();
    const jobId = JobId.parse(await schedulers().run('nightly'));
    expect(await test.engine.queue(REPORTS).job(jobId)).toMatchObject({
      name: 'close-hour',
      data: { full: false },
      attempts: 4,
      state: 'waiting',
    });
    expect((await nightly())?.next).toBe(before?.next);
  });

  it('are made once under an id, and with a pattern that can be read', async () => {
    const define = (id: string, pattern: string, timeZone: string | null = 'UTC') =>
      schedulers().save({ id, name: 'n', data: {}, when: { kind: 'pattern', pattern, timeZone } }, 'create');
    await expect(define('nightly', '0 4 * * *')).rejects.toMatchObject({ error: { code: 'conflict' } });
    for (const wrong of [
      define('a', 'every day'),
      define('a', '99 * * * *'),
      define('a', '0 4 * * *', 'Moon/Sea'),
    ])
      await expect(wrong).rejects.toMatchObject({
        error: { code: 'invalid_input', issues: [{ path: 'when.pattern' }] },
      });
    await define('weekly', '0 4 * * 1');
    expect((await schedulers().list()).schedulers.map(({ id }) => id).sort()).toEqual(['nightly', 'weekly']);
  });

  it('are removed, with the job that they had made ahead', async () => {
    const queue = test.engine.queue(REPORTS);
    const before = (await queue.counts()).delayed;
    await schedulers().remove('weekly');
    expect((await queue.counts()).delayed).toBe(before - 1);
    await expect(schedulers().remove('weekly')).rejects.toMatchObject({ error: { code: 'not_found' } });
    await expect(schedulers().run('weekly')).rejects.toMatchObject({ error: { code: 'not_found' } });
  });
});
