import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppFailure, type AppErrorCode } from '@shared/errors';
import { JobDetail, JobSummary } from '@shared/contract/queues';
import { CampaignId, JobId, OrganizationId, ProfileId } from '@shared/domain/ids';
import type { JobFilter } from '@shared/domain/job-filter';
import type { QueueName } from '@shared/domain/queues';
import { actOnAll } from './act-on-all';
import type { BullEngine } from './bullmq-engine';
import type { Heartbeat } from './coordination';
import type { NewJob, QueueChange } from './engine';
import { engineKinds, testEngines, type TestEngine } from './testing/engines';
import { until } from './testing/until';

const owner = { organizationId: OrganizationId.parse(randomUUID()), userId: ProfileId.parse(randomUUID()) };
const bulk = (
  batchNo: number | null,
  extra: Partial<NewJob<'bulk-messages'>> = {},
): NewJob<'bulk-messages'> => ({
  queue: 'bulk-messages',
  name: 'send-bulk-message',
  data: { ...owner, campaignId: CampaignId.parse(randomUUID()), batchNo, recipients: 1_000 },
  ...extra,
});

const codeOf = async (work: Promise<unknown>): Promise<AppErrorCode> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppFailure) return error.error.code;
    throw error;
  }
  throw new Error('it was expected to be refused');
};

