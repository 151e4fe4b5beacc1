import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Redis } from 'ioredis';
import { Overview } from '@shared/contract/queues';
import { CampaignId, JobId, OrganizationId, ProfileId } from '@shared/domain/ids';
import { AppFailure } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { AuditRecord } from '../activity/audit';
import type { BullEngine } from '../engine/bullmq-engine';
import type { Processor } from '../engine/processor';
import { createRedisEngine } from '../engine/redis-engine';
import { engineKinds, testEngines, type TestEngine } from '../engine/testing/engines';
import { until } from '../engine/testing/until';
import { memoryJournal, memoryLogger, nothingDone } from '../engine/testing/processors';
import { createWorkerHost, type WorkerHost } from '../engine/worker-host';
import { startRedis } from '../../e2e/fixtures/services';
import type { MinuteRow, QueueMetricsRepository } from './repository';
import { createQueuesService, type QueuesService } from './service';

const actor: Actor = { organizationId: randomUUID(), userId: randomUUID(), via: 'desktop' };
const payload = () => ({
  organizationId: OrganizationId.parse(actor.organizationId),
  userId: ProfileId.parse(actor.userId),
  campaignId: CampaignId.parse(randomUUID()),
  batchNo: 0,
  recipients: 10,
});

const memoryRepository = (): QueueMetricsRepository & { rows: MinuteRow[] } => {
  const rows: MinuteRow[] = [];
  return {
    rows,
    saveMinutes: (_organization, more) => {
      rows.push(...more);
      return Promise.resolve();
    },
    addUp: () => Promise.resolve(),
    notAddedUpSince: () => Promise.resolve(null),
    steps: () => Promise.resolve([]),
    namesSince: () => Promise.resolve([]),
    names: () => Promise.resolve({ names: [], ended: 0, named: 0 }),
  };
};

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const outcome = await work.then(
    () => 'done',
    (error: unknown) => error,
  );
  if (outcome instanceof AppFailure) return outcome.error.code;
  throw outcome;
};

