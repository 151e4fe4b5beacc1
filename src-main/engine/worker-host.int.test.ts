import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CampaignId, OrganizationId, ProfileId, JobId } from '@shared/domain/ids';
import { AppFailure } from '@shared/errors';
import { testRedisUrl } from '../../e2e/fixtures/services';
import type { BullEngine } from './bullmq-engine';
import type { Processor } from './processor';
import { createRedisEngine } from './redis-engine';
import { engineKinds, testEngines, type TestEngine } from './testing/engines';
import { until } from './testing/until';
import { memoryJournal, memoryLogger, nothingDone } from './testing/processors';
import { createWorkerHost, type WorkerHost, type WorkerHostOptions } from './worker-host';

const payload = (recipients = 1_000) => ({
  organizationId: OrganizationId.parse(randomUUID()),
  userId: ProfileId.parse(randomUUID()),
  campaignId: CampaignId.parse(randomUUID()),
  batchNo: 0,
  recipients,
});

/** Ends when it is told to, and says by whose wish. */
const untilStopped: Processor<'bulk-messages'> = (run) =>
  new Promise((resolve, reject) => {
    run.signal.addEventListener('abort', () => {
      if (run.signal.reason === 'cancelled') resolve({ type: 'cancelled', result: { sent: 3 } });
      else reject(new Error('stopped'));
    });
  });