describe.each(engineKinds)('the engine on %s', (kind) => {
  let test: TestEngine;
  let engine: BullEngine;
  beforeAll(async () => {
    test = await testEngines[kind]();
    engine = test.engine;
  });
  afterAll(() => test.close());

  /** Runs every waiting job of a queue to its end with a plain BullMQ worker. */
  const work = async (queue: QueueName, processor: () => Promise<unknown>, jobs: number): Promise<void> => {
    const worker = engine.worker(queue, processor, { concurrency: 1 });
    const errors: Error[] = [];
    worker.on('error', (error: Error) => errors.push(error));
    const before = await engine.queue(queue).counts();
    await until(`${jobs} jobs to end`, async () => {
      const now = await engine.queue(queue).counts();
      return now.completed + now.failed - before.completed - before.failed >= jobs;
    });
    await worker.close();
    expect(errors).toEqual([]);
  };

  it('is up, answers a ping, and says where it is without secrets', async () => {
    expect(engine.health().state).toBe('up');
    expect(engine.health().problem).toBeNull();
    expect(await engine.ping()).toBeLessThan(1_000);
    expect(engine.label).toMatch(kind === 'redis' ? /^127\.0\.0\.1:\d+$/ : /^embedded$/);
  });

  it('keeps a job with the guide’s options and finds it again by its id alone', async () => {
    const queue = engine.queue('email-notification');
    const id = await queue.add({ name: 'send-email', data: { hello: 'x' } });
    const job = await queue.job(id);
    expect(job?.options).toMatchObject({
      attempts: 3,
      backoff: { type: 'exponential', delay: 1_000 },
      priority: 2,
    });
    expect(job).toMatchObject({
      state: 'waiting',
      data: { hello: 'x' },
      priority: 2,
      attempts: 3,
      attemptsMade: 0,
    });
    expect(JobDetail.parse(job)).toEqual(job);
    const found = await engine.findJob(id);
    expect(found.filter((each) => each.queue === 'email-notification')).toHaveLength(1);
    expect(await engine.findJob(JobId.parse('nobody'))).toEqual([]);
    await queue.remove(id);
    expect(await queue.job(id)).toBeUndefined();
  });

  it('adds a job with an id of our own only once', async () => {
    const queue = engine.queue('contact-import');
    const job = { name: 'import-contacts', data: { n: 1 }, jobId: `import-${randomUUID()}` };
    expect(await queue.add(job)).toBe(await queue.add(job));
    expect((await queue.counts()).waiting).toBe(1);
    await queue.remove(JobId.parse(job.jobId));
  });

  it('pages waiting jobs in the order of arrival over all priorities, forwards and backwards', async () => {
    const queue = engine.queue('template-processing');
    const ids: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const priority = ([1, 2, 3, 4] as const)[index % 4] ?? 1;
      ids.push(await queue.add({ name: 'process-template', data: { index }, priority }));
    }
    const all = async (order: 'oldest' | 'newest'): Promise<string[]> => {
      const pages: string[] = [];
      for (let start = 0; start < 30; start += 7) {
        const page = await queue.jobs('waiting', { start, count: 7, order });
        expect(page.total).toBe(25);
        pages.push(...page.jobs.map((job) => job.id));
      }
      return pages;
    };
    expect(await all('oldest')).toEqual(ids);
    expect(await all('newest')).toEqual([...ids].reverse());
    for (const id of ids) await queue.remove(JobId.parse(id));
    expect((await queue.counts()).waiting).toBe(0);
  });

  it('shows foreign jobs as far as they can be read, and never breaks on one', async () => {
    const queue = engine.queue('bulk-messages');
    const ids = [
      await queue.add({ name: 'legacy', data: 'just text' }),
      await queue.add({ name: 'legacy', data: { contacts: [{ name: '漢字 "quotes"' }] } }),
      await queue.add({ name: 'huge', data: { text: 'x'.repeat(400_000) } }),
      await queue.add(bulk(2)),
    ];
    const { jobs } = await queue.jobs('waiting', { start: 0, count: 10, order: 'oldest' });
    expect(jobs.map((job) => JobSummary.parse(job).subject)).toEqual([
      null,
      null,
      null,
      'Batch 3 · 1,000 recipients',
    ]);
    const huge = await queue.job(JobId.parse(ids[2]));
    expect(JSON.stringify(huge?.data).length).toBeLessThan(300_000);
    for (const id of ids) await queue.remove(id);
  });

  it('holds waiting jobs back while a queue is paused, and says so', async () => {
    const queue = engine.queue('bulk-messages');
    await queue.pause();
    const id = await queue.add(bulk(0));
    expect(await queue.isPaused()).toBe(true);
    expect(await queue.counts()).toMatchObject({ waiting: 1, paused: 1 });
    const snapshot = (await engine.snapshot()).find((each) => each.queue === 'bulk-messages');
    expect(snapshot?.paused).toBe(true);
    expect(Date.now() - (snapshot?.oldestWaitingAt?.getTime() ?? 0)).toBeLessThan(60_000);
    await queue.resume();
    expect(await queue.counts()).toMatchObject({ waiting: 1, paused: 0 });
    await queue.remove(id);
    expect(await queue.oldestWaitingAt()).toBeNull();
  });

  it('shows when a delayed job is due and promotes it', async () => {
    const queue = engine.queue('bulk-messages');
    const before = Date.now();
    const id = await queue.add(bulk(0, { delayMs: 3_600_000 }));
    const { jobs } = await queue.jobs('delayed', { start: 0, count: 10, order: 'oldest' });
    const due = new Date(jobs[0]?.runsAt ?? 0).getTime();
    expect(due).toBeGreaterThanOrEqual(before + 3_600_000 - 5);
    expect(due).toBeLessThan(Date.now() + 3_600_000 + 1_000);
    expect((await queue.job(id))?.timeline.map((entry) => entry.what)).toEqual(['added', 'delayed']);
    await queue.promote(id);
    expect((await queue.job(id))?.state).toBe('waiting');
    expect(await codeOf(queue.promote(id))).toBe('conflict');
    await queue.remove(id);
  });

  it('answers not_found for jobs that are not there', async () => {
    const queue = engine.queue('bulk-messages');
    const nobody = JobId.parse('nobody');
    expect(await queue.job(nobody)).toBeUndefined();
    expect(await codeOf(queue.remove(nobody))).toBe('not_found');
    expect(await codeOf(queue.retry(nobody))).toBe('not_found');
    expect(await codeOf(queue.promote(nobody))).toMatch(/not_found|conflict/);
    const id = await queue.add(bulk(0));
    expect(await codeOf(queue.retry(id))).toBe('conflict');
    await queue.remove(id);
  });

  it('lists failures over all queues, retries one and all with fresh attempts, and cleans the rest', async () => {
    const fail = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('broken'), { name: 'UnrecoverableError' }));
    const first = engine.queue('bulk-messages');
    const second = engine.queue('email-notification');
    const ids: JobId[] = [];
    for (let index = 0; index < 5; index += 1) ids.push(await first.add(bulk(index)));
    await work('bulk-messages', fail, 5);
    await second.add({ name: 'send-email', data: {} });
    await work('email-notification', fail, 1);

    const all = await engine.failures(['bulk-messages', 'email-notification'], 0, 3);
    expect(all.total).toBe(6);
    expect(all.byQueue).toEqual([
      { queue: 'bulk-messages', failed: 5 },
      { queue: 'email-notification', failed: 1 },
    ]);
    expect(all.jobs[0]).toMatchObject({
      queue: 'email-notification',
      state: 'failed',
      failedReason: 'broken',
    });
    const rest = await engine.failures(['bulk-messages', 'email-notification'], 3, 10);
    const seen = [...all.jobs, ...rest.jobs].map((job) => `${job.queue} ${job.id}`);
    expect(new Set(seen).size).toBe(6);
    const ends = [...all.jobs, ...rest.jobs].map((job) => job.finishedAt ?? '');
    expect(ends).toEqual([...ends].sort().reverse());

    const detail = await first.job(JobId.parse(ids[0]));
    expect(detail?.attemptLog).toHaveLength(1);
    expect(detail?.attemptLog[0]).toMatchObject({ error: 'broken' });
    expect(detail?.attemptLog[0]?.stack).toContain('broken');

    await first.retry(JobId.parse(ids[0]));
    expect(await first.job(JobId.parse(ids[0]))).toMatchObject({
      state: 'waiting',
      attemptsMade: 0,
      failedReason: null,
    });
    const failed = { queues: [first.name], states: ['failed'] } satisfies JobFilter;
    expect(await actOnAll(engine, failed, { type: 'retry', leaveCancelled: true })).toMatchObject({
      done: 4,
    });
    expect(await first.counts()).toMatchObject({ waiting: 5, failed: 0 });
    await work('bulk-messages', fail, 5);
    expect(await first.cleanFailed(3_600_000)).toBe(0);
    expect(await first.cleanFailed(0)).toBe(5);
    expect(await second.cleanFailed(0)).toBe(1);
  });

  it('tells what changed, in batches, with the ids of the jobs', async () => {
    const batches: (readonly QueueChange[])[] = [];
    const unsubscribe = engine.onChanges((changes) => batches.push(changes));
    const queue = engine.queue('contact-import');
    await queue.add({ name: 'import-contacts', data: { n: 0 } });
    await until('the first event', () => batches.length > 0);
    batches.length = 0;
    const started = Date.now();
    for (let index = 0; index < 60; index += 1) await queue.add({ name: 'import-contacts', data: { index } });
    await work('contact-import', () => Promise.resolve('done'), 61);
    await until('61 completed events', () => {
      const completed = batches.flat().reduce((sum, change) => sum + change.completed, 0);
      return completed === 61;
    });
    unsubscribe();
    expect(batches.length).toBeLessThanOrEqual((Date.now() - started) / 100 + 2);
    const ids = new Set(batches.flat().flatMap((change) => [...(change.jobIds ?? [])]));
    expect(ids.size).toBeGreaterThanOrEqual(61);
    const finished = batches.flat().flatMap((change) => change.finishedIds);
    const timings = await engine.timings('contact-import', finished);
    expect(timings.length).toBeGreaterThan(0);
    for (const { runMs, waitMs } of timings) {
      expect(runMs).toBeGreaterThanOrEqual(0);
      expect(waitMs).toBeGreaterThanOrEqual(0);
    }
  });

  it('runs a parent after its children, also when one of them failed', async () => {
    const parent = bulk(null, { jobId: `campaign-${randomUUID()}` });
    const id = await engine.addFlow(parent, [bulk(0), bulk(1), bulk(2)]);
    const queue = engine.queue('bulk-messages');
    expect(await queue.counts()).toMatchObject({ waiting: 3, waitingChildren: 1 });
    const before = await queue.job(id);
    expect(before?.children).toHaveLength(3);
    const child = await queue.job(JobId.parse(before?.children[0]?.id));
    expect(child?.parent).toMatchObject({ queue: 'bulk-messages', id, state: 'waiting-children' });
    let runs = 0;
    await work(
      'bulk-messages',
      () => {
        runs += 1;
        return runs === 1
          ? Promise.reject(Object.assign(new Error('one is broken'), { name: 'UnrecoverableError' }))
          : Promise.resolve({ sent: 1_000 });
      },
      4,
    );
    const after = await queue.job(id);
    expect(after?.state).toBe('completed');
    expect(after?.children.map((each) => each.state).sort()).toEqual(['completed', 'completed', 'failed']);
    await queue.cleanFailed(0);
  });

  describe('coordination', () => {
    const heartbeat = (id: string): Heartbeat => ({
      id,
      host: 'mill',
      pid: 42,
      kind: 'worker',
      version: '0.1.0',
      startedAt: new Date().toISOString(),
      heartbeatAt: new Date().toISOString(),
      memoryBytes: 1_000,
      queues: [{ queue: 'bulk-messages', concurrency: 5, running: 1 }],
      jobs: [
        { queue: 'bulk-messages', id: '7', name: 'send', startedAt: new Date().toISOString(), progress: 50 },
      ],
    });

    it('lists hosts until they are silent or withdraw', async () => {
      const other = await test.another();
      const one = heartbeat('one');
      await engine.coordination.announce(one, 60_000);
      await other.coordination.announce(heartbeat('two'), 400);
      expect((await other.coordination.hosts()).map((host) => host.id)).toEqual(['one', 'two']);
      expect((await other.coordination.hosts())[0]).toEqual(one);
      await until(
        'the silent host to be forgotten',
        async () => (await engine.coordination.hosts()).length === 1,
      );
      await other.coordination.withdraw('one');
      expect(await engine.coordination.hosts()).toEqual([]);
    });

    it('carries a request to cancel to whoever asks, until it is cleared', async () => {
      const { coordination } = engine;
      await coordination.requestCancel('bulk-messages', 'a', 'Ada');
      await coordination.requestCancel('contact-import', 'b');
      expect(await coordination.cancelRequests('bulk-messages', ['a', 'b'])).toEqual([
        { jobId: 'a', by: 'Ada' },
      ]);
      await coordination.clearCancel('bulk-messages', 'a');
      expect(await coordination.cancelRequests('bulk-messages', ['a', 'b'])).toEqual([]);
      expect(await coordination.cancelRequests('bulk-messages', [])).toEqual([]);
      await coordination.clearCancel('contact-import', 'b');
    });
  });
});
