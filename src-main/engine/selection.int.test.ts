import { randomUUID } from 'node:crypto';
import { UnrecoverableError } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureCause } from '@shared/domain/failure-cause';
import type { JobFilter } from '@shared/domain/job-filter';
import type { BullEngine } from './bullmq-engine';
import type { SelectedJob } from './selection';
import { engineKinds, testEngines, type TestEngine } from './testing/engines';
import { until } from './testing/until';

const campaignId = randomUUID();

describe.each(engineKinds)('jobs by filter on %s', (kind) => {
  let test: TestEngine;
  let engine: BullEngine;

  /** 60 failures of two causes, 3 completed jobs, and one of each other state. */
  beforeAll(async () => {
    test = await testEngines[kind]();
    engine = test.engine;
    const queue = engine.queue('template-processing');
    const add = (jobId: string, data: unknown = {}, extra: { priority?: 1 | 2; delayMs?: number } = {}) =>
      queue.add({ name: jobId.split('-')[0] ?? '', data, jobId, ...extra });
    for (let no = 0; no < 60; no += 1) {
      await add(`fail-${no}`, { campaignId, label: `Sale "${no}"`, contacts: [{ phone: `+96650${no}` }] });
    }
    for (let no = 0; no < 3; no += 1) await add(`fine-${no}`);
    const process = (job: { readonly id?: string | undefined; readonly name: string }): Promise<unknown> => {
      const no = Number(job.id?.split('-')[1]);
      if (job.name === 'fine') return Promise.resolve({});
      const message = no % 2 === 0 ? `Number ${no} has no WhatsApp` : `${no} is not a function`;
      const stack = `${no % 2 === 0 ? 'Error' : 'TypeError'}: ${message}\n    at send (/app/src/send.ts:3:5)`;
      return Promise.reject(Object.assign(new UnrecoverableError(message), { stack }));
    };
    const worker = engine.worker('template-processing', process, { concurrency: 10 });
    await until(
      'all jobs to end',
      async () => {
        const { failed, completed } = await queue.counts();
        return failed === 60 && completed === 3;
      },
      30_000,
    );
    await worker.close();
    await add('late-1', { note: 'later' }, { delayMs: 3_600_000 });
    await queue.pause();
    await add('idle-1', { note: 'waits' });
    await add('idle-2', { note: 'waits' }, { priority: 1 });
  }, 60_000);
  afterAll(() => test.close());

  const collect = async (
    filter: JobFilter,
    order: 'newest' | 'oldest' = 'newest',
  ): Promise<SelectedJob[]> => {
    const jobs: SelectedJob[] = [];
    const coverage = await engine.selection.scan(filter, {
      order,
      fields: ['name', 'about', 'finishedAt', 'stack', 'reason'],
      onBatch: (batch) => {
        jobs.push(...batch.jobs);
        return undefined;
      },
    });
    expect(coverage.complete).toBe(true);
    return jobs;
  };

  it('counts by state without reading a job, and by content exactly', async () => {
    const count = (filter: JobFilter): Promise<number> => engine.selection.count(filter);
    expect(await count({})).toBe(66);
    expect(await count({ states: ['failed'] })).toBe(60);
    expect(await count({ states: ['waiting', 'delayed'] })).toBe(3);
    expect(await count({ queues: ['contact-import'] })).toBe(0);
    expect(await count({ queues: ['a-queue-that-nobody-made'] })).toBe(0);
    expect(await count({ states: ['failed'], text: 'whatsapp' })).toBe(30);
    expect(await count({ name: 'idle*' })).toBe(2);
    expect(await count({ paths: [{ path: 'data.contacts[].phone', pattern: '+966501*' }] })).toBe(11);
    expect(await count({ text: 'Sale "7"' })).toBe(1);
    expect(await count({ finishedAt: { to: '2020-01-01T00:00:00Z' } })).toBe(0);
    expect(await count({ finishedAt: { from: '2020-01-01T00:00:00Z' } })).toBe(63);
    expect(await count({ cancelled: true })).toBe(0);
  });

  it('finds the jobs of one cause, and what they are about', async () => {
    const failed = await collect({ states: ['failed'] });
    const [first] = failed.filter(({ id }) => id === 'fail-1');
    const cause = failureCause(first?.reason ?? null, first?.stack ?? null);
    expect(cause.title).toBe('TypeError: <n> is not a function');
    expect(first?.about).toEqual({ campaignId, importId: null, label: 'Sale "1"' });
    const same = await collect({ cause: cause.fingerprint });
    expect(same).toHaveLength(30);
    expect(same.every(({ reason }) => reason?.endsWith('is not a function'))).toBe(true);
  });

  it('gives every job once, in the order of time, however small the steps are', async () => {
    const newest = await collect({ states: ['failed'] });
    expect(new Set(newest.map(({ id }) => id)).size).toBe(60);
    const times = newest.map(({ finishedAt }) => finishedAt ?? 0);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const oldest = await collect({ states: ['failed'] }, 'oldest');
    expect(oldest.map(({ id }) => id)).toEqual(newest.map(({ id }) => id).reverse());
  });

  it('looks up jobs that are named, whatever their state', async () => {
    const ids = ['fail-3', 'fine-1', 'late-1', 'idle-1', 'idle-2', 'nowhere'];
    const jobs = await collect({ jobs: ids.map((id) => ({ queue: 'template-processing', id })) });
    expect(Object.fromEntries(jobs.map(({ id, state }) => [id, state]))).toEqual({
      'fail-3': 'failed',
      'fine-1': 'completed',
      'late-1': 'delayed',
      'idle-1': 'waiting',
      'idle-2': 'waiting',
    });
  });

  it('stops when told, and says how far it came', async () => {
    const stopped = await engine.selection.scan({}, { onBatch: () => ({ stop: true }) });
    expect(stopped.complete).toBe(false);
    expect(stopped.total).toBe(66);
    const given = await engine.selection.scan({}, { onBatch: () => undefined, signal: AbortSignal.abort() });
    expect(given).toEqual({ scanned: 0, total: 66, complete: false });
  });
});