describe.each(engineKinds)('the queue manager on %s', (kind) => {
  let test: TestEngine;
  let engine: BullEngine;
  let service: QueuesService;
  let journal: ReturnType<typeof memoryJournal>;
  let repository: ReturnType<typeof memoryRepository>;
  let audited: AuditRecord[];
  let withdrawn: unknown[];
  let hosts: WorkerHost[];

  beforeEach(async () => {
    test = await testEngines[kind]();
    engine = test.engine;
    journal = memoryJournal();
    repository = memoryRepository();
    audited = [];
    withdrawn = [];
    hosts = [];
    const audit = (record: AuditRecord) => {
      audited.push(record);
      return Promise.resolve();
    };
    const { organizationId } = actor;
    service = createQueuesService({
      onWithdrawn: (_queue, data) => {
        withdrawn.push(data);
        return Promise.resolve();
      },
      engine,
      journal,
      repository,
      audit,
      logger: memoryLogger(),
      organizationId,
    });
    service.start();
  });
  afterEach(async () => {
    await service.shutdown();
    await Promise.all(hosts.map((host) => host.shutdown(0)));
    await test.close();
  });

  const work = async (processor: Processor<'bulk-messages'>): Promise<void> => {
    const processors = { ...nothingDone, 'bulk-messages': processor };
    const host = createWorkerHost({
      engine,
      processors,
      journal,
      logger: memoryLogger(),
      kind: 'app',
      version: '0',
    });
    hosts.push(host);
    await host.start();
  };
  const add = () => service.addJob('bulk-messages', 'send-bulk-message', payload());

  it('adds, gets, cancels and counts jobs, and writes down who did what', async () => {
    const id = await service.addFor(actor, 'bulk-messages', 'send-bulk-message', payload(), { priority: 1 });
    expect(journal.entries).toEqual([`${id} queued`]);
    expect((await service.getJob('bulk-messages', id))?.priority).toBe(1);
    expect(await service.getQueueStatistics('bulk-messages')).toEqual({
      waiting: 1, active: 0, completed: 0, failed: 0, delayed: 0, paused: 0,
    }); // prettier-ignore
    expect(await service.cancelJob('bulk-messages', id, actor)).toBe('removed');
    expect(await service.getJob('bulk-messages', id)).toBeUndefined();
    expect(journal.entries.at(-1)).toBe(`${id} cancelled`);
    expect(await codeOf(service.cancelJob('bulk-messages', id, actor))).toBe('not_found');
    expect(audited.map((record) => [record.action, record.target])).toEqual([
      ['queues.add', `bulk-messages/${id}`],
      ['queues.cancel', `bulk-messages/${id}`],
    ]);
  });

  it('refuses data that is not the queue’s own, and another organization’s job', async () => {
    expect(await codeOf(service.addJob('contact-import', 'import-contacts', { rows: 'many' }))).toBe(
      'invalid_input',
    );
    const foreign = { ...payload(), organizationId: randomUUID() };
    expect(await codeOf(service.addFor(actor, 'bulk-messages', 'x', foreign, {}))).toBe('forbidden');
    expect(await service.getQueueStatistics('bulk-messages')).toMatchObject({ waiting: 0 });
  });

  it('cancels an active job through its worker, and says that it was asked for', async () => {
    await work(
      (run) =>
        new Promise((resolve) => {
          run.signal.addEventListener('abort', () => {
            setTimeout(() => resolve({ type: 'cancelled' }), 300);
          });
        }),
    );
    const id = await add();
    await until(
      'the job to run',
      async () => (await service.getJob('bulk-messages', id))?.state === 'active',
    );
    expect(await service.cancelJob('bulk-messages', id, actor)).toBe('requested');
    expect((await service.getJob('bulk-messages', id))?.cancelRequested).toBe(true);
    const ended = await until('the job to end', async () => {
      const job = await service.getJob('bulk-messages', id);
      return job?.state === 'failed' ? job : undefined;
    });
    expect(ended.failedReason).toBe('Cancelled by the console');
    expect(await codeOf(service.cancelJob('bulk-messages', id, actor))).toBe('conflict');
  });

  it('acts on many at once; what fails does not stop the rest', async () => {
    const ids: JobId[] = [];
    for (let index = 0; index < 120; index += 1) ids.push(await add());
    const jobs = [...ids, JobId.parse('nobody')].map((jobId) => ({ queue: 'bulk-messages' as const, jobId }));
    const outcome = await service.removeMany(jobs, actor);
    expect(outcome.done).toBe(120);
    expect(outcome.failed.map((each) => each.id)).toEqual(['nobody']);
    expect(audited.at(-1)).toMatchObject({ action: 'queues.remove', detail: { jobs: 121, done: 120 } });
  });

  it.each(['remove', 'cancel'] as const)(
    'accounts for the children that a %s takes with them',
    async (how) => {
      const job = (batchNo: number | null, jobId: string) => ({
        queue: 'bulk-messages' as const,
        name: 'send-bulk-message',
        data: { ...payload(), batchNo },
        jobId,
      });
      await work((run) =>
        Promise.resolve(
          run.data.batchNo === 0
            ? { type: 'failed', retry: false, error: { code: 'provider_rejected', message: 'No.' } }
            : { type: 'done', status: 'completed', result: {} },
        ),
      );
      await service.pauseQueue('bulk-messages', actor);
      const children = [0, 1, 2, 3].map((batchNo) => job(batchNo, `child-${batchNo}`));
      // What waits for its time is not run when the queue goes on: two children end, two are open.
      const open = children.map((child, index) => ({ ...child, delayMs: index < 2 ? 0 : 3_600_000 }));
      const parent = await service.addFlow(job(null, 'parent'), open);
      await service.resumeQueue('bulk-messages', actor);
      await until('two ends', async () => {
        const { completed, failed } = await service.getQueueStatistics('bulk-messages');
        return completed + failed === 2;
      });
      const ref = { queue: 'bulk-messages' as const, jobId: parent };
      const many = how === 'remove' ? service.removeMany([ref], actor) : service.cancelMany([ref], actor);
      expect(await many).toEqual({ done: 1, failed: [] });

      expect(await service.getJob('bulk-messages', JobId.parse('child-3'))).toBeUndefined();
      const cancelled = journal.entries.filter((entry) => entry.endsWith(' cancelled')).sort();
      expect(cancelled).toEqual(['child-2 cancelled', 'child-3 cancelled', 'parent cancelled']);
      expect(withdrawn.map((data) => (data as { batchNo: number | null }).batchNo).sort()).toEqual([
        2,
        3,
        null,
      ]);
    },
  );

  it('lists, retries and cleans failed jobs', async () => {
    await work(() =>
      Promise.resolve({ type: 'failed', retry: false, error: { code: 'provider_rejected', message: 'No.' } }),
    );
    await Promise.all([add(), add(), add()]);
    const failed = (n: number) =>
      until(`${n} failures`, async () => (await service.getQueueStatistics('bulk-messages')).failed === n);
    await failed(3);
    expect(await service.getFailedJobs('bulk-messages', 0, 1)).toHaveLength(2);
    await service.pauseQueue('bulk-messages', actor);
    const [first] = await service.getFailedJobs('bulk-messages', 0, 0);
    await service.retryJob('bulk-messages', first?.id ?? JobId.parse('none'), actor);
    expect((await service.failures(undefined, 0, 10)).total).toBe(2);
    expect(await service.getQueueStatistics('bulk-messages')).toMatchObject({ failed: 2, paused: 1 });
    await service.resumeQueue('bulk-messages', actor);
    await failed(3);
    expect(await service.cleanFailedJobs('bulk-messages', 60_000, actor)).toBe(0);
    expect(await service.cleanFailedJobs('bulk-messages', 0, actor)).toBe(3);
  });

  it('retries also a cancelled job, where one chooses it', async () => {
    await work(
      (run) =>
        new Promise((resolve) => {
          run.signal.addEventListener('abort', () => resolve({ type: 'cancelled' }));
        }),
    );
    const stateOf = async (id: JobId) => (await service.getJob('bulk-messages', id))?.state;
    const cancelled = await add();
    await until('the job to run', async () => (await stateOf(cancelled)) === 'active');
    await service.cancelJob('bulk-messages', cancelled, actor);
    await until('the job to end', async () => (await stateOf(cancelled)) === 'failed');
    await service.pauseQueue('bulk-messages', actor);
    await service.retryJob('bulk-messages', cancelled, actor);
    expect(await stateOf(cancelled)).toBe('waiting');
  });

  it('shows the overview live, at most ten times a second, and is quiet when nobody watches', async () => {
    await work(() => Promise.resolve({ type: 'done', status: 'completed', result: {} }));
    const seen: { at: number; overview: Overview }[] = [];
    const second: Overview[] = [];
    const stop = service.watchOverview((overview) => seen.push({ at: Date.now(), overview }));
    const stopSecond = service.watchOverview((overview) => second.push(overview));
    await until('the first overview', () => seen.length > 0);
    const started = Date.now();
    for (let index = 0; index < 150; index += 1) await add();
    const last = await until('the truth', () => {
      const overview = seen.at(-1)?.overview;
      const queue = overview?.queues.find((each) => each.name === 'bulk-messages');
      return queue?.counts.completed === 100 || queue?.counts.completed === 150 ? queue : undefined;
    });
    const elapsed = Date.now() - started;
    expect(seen.length).toBeLessThanOrEqual(elapsed / 100 + 4);
    expect(second.length).toBeGreaterThan(0);
    expect(Overview.parse(seen.at(-1)?.overview)).toEqual(seen.at(-1)?.overview);
    expect(last.workers).toBe(1);
    const measured = await until('rates and percentiles', async () => {
      const queue = (await service.overview()).queues.find((each) => each.name === 'bulk-messages');
      const sum = queue?.spark.reduce((all, point) => all + point.completed * 5, 0) ?? 0;
      return queue !== undefined && queue.run !== null && Math.round(sum) === 150 ? queue : undefined;
    });
    expect(measured.spark).toHaveLength(60);
    expect(measured.completedPerSecond).toBeGreaterThan(0);
    stop();
    stopSecond();
    const quiet = seen.length;
    await add();
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(seen.length).toBe(quiet);
    const end = Math.floor(Date.now() / 1_000) + 1;
    expect(service.recorder.measure('bulk-messages', end - 300, end).completed).toBeGreaterThanOrEqual(150);
    const [name] = service.recorder.names('bulk-messages');
    expect(service.recorder.measure('bulk-messages', end - 300, end + 10, name)).toMatchObject({
      completed: service.recorder.measure('bulk-messages', end - 300, end).completed,
    });
    await service.shutdown();
    expect(repository.rows.find((row) => row.queue === 'bulk-messages')?.completed).toBeGreaterThan(0);
  });

  it('tells who watches one job about its changes only', async () => {
    await service.pauseQueue('bulk-messages', actor);
    const told = new Set<string>();
    const stopTelling = engine.onChanges((batch) => {
      for (const { jobIds } of batch) for (const id of jobIds ?? []) told.add(id);
    });
    const [watched, other] = [await add(), await add()];
    await until('both to be told of', () => told.has(watched) && told.has(other));
    let changes = 0;
    const stop = service.watchJob({ queue: 'bulk-messages', jobId: watched }, () => (changes += 1));
    await service.cancelJob('bulk-messages', other, actor);
    // Not every engine tells of a waiting job that is taken away: what there is to tell gets some time.
    await new Promise((resolve) => setTimeout(resolve, 400));
    stopTelling();
    expect(changes).toBe(0);
    await service.resumeQueue('bulk-messages', actor);
    await work(() => Promise.resolve({ type: 'done', status: 'completed', result: {} }));
    await until('a change', () => changes > 0);
    stop();
  });

  it('reports a healthy engine', async () => {
    const report = await service.healthCheck();
    expect(report.healthy).toBe(true);
    expect(report.queues).toHaveLength(4);
  });
});