describe.each(engineKinds)('a worker host on %s', (kind) => {
  let test: TestEngine;
  let engine: BullEngine;
  let hosts: WorkerHost[];
  let journal: ReturnType<typeof memoryJournal>;
  let logger: ReturnType<typeof memoryLogger>;

  beforeEach(async () => {
    test = await testEngines[kind]();
    engine = test.engine;
    hosts = [];
    journal = memoryJournal();
    logger = memoryLogger();
  });
  afterEach(async () => {
    await Promise.all(hosts.map((host) => host.shutdown(0)));
    await test.close();
  });

  const host = async (
    processor: Processor<'bulk-messages'>,
    options: Partial<WorkerHostOptions> = {},
  ): Promise<WorkerHost> => {
    const processors = { ...nothingDone, 'bulk-messages': processor };
    const created = createWorkerHost({
      engine, processors, journal, logger, kind: 'worker', version: '0.1.0', ...options,
    }); // prettier-ignore
    hosts.push(created);
    await created.start();
    return created;
  };
  const add = (data: unknown = payload()): Promise<JobId> =>
    engine.queue('bulk-messages').add({ name: 'send-bulk-message', data });
  const job = async (id: JobId) => {
    const found = await engine.queue('bulk-messages').job(id);
    if (found === undefined) throw new Error('the job is gone');
    return found;
  };
  const inState = (id: JobId, state: string) =>
    until(`job ${id} to be ${state}`, async () => ((await job(id)).state === state ? job(id) : undefined));

  it('takes a job through its whole life, with progress, log and the guide’s console lines', async () => {
    await host((run) => {
      run.log(`attempt ${run.attempt} of ${run.attempts}`);
      for (let done = 0; done <= 100; done += 1) run.progress(done);
      const result = { successCount: 990, failureCount: 10 };
      return Promise.resolve({ type: 'done', status: 'partial_success', result });
    });
    const data = payload();
    const id = await add(data);
    const done = await inState(id, 'completed');
    expect(done.result).toEqual({ successCount: 990, failureCount: 10, status: 'partial_success' });
    expect(done.progress).toBe(100);
    expect(done.timeline.map((entry) => entry.what)).toEqual(['added', 'started', 'completed']);
    expect((await engine.queue('bulk-messages').logs(id, 0, 10)).lines).toEqual(['attempt 1 of 3']);
    expect(journal.entries).toEqual([`${id} started`, `${id} partial_success`]);
    expect(journal.jobs[0]).toMatchObject({ organizationId: data.organizationId, userId: data.userId });
    expect(logger.lines[0]).toBe(`[bulk-messages] Starting job ${id} for 1000 items`);
    expect(logger.lines).toContain(`[bulk-messages] Job ${id}: 500/1000 processed`);
    expect(logger.lines.at(-1)).toMatch(/Job \S+ completed: 990 success, 10 failed, \d+ms$/);
  });

  it('retries a failure twice with growing delays, and keeps every attempt with its error and stack', async () => {
    await host((run) => Promise.reject(new Error(`broken ${run.attempt}`)));
    const id = await add();
    const failed = await inState(id, 'failed');
    expect(failed.failedReason).toBe('broken 3');
    expect(failed.attemptsMade).toBe(3);
    expect(failed.attemptLog.map((attempt) => [attempt.number, attempt.error])).toEqual([
      [1, 'broken 1'],
      [2, 'broken 2'],
      [3, 'broken 3'],
    ]);
    for (const [index, attempt] of failed.attemptLog.entries()) {
      expect(attempt.stack).toContain(`Error: broken ${index + 1}`);
      expect(attempt.stack).toContain('worker-host.int.test.ts');
    }
    const gap = (from: number) =>
      Date.parse(failed.attemptLog[from + 1]?.startedAt ?? '') -
      Date.parse(failed.attemptLog[from]?.finishedAt ?? '');
    expect(gap(0)).toBeGreaterThanOrEqual(950);
    expect(gap(1)).toBeGreaterThanOrEqual(1_950);
    expect(journal.entries.filter((entry) => entry.includes('failed'))).toEqual([
      `${id} failed (retry)`,
      `${id} failed (retry)`,
      `${id} failed`,
    ]);
  });

  it('does not retry what cannot be mended by trying again', async () => {
    await host(() =>
      Promise.resolve({
        type: 'failed',
        retry: false,
        error: { code: 'provider_rejected', message: 'The template is gone.' },
      }),
    );
    const id = await add();
    const failed = await inState(id, 'failed');
    expect(failed).toMatchObject({ failedReason: 'The template is gone.', attemptsMade: 1 });
    expect(failed.attemptLog[0]?.stack).toContain('provider_rejected');
  });

  it('fails a job whose data is not right, at once and with the field named', async () => {
    let called = false;
    await host(() => {
      called = true;
      return Promise.reject(new AppFailure({ code: 'internal', message: 'never' }));
    });
    const id = await add({ ...payload(), campaignId: 'spring' });
    const failed = await inState(id, 'failed');
    expect(failed.failedReason).toContain('campaignId');
    expect(failed.attemptsMade).toBe(1);
    expect(called).toBe(false);
  });

  it('lets a job go on later without using up an attempt', async () => {
    let runs = 0;
    await host((run) => {
      runs += 1;
      expect(run.attempt).toBe(1);
      return Promise.resolve(
        runs === 1
          ? { type: 'later', at: new Date(Date.now() + 300), why: 'The sender is paused.' }
          : { type: 'done', status: 'completed', result: { runs } },
      );
    });
    const id = await add();
    const done = await inState(id, 'completed');
    expect(done.attemptsMade).toBe(1);
    expect(done.timeline.find((entry) => entry.what === 'delayed')?.detail).toBe('The sender is paused.');
    expect(journal.entries).toContain(`${id} later`);
  });

  it('ends a run at its time limit, and the job goes on', async () => {
    let runs = 0;
    const slow: Processor<'bulk-messages'> = (run) => {
      runs += 1;
      return runs === 1
        ? untilStopped(run)
        : Promise.resolve({ type: 'done', status: 'completed', result: { runs } });
    };
    await host(slow, { timing: { timeoutMs: 200 } });
    const id = await add();
    const done = await inState(id, 'completed');
    expect(done.attemptsMade).toBe(1);
    expect(done.attemptLog[0]?.error).toBeNull();
    expect(done.attemptLog).toHaveLength(2);
  });

  it('counts the time at work of all runs, and not what the job waited in between', async () => {
    const worked: number[] = [];
    await host(
      async (run) => {
        if (worked.length === 0) await untilStopped(run).catch(() => undefined);
        worked.push(run.workedMs());
        return worked.length === 1
          ? { type: 'later', at: new Date(Date.now() + 1_500), why: 'The sender is paused.' }
          : { type: 'done', status: 'completed', result: {} };
      },
      { timing: { timeoutMs: 300 } },
    );
    const id = await add();
    await inState(id, 'completed');
    const [first = 0, second = 0] = worked;
    expect(first).toBeGreaterThanOrEqual(300);
    expect(second).toBeGreaterThanOrEqual(first);
    expect(second).toBeLessThan(1_500);
    expect(journal.worked.get(id)).toBeGreaterThanOrEqual(second);
    const line = logger.lines.find((each) => each.includes('completed:')) ?? '';
    expect(Number(/, (\d+)ms$/.exec(line)?.[1])).toBeGreaterThanOrEqual(second);
  });

  it('cancels an active job that another host runs, within a second', async () => {
    await host(untilStopped);
    const id = await add();
    await inState(id, 'active');
    const other = await test.another();
    const asked = Date.now();
    await other.coordination.requestCancel('bulk-messages', id, 'Ada');
    const cancelled = await inState(id, 'failed');
    expect(Date.now() - asked).toBeLessThan(1_500);
    expect(cancelled.failedReason).toBe('Cancelled by Ada');
    expect(cancelled.timeline.at(-1)?.what).toBe('cancelled');
    expect(cancelled.attemptsMade).toBe(1);
    expect(journal.entries.at(-1)).toBe(`${id} cancelled`);
    expect(await other.coordination.cancelRequests('bulk-messages', [id])).toEqual([]);
  });

  it('shows both of two hosts, what they run, and forgets one that left', async () => {
    const first = await host(untilStopped, {
      settings: [{ queue: 'bulk-messages', enabled: true, concurrency: 1 }],
    });
    const second = await host(untilStopped, {
      settings: [{ queue: 'bulk-messages', enabled: true, concurrency: 1 }],
    });
    const ids = [await add(), await add()];
    for (const id of ids) await inState(id, 'active');
    await first.configure({ queue: 'contact-import', enabled: false, concurrency: 2 });
    await second.configure({ queue: 'contact-import', enabled: false, concurrency: 2 });
    const seen = await engine.coordination.hosts();
    expect(seen.map((each) => each.id).sort()).toEqual([first.id, second.id].sort());
    expect(seen.flatMap((each) => each.jobs.map((running) => running.id)).sort()).toEqual([...ids].sort());
    expect(seen[0]?.queues).toContainEqual({ queue: 'bulk-messages', concurrency: 1, running: 1 });
    await second.shutdown(0);
    expect((await engine.coordination.hosts()).map((each) => each.id)).toEqual([first.id]);
  });

  it('gives back what it ran when it is shut down, and another host goes on', async () => {
    const first = await host(untilStopped);
    const id = await add();
    await inState(id, 'active');
    await first.shutdown(100);
    await host(() => Promise.resolve({ type: 'done', status: 'completed', result: {} }));
    expect((await inState(id, 'completed')).attemptsMade).toBe(1);
  });

  it('completes no job whose end could not be written down: another host runs it again', async () => {
    const done: Processor<'bulk-messages'> = () =>
      Promise.resolve({ type: 'done', status: 'completed', result: {} });
    let asked = false;
    const away: typeof journal.ended = (_job, _outcome, leaving) => {
      asked = true;
      return new Promise((resolve) => {
        leaving.addEventListener('abort', () => resolve(false));
      });
    };
    const first = await host(done, { journal: { ...journal, ended: away } });
    const id = await add();
    await until('the end to be written', () => Promise.resolve(asked || undefined));
    expect((await job(id)).state).toBe('active');
    await first.shutdown(0);
    expect((await job(id)).state).not.toBe('completed');
    await host(done);
    await inState(id, 'completed');
    expect(journal.entries).toEqual([`${id} started`, `${id} started`, `${id} completed`]);
  });

  it('changes its concurrency and switches a queue off and on while jobs run', async () => {
    const ends: (() => void)[] = [];
    const held: Processor<'bulk-messages'> = () =>
      new Promise((resolve) => {
        ends.push(() => resolve({ type: 'done', status: 'completed', result: {} }));
      });
    const own = await host(held, { settings: [{ queue: 'bulk-messages', enabled: true, concurrency: 1 }] });
    for (let index = 0; index < 6; index += 1) await add();
    await until('one job to run', () => ends.length === 1);
    await own.configure({ queue: 'bulk-messages', enabled: true, concurrency: 3 });
    await until('three jobs to run', () => ends.length === 3);
    await own.configure({ queue: 'bulk-messages', enabled: false, concurrency: 3 });
    expect(own.heartbeat().queues.map((each) => each.queue)).not.toContain('bulk-messages');
    for (const end of ends.splice(0)) end();
    await until(
      'the running jobs to end',
      async () => (await engine.queue('bulk-messages').counts()).completed === 3,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await engine.queue('bulk-messages').counts()).toMatchObject({ active: 0, waiting: 3 });
    await own.configure({ queue: 'bulk-messages', enabled: true, concurrency: 3 });
    await until('the rest to run', () => ends.length === 3);
    for (const end of ends.splice(0)) end();
    await until('all to be done', async () => (await engine.queue('bulk-messages').counts()).completed === 6);
  });

  it('keeps the guide’s 100 completed jobs', async () => {
    await host(() => Promise.resolve({ type: 'done', status: 'completed', result: {} }), {
      timing: { sweepMs: 300 },
    });
    const ids: JobId[] = [];
    for (let index = 0; index < 130; index += 1) ids.push(await add());
    await until(
      'all to be done',
      () => journal.entries.filter((entry) => entry.endsWith('completed')).length === 130,
    );
    const { completed } = await until('100 to be left', async () => {
      const counts = await engine.queue('bulk-messages').counts();
      return counts.completed <= 100 && counts.active === 0 ? counts : undefined;
    });
    // On PostgreSQL jobs that ended in the same millisecond go together.
    expect(completed).toBeGreaterThan(80);
    expect((await engine.findJob(JobId.parse(ids.at(-1))))[0]?.state).toBe('completed');
  });

  it('leaves a paused queue alone and works on when it is resumed', async () => {
    await engine.queue('bulk-messages').pause();
    await host(() => Promise.resolve({ type: 'done', status: 'completed', result: {} }));
    const id = await add();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await job(id)).state).toBe('waiting');
    await engine.queue('bulk-messages').resume();
    await inState(id, 'completed');
  });
});

describe('a worker process that is killed', () => {
  it('loses its job to another host, which ends it', async () => {
    const url = await testRedisUrl();
    const engine = createRedisEngine({ url });
    await engine.ready();
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const script = fileURLToPath(new URL('testing/worker-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, url], { cwd: root });
    const id = await engine.queue('bulk-messages').add({ name: 'send-bulk-message', data: payload() });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until('the other process to hold the job', () => output.includes(`holding ${id}`), 30_000);
    child.kill('SIGKILL');
    const journal = memoryJournal();
    const logger = memoryLogger();
    const timing = { lockMs: 2_000, stalledCheckMs: 500 };
    const host = createWorkerHost({
      engine, journal, logger, timing, processors: nothingDone, kind: 'worker', version: '0.1.0',
    }); // prettier-ignore
    await host.start();
    const job = await until(
      'the job to be done elsewhere',
      async () => {
        const found = await engine.queue('bulk-messages').job(id);
        return found?.state === 'completed' ? found : undefined;
      },
      20_000,
    );
    expect(job.attemptsMade).toBe(1);
    expect(job.timeline.map((entry) => entry.detail)).toContain('Its worker disappeared.');
    await host.shutdown();
    await engine.close();
  });
});
