import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobId } from '@shared/domain/ids';
import type { JobFilter } from '@shared/domain/job-filter';
import { adsappQueues, type JobState, QueueName } from '@shared/domain/queues';
import { AppFailure } from '@shared/errors';
import { actOnAll } from './act-on-all';
import type { QueueChange } from './engine';
import { engineKinds, testEngines, type TestEngine } from './testing/engines';
import { until } from './testing/until';

const REPORTS = QueueName.parse('reports');

describe.each(engineKinds)('queues that others made, on %s', (kind) => {
  let test: TestEngine;
  beforeAll(async () => {
    test = await testEngines[kind]();
  });
  afterAll(() => test.close());

  it('are found, operated and heard like the console’s own', async () => {
    const { engine } = test;
    await engine.findQueues();
    expect(engine.queues()).toEqual(adsappQueues);
    // Another program's job: BullMQ's own queue, a name and a payload that the console knows nothing of.
    await test.foreignQueue('reports', async (queue) => {
      await queue.add('monthly', { month: '2026-10' }, { jobId: 'october' });
      await queue.add('monthly', { month: '2026-11' }, { jobId: 'november', attempts: 1 });
    });
    await engine.findQueues();
    expect(engine.queues()).toEqual([...adsappQueues, 'reports']);
    const changes: QueueChange[] = [];
    engine.onChanges((batch) => changes.push(...batch));

    const { total, jobs } = await engine
      .queue(REPORTS)
      .jobs('waiting', { start: 0, count: 10, order: 'oldest' });
    expect(total).toBe(2);
    expect(jobs[0]).toMatchObject({ queue: 'reports', id: 'october', name: 'monthly', subject: null });
    expect((await engine.snapshot()).find(({ queue }) => queue === 'reports')?.counts.waiting).toBe(2);
    expect(await engine.findJob(JobId.parse('november'))).toMatchObject([{ queue: 'reports' }]);
    expect(await engine.selection.count({ paths: [{ path: 'data.month', pattern: '2026-1*' }] })).toBe(2);

    const worker = engine.worker(REPORTS, () => Promise.reject(new Error('no printer')), { concurrency: 2 });
    worker.on('error', () => undefined);
    await until('both to fail', async () => (await engine.queue(REPORTS).counts()).failed === 2);
    await worker.close();
    await until('their failures to be heard', () =>
      Promise.resolve(changes.some(({ queue, failed }) => queue === 'reports' && failed > 0)),
    );
    expect((await engine.failures(engine.queues(), 0, 10)).byQueue).toContainEqual({
      queue: 'reports',
      failed: 2,
    });
    await engine.queue(REPORTS).pause();
    const failed = { queues: [REPORTS], states: ['failed'] } satisfies JobFilter;
    expect(await actOnAll(engine, failed, { type: 'retry', leaveCancelled: true })).toMatchObject({
      done: 2,
    });
    expect(await engine.queue(REPORTS).counts()).toMatchObject({ waiting: 2, failed: 0 });
  });

  it('show every attempt of a worker that writes no log, with its stack and without an invented time', async () => {
    const { engine } = test;
    await test.foreignQueue('printing', async (producer) => {
      const backoff = { type: 'fixed', delay: 60_000 };
      await producer.add('weekly', {}, { jobId: 'sheet', attempts: 3, backoff });
    });
    await engine.findQueues();
    const printing = QueueName.parse('printing');
    const queue = engine.queue(printing);
    const id = JobId.parse('sheet');
    let runs = 0;
    const fails = (): Promise<never> => Promise.reject(new Error(`no paper, run ${(runs += 1)}`));
    const worker = engine.worker(printing, fails, { concurrency: 1 });
    worker.on('error', () => undefined);
    const inState = (state: JobState) =>
      until(`the job to be ${state}`, async () => {
        const job = await queue.job(id);
        return job?.state === state && job;
      });
    try {
      const late = await inState('delayed');
      expect(late.attemptLog).toMatchObject([{ number: 1, startedAt: null, finishedAt: null }]);
      expect(late.timeline.map(({ what }) => what)).toEqual(['added', 'started', 'failed-attempt']);
      await queue.promote(id);
      await until('the second run', () => Promise.resolve(runs === 2));
      await inState('delayed');
      await queue.promote(id);
      const failed = await inState('failed');
      await queue.retry(id, 'Dana');
      await until('the first run after the retry', () => Promise.resolve(runs === 4));
      expect((await inState('delayed')).timeline.map(({ what, detail }) => [what, detail])).toEqual([
        ['added', null],
        ['waiting', 'Retried by Dana.'],
        ['started', null],
        ['failed-attempt', 'Error: no paper, run 4'],
      ]);
      expect(failed.timeline.map(({ what, detail, timeUnknown }) => [what, detail, timeUnknown])).toEqual([
        ['added', null, undefined],
        ['failed-attempt', 'Error: no paper, run 1', true],
        ['failed-attempt', 'Error: no paper, run 2', true],
        ['started', failed.processedBy, undefined],
        ['failed', 'no paper, run 3', undefined],
      ]);
      expect(failed.attemptLog.map(({ number, error }) => [number, error])).toEqual([
        [1, 'Error: no paper, run 1'],
        [2, 'Error: no paper, run 2'],
        [3, 'no paper, run 3'],
      ]);
      expect(failed.attemptLog.map(({ startedAt }) => startedAt !== null)).toEqual([false, false, true]);
      expect(failed.attemptLog.every(({ stack }) => stack?.includes('no paper'))).toBe(true);
    } finally {
      await worker.close();
    }
  });

  it('get jobs that are added by hand, with nothing of ADSapp’s defaults', async () => {
    const queue = test.engine.queue(REPORTS);
    const id = await queue.add({ name: 'weekly', data: { week: 48 } });
    expect(await queue.job(id)).toMatchObject({
      name: 'weekly',
      data: { week: 48 },
      attempts: 1,
      priority: null,
    });
  });

  it('are not made by being asked for', async () => {
    const none = QueueName.parse('no-such-queue');
    expect(() => test.engine.queue(none)).toThrow(AppFailure);
    const fresh = await test.another();
    await fresh.queue(REPORTS).counts();
    await fresh.findQueues();
    expect(fresh.queues()).toEqual(expect.arrayContaining([...adsappQueues, 'reports']));
    expect(fresh.queues()).not.toContain(none);
  });
});