describe('the queue manager on Redis', () => {
  it('shows a lost Redis at once as a state with the last numbers, and recovers', async () => {
    const redis = await startRedis({ persistence: 'always' });
    const engine = createRedisEngine({ url: redis.url });
    await engine.ready();
    const service = createQueuesService({
      onWithdrawn: () => Promise.resolve(),
      engine,
      journal: memoryJournal(),
      repository: memoryRepository(),
      audit: () => Promise.resolve(),
      logger: memoryLogger(),
      organizationId: actor.organizationId,
    });
    service.start();
    await service.addJob('bulk-messages', 'send-bulk-message', payload());
    const seen: Overview[] = [];
    service.watchOverview((overview) => seen.push(overview));
    await until('the overview', () => seen.at(-1)?.queues.length === 4);
    await redis.kill();
    await until('the state', () => seen.at(-1)?.engine.state === 'down', 2_000);
    expect(seen.at(-1)?.queues.find((queue) => queue.name === 'bulk-messages')?.counts.waiting).toBe(1);
    expect(await service.healthCheck()).toMatchObject({ healthy: false });
    await redis.start();
    await until('recovery', () => seen.at(-1)?.engine.state === 'up', 5_000);
    await service.shutdown();
    await engine.close();
    await redis.dispose();
  });

  it('reads the overview of four queues with at most 8 commands', async () => {
    const redis = await startRedis();
    const engine = createRedisEngine({ url: redis.url });
    await engine.ready();
    const client = new Redis(redis.url);
    const monitor = await client.monitor();
    const commands: string[] = [];
    monitor.on('monitor', (_time: string, args: string[], source: string) => {
      if (source !== 'lua') commands.push(args[0] ?? '');
    });
    await engine.snapshot();
    commands.length = 0;
    await Promise.all([engine.snapshot(), engine.coordination.hosts()]);
    // The monitor tells in the order of the commands: what came before this one has been told.
    await client.echo('end');
    await until('the last command', () => commands.includes('echo'));
    const ours = commands.filter((command) => !/^(ping|xread|xrevrange|echo)$/i.test(command));
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.length).toBeLessThanOrEqual(8);
    monitor.disconnect();
    client.disconnect();
    await engine.close();
    await redis.dispose();
  });
});
