import { UnrecoverableError } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Operation, OperationAction, OperationId } from '@shared/contract/operations';
import { Operation as OperationShape } from '@shared/contract/operations';
import { JobId } from '@shared/domain/ids';
import { QueueName } from '@shared/domain/queues';
import { AppFailure, unwrap } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { AuditRecord } from '../../activity/audit';
import { createDatabase, type Database } from '../../database/database';
import { ensureDefaultOrganization } from '../../database/organizations';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from '../../database/testing/databases';
import type { BullEngine } from '../../engine/bullmq-engine';
import { engineKinds, testEngines, type TestEngine } from '../../engine/testing/engines';
import { memoryJournal, memoryLogger } from '../../engine/testing/processors';
import { until } from '../../engine/testing/until';
import { FailuresService } from '../failures/service';
import { createOperations } from '.';
import { createOperationRepository } from './repository';
import type { OperationInput, OperationsDependencies, OperationsService } from './service';

const QUEUE = 'template-processing';
const failed = { queues: [QUEUE], states: ['failed' as const] };

describe.each(engineKinds)('operations on jobs on %s', (kind) => {
  let opened: TestDatabase;
  let database: Database;
  let actor: Actor;
  let test: TestEngine;
  let engine: BullEngine;
  let audited: AuditRecord[];
  let withdrawn: unknown[];
  let services: OperationsService[];

  beforeAll(async () => {
    opened = await openTestDatabase(kind === 'redis' ? 'postgres' : 'pglite over a port');
    database = createDatabase(opened.pool);
    const { organizationId, profileId: userId } = await ensureDefaultOrganization(database);
    actor = { organizationId, userId, via: 'desktop' };
  }, SET_UP_MS);
  afterAll(() => opened.close());

  beforeEach(async () => {
    test = await testEngines[kind]();
    engine = test.engine;
    audited = [];
    withdrawn = [];
    services = [];
  });
  afterEach(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await test.close();
  });

  /** A console's operations; `leaseMs` is short where a test kills one. */
  const consoleOf = (
    leaseMs = 15_000,
    through: OperationsDependencies['engine'] = engine,
  ): OperationsService => {
    const { service } = createOperations({
      database,
      engine: through,
      organizationId: actor.organizationId,
      journal: memoryJournal(),
      logger: memoryLogger(),
      audit: (record) => {
        audited.push(record);
        return Promise.resolve();
      },
      onWithdrawn: (_queue, data) => {
        withdrawn.push(data);
        return Promise.resolve(JSON.stringify(data).includes('planned'));
      },
      leaseMs,
    });
    services.push(service);
    return service;
  };

  const queue = () => engine.queue(QUEUE);
  /** Jobs that failed with these messages, oldest first. */
  const fail = async (messages: readonly string[]): Promise<void> => {
    for (const [no, message] of messages.entries()) {
      await queue().add({ name: 'job', data: { message, campaignId: 'c-1' }, jobId: `f-${no}` });
    }
    await work(messages.length, (data) => Promise.reject(new UnrecoverableError(data.message)));
  };
  const work = async (
    jobs: number,
    process: (data: { message: string }) => Promise<unknown> = () => Promise.resolve({}),
  ): Promise<void> => {
    const before = await queue().counts();
    const worker = engine.worker(QUEUE, (job: { data: { message: string } }) => process(job.data), {
      concurrency: 1,
    });
    await until(
      `${jobs} jobs to end`,
      async () => {
        const { failed, completed } = await queue().counts();
        return failed + completed >= before.failed + before.completed + jobs;
      },
      30_000,
    );
    await worker.close();
  };

  const begin = async (
    service: OperationsService,
    input: Partial<OperationInput> & Pick<OperationInput, 'action'>,
  ): Promise<Operation> => {
    const whole = { filter: failed, reason: 'A test', rate: null, holdSeconds: 0, ...input };
    const operation = unwrap(await service.begin(whole, actor));
    expect(OperationShape.parse(operation)).toEqual(operation);
    return operation;
  };
  const at = async (
    service: OperationsService,
    id: OperationId,
    states: readonly Operation['state'][],
  ): Promise<Operation> =>
    until(`the operation to be ${states.join(' or ')}`, async () => {
      const now = unwrap(await service.get(id));
      return states.includes(now.state) ? now : undefined;
    });
  const retry = { type: 'retry', canary: null } as const;

  it('retries all that match, as counted before, and writes down what it did', async () => {
    await fail(['timeout 1', 'refused 2', 'timeout 3', 'Cancelled by Dana']);
    const service = consoleOf();
    const preview = unwrap(await service.preview(retry, failed));
    expect(preview).toMatchObject({ count: 3, cancelled: 1 });
    expect(preview.sample.map(({ reason }) => reason)).toContain('refused 2');
    const { id } = await begin(service, { action: retry, filter: { ...failed, text: 'timeout' } });
    const ended = await at(service, id, ['completed']);
    expect(ended).toMatchObject({ total: 2, done: 2, left: 0, startedBy: 'Console', problem: null });
    expect(await queue().counts()).toMatchObject({ waiting: 2, failed: 2 });
    await begin(service, { action: retry });
    await until('the rest', async () => (await queue().counts()).waiting === 3);
    expect(audited.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['operations.start', 'operations.end']),
    );
    await until('every entry', () => audited.length === 4);
    expect(audited[0]?.detail).toMatchObject({ reason: 'A test', jobs: 2 });
  });

  it('retries a few first, and the rest when somebody says so', async () => {
    await fail(['a', 'b', 'c', 'd', 'e']);
    const service = consoleOf();
    const canary = { jobs: 2, goOn: 'when-asked' } as const;
    const { id } = await begin(service, { action: { type: 'retry', canary } });
    await at(service, id, ['watching']);
    expect(await queue().counts()).toMatchObject({ waiting: 2, failed: 3 });
    await work(2, (data) =>
      data.message === 'a' ? Promise.reject(new UnrecoverableError('again')) : Promise.resolve({}),
    );
    await until('both to be seen', async () => {
      const { canary: seen } = unwrap(await service.get(id));
      return seen?.succeeded === 1 && seen.failed === 1;
    });
    unwrap(await service.proceed(id, actor));
    expect(await at(service, id, ['completed'])).toMatchObject({ total: 5, done: 5 });
    // How fast it is, is measured from when it went on.
    const row = await createOperationRepository(database, actor.organizationId).find(id);
    expect(row?.paceFrom).toMatchObject({ done: 2 });
    // The one that failed again is not part of the rest.
    expect(await queue().counts()).toMatchObject({ waiting: 3, failed: 1, completed: 1 });
  });

  it('goes on by itself where all of the first succeed, and stays where one does not', async () => {
    await fail(['a', 'b', 'c']);
    const service = consoleOf();
    const canary = { jobs: 1, goOn: 'when-all-succeed' } as const;
    const { id } = await begin(service, { action: { type: 'retry', canary } });
    await at(service, id, ['watching']);
    await work(1);
    expect(await at(service, id, ['completed'])).toMatchObject({ done: 3 });
  });

  it('can be called off before it begins, and in the middle; what was done stays done', async () => {
    await fail(Array.from({ length: 12 }, (_, no) => `broken ${no}`));
    const service = consoleOf();
    const held = await begin(service, { action: retry, holdSeconds: 60 });
    expect(held).toMatchObject({ state: 'held', done: 0 });
    unwrap(await service.cancel(held.id, actor));
    await at(service, held.id, ['cancelled']);
    expect(await queue().counts()).toMatchObject({ failed: 12 });

    const slow = await begin(service, { action: retry, rate: 2 });
    await until('some to be done', async () => unwrap(await service.get(slow.id)).done >= 2);
    unwrap(await service.cancel(slow.id, actor));
    const ended = await at(service, slow.id, ['cancelled']);
    expect(ended.done).toBeLessThan(12);
    expect(await queue().counts()).toMatchObject({ failed: 12 - ended.done, waiting: ended.done });
    expect(await service.cancel(slow.id, actor)).toMatchObject({ ok: false, error: { code: 'conflict' } });
  });

  it('is gone on with by the next console, with the right totals', async () => {
    await fail(Array.from({ length: 10 }, (_, no) => `broken ${no}`));
    const first = consoleOf(300);
    const { id } = await begin(first, { action: retry, rate: 2 });
    await until('some to be done', async () => unwrap(await first.get(id)).done >= 2);
    await first.stop();
    const between = await queue().counts();
    expect(between.failed).toBeGreaterThan(0);
    const second = consoleOf();
    second.start();
    expect(await at(second, id, ['completed'])).toMatchObject({ total: 10, done: 10, left: 0 });
    expect(await queue().counts()).toMatchObject({ failed: 0, waiting: 10 });
  });

  it('removes and puts back: failed jobs as failed, waiting ones as waiting', async () => {
    await fail(['broken 1', 'broken 2']);
    await queue().add({ name: 'job', data: { message: 'w' }, jobId: 'w-1', priority: 2 });
    await queue().add({ name: 'job', data: { message: 'planned' }, jobId: 'w-2' });
    const before = await queue().job(JobId.parse('f-0'));
    const service = consoleOf();
    const filter = { queues: [QUEUE], states: ['failed' as const, 'waiting' as const] };
    const { id } = await begin(service, { action: { type: 'remove', keep: true }, filter });
    const ended = await at(service, id, ['completed']);
    expect(ended).toMatchObject({ total: 4, done: 4, undo: { jobs: 3 } });
    expect(await engine.selection.count({})).toBe(0);
    expect(withdrawn).toHaveLength(2);

    const back = unwrap(await service.undo(id, actor));
    expect(await at(service, back.id, ['completed'])).toMatchObject({ total: 3, done: 3, left: 0 });
    expect(await queue().job(JobId.parse('f-0'))).toEqual(before);
    expect(await queue().counts()).toMatchObject({ failed: 2, waiting: 1 });
    expect(unwrap(await service.get(id)).undo).toBeNull();
    expect(await service.undo(id, actor)).toMatchObject({ ok: false, error: { code: 'conflict' } });
  });

  it('puts waiting jobs back in the order they stood in, however large they are', async () => {
    const reports = QueueName.parse('reports');
    const ids = Array.from({ length: 6 }, (_, no) => `r-${String(no)}`);
    await test.foreignQueue('reports', async (foreign) => {
      for (const jobId of ids) await foreign.add('mail', { text: 'x'.repeat(900_000) }, { jobId });
      await foreign.add('mail', {}, { jobId: 'late', delay: 3_600_000 });
    });
    await engine.findQueues();
    const service = consoleOf();
    const filter = { queues: [reports] };
    const { id } = await begin(service, { action: { type: 'remove', keep: true }, filter });
    expect(await at(service, id, ['completed'])).toMatchObject({ done: 7, undo: { jobs: 7 } });
    const kept = createOperationRepository(database, actor.organizationId);
    const next = await kept.restorable(id, engine.kind, { limit: 200, bytes: 2_000_000 });
    expect(next.map((job) => job.id)).toEqual(['late', 'r-5', 'r-4']);
    const back = unwrap(await service.undo(id, actor));
    expect(await at(service, back.id, ['completed'])).toMatchObject({ done: 7, left: 0 });
    const order: string[] = [];
    const worker = engine.worker(
      reports,
      (job) => {
        order.push(job.id ?? '');
        return Promise.resolve({});
      },
      { concurrency: 1 },
    );
    await until('all to run', () => Promise.resolve(order.length === 6));
    await worker.close();
    expect(order).toEqual(ids);
  });

  it('puts back only what it removed itself: not what a worker ended while a console was away', async () => {
    await queue().add({ name: 'job', data: { message: 'done' }, jobId: 'ended' });
    await queue().add({ name: 'job', data: { message: 'removed' }, jobId: 'removed' });
    await queue().add({ name: 'job', data: { message: 'stays' }, jobId: 'stays' });
    const service = consoleOf();
    const filter = { queues: [QUEUE], states: ['waiting' as const] };
    const action = { type: 'remove', keep: true } as const;
    const { id } = await begin(service, { action, filter, holdSeconds: 60 });
    // As a console leaves it that dies in the middle.
    const kept = createOperationRepository(database, actor.organizationId);
    const copies = await engine.actions.copy(QUEUE, ['ended', 'removed', 'stays']);
    await kept.keep(id, engine.kind, QUEUE, copies, new Date(Date.now() + 60_000));
    const jobs = [{ id: 'removed', finishedAt: null }];
    await engine.actions.act({ queue: QUEUE, state: 'waiting', jobs }, { type: 'remove' }, id);
    // A worker that keeps nothing of what it ended.
    await queue().remove(JobId.parse('ended'));
    unwrap(await service.cancel(id, actor));
    expect(await at(service, id, ['cancelled'])).toMatchObject({ done: 1, undo: { jobs: 1 } });
    const back = unwrap(await service.undo(id, actor));
    await at(service, back.id, ['completed']);
    const { jobs: waiting } = await queue().jobs('waiting', { start: 0, count: 10, order: 'oldest' });
    expect(waiting.map((job) => String(job.id)).sort()).toEqual(['removed', 'stays']);
  });

  it('puts back once, also where two ask for it, and what a console put back that died', async () => {
    for (const jobId of ['a', 'b']) await queue().add({ name: 'job', data: { message: jobId }, jobId });
    const service = consoleOf();
    const filter = { queues: [QUEUE], states: ['waiting' as const] };
    const { id } = await begin(service, { action: { type: 'remove', keep: true }, filter });
    await at(service, id, ['completed']);
    const kept = createOperationRepository(database, actor.organizationId);
    const copies = await kept.restorable(id, engine.kind, { limit: 1, bytes: 1_000 });
    const restore = { action: { type: 'restore', of: id } as const, reason: 'Back', rate: null };
    const dead = await kept.insert({ ...restore, filter, total: 2, holdUntil: null }, actor);
    expect(await service.undo(id, actor)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    await engine.actions.restore(QUEUE, copies, dead.id);
    // A worker that keeps nothing of what it ended.
    await queue().remove(JobId.parse(copies[0]?.id));
    service.start();
    expect(await at(service, dead.id, ['completed'])).toMatchObject({ total: 2, done: 2, left: 0 });
    expect(await queue().counts()).toMatchObject({ waiting: 1 });
  });

  it('acts upon chosen jobs of several states, and reports none that it did', async () => {
    await fail(['broken']);
    await queue().add({ name: 'job', data: { message: 'w' }, jobId: 'w-1' });
    await queue().add({ name: 'job', data: { message: 'd' }, jobId: 'd-1', delayMs: 3_600_000 });
    const service = consoleOf();
    const jobs = ['f-0', 'w-1', 'd-1'].map((jobId) => ({ queue: QUEUE, id: jobId }));
    const { id } = await begin(service, { action: { type: 'remove', keep: true }, filter: { jobs } });
    expect(await at(service, id, ['completed'])).toMatchObject({ total: 3, done: 3, left: 0 });
  });

  it('can be called off while the queues are away', async () => {
    await fail(['broken']);
    let isAway = false;
    const away = new AppFailure({ code: 'engine_unavailable', message: 'Away.', action: 'Wait.' });
    const actions = {
      ...engine.actions,
      tally: (name: string) => (isAway ? Promise.reject(away) : engine.actions.tally(name)),
    };
    const { kind: engineKind, selection } = engine;
    const service = consoleOf(15_000, {
      kind: engineKind,
      selection,
      actions,
      queues: () => engine.queues(),
    });
    const { id } = await begin(service, { action: retry, holdSeconds: 2 });
    isAway = true;
    await service.stop();
    service.start();
    await until('it to wait', async () => unwrap(await service.get(id)).problem !== null);
    unwrap(await service.cancel(id, actor));
    expect(await at(service, id, ['cancelled'])).toMatchObject({ done: 0 });
    expect(await queue().counts()).toMatchObject({ failed: 1 });
  });

  it('reports each job that it had to leave', async () => {
    await engine.addFlow({ queue: QUEUE, name: 'parent', data: {} as never, jobId: 'parent' }, [
      { queue: QUEUE, name: 'child', data: {} as never, jobId: 'child', delayMs: 60_000 },
    ]);
    const service = consoleOf();
    const filter = { states: ['waiting-children' as const] };
    const { id } = await begin(service, { action: { type: 'remove', keep: true }, filter });
    expect(await at(service, id, ['completed'])).toMatchObject({ total: 1, done: 0, left: 1, undo: null });
    const { rows } = await service.report(id, 0, 10);
    expect(rows).toMatchObject([{ queue: QUEUE, jobId: 'parent', why: 'has-children' }]);
    expect(rows[0]?.message).toContain('Other jobs');
    expect(
      await service.begin({ action: retry, filter, reason: 'x', rate: null, holdSeconds: 0 }, actor),
    ).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  });

  it('changes payloads and retries, and leaves what the change does not fit', async () => {
    const REPORTS = QueueName.parse('reports');
    await test.foreignQueue('reports', async (reports) => {
      for (const [no, data] of [{ to: 'old', no: 1 }, { to: 'old', no: 2 }, { no: 3 }].entries())
        await reports.add('mail', data, { jobId: `r-${String(no)}` });
    });
    await engine.findQueues();
    const worker = engine.worker(REPORTS, () => Promise.reject(new Error('no such address')), {});
    await until('all to fail', async () => (await engine.queue(REPORTS).counts()).failed === 3);
    await worker.close();
    // Of ADSapp's own queue: the console knows that no worker would take this.
    await fail(['refused']);
    const service = consoleOf();
    const patch: OperationAction = {
      type: 'patch',
      patch: [{ op: 'replace', path: '/to', value: 'new' }],
    };
    const filter = { states: ['failed' as const] };

    const preview = unwrap(await service.preview(patch, filter));
    expect(preview).toMatchObject({ count: 2, unfit: { count: 2 } });
    expect(preview.unfit.example).toContain('nothing at this path');
    expect(preview.sample[0]?.change?.before).toContain('"old"');
    expect(preview.sample[0]?.change?.after).toContain('"new"');
    expect((await engine.queue(REPORTS).job(JobId.parse('r-0')))?.data).toMatchObject({ to: 'old' });

    const { id } = await begin(service, { action: patch, filter });
    expect(await at(service, id, ['completed'])).toMatchObject({ total: 2, done: 2, left: 2 });
    const { rows } = await service.report(id, 0, 10);
    expect(rows.map(({ jobId, why }) => [jobId, why]).sort()).toEqual([
      ['f-0', 'patch-does-not-fit'],
      ['r-2', 'patch-does-not-fit'],
    ]);
    expect(await engine.queue(REPORTS).counts()).toMatchObject({ waiting: 2, failed: 1 });
    const changed = await engine.queue(REPORTS).job(JobId.parse('r-1'));
    expect(changed).toMatchObject({ state: 'waiting', data: { to: 'new', no: 2 }, attemptsMade: 0 });

    const add: OperationAction = { type: 'patch', patch: [{ op: 'add', path: '/note', value: 'x' }] };
    const own = unwrap(await service.preview(add, { queues: [QUEUE], states: ['failed'] }));
    expect(own).toMatchObject({ count: 0, unfit: { count: 1 } });
    expect(own.unfit.example).toContain('not what this queue expects');
  });

  it('moves delayed jobs up and changes priorities', async () => {
    for (const jobId of ['a', 'b', 'c']) await queue().add({ name: 'job', data: {}, jobId, delayMs: 60_000 });
    const service = consoleOf();
    const { id } = await begin(service, { action: { type: 'promote' }, filter: { queues: [QUEUE] } });
    await at(service, id, ['completed']);
    expect(await queue().counts()).toMatchObject({ waiting: 3, delayed: 0 });
    const action = { type: 'priority', priority: 1 } as const;
    const second = await begin(service, { action, filter: { queues: [QUEUE] } });
    expect(await at(service, second.id, ['completed'])).toMatchObject({ done: 3 });
    expect(await queue().job(JobId.parse('b'))).toMatchObject({ priority: 1 });
    expect(unwrap(await service.preview(action, { queues: [QUEUE] })).count).toBe(0);
  });

  it('groups failures by cause, and follows what is retried and what fails next', async () => {
    await fail(['timeout after 10 ms', 'timeout after 20 ms', 'no such template']);
    const files = { offer: () => Promise.reject(new Error('not asked for')) } as never;
    const audit = () => Promise.resolve();
    const failures = new FailuresService({ engine, files, audit });
    const first = await failures.groups();
    expect(first).toMatchObject({ total: 3, causes: 2 });
    expect(first.groups[0]).toMatchObject({
      title: 'UnrecoverableError: timeout after <n> ms',
      count: 2,
      campaigns: [{ id: 'c-1', count: 2 }],
      names: [{ name: 'job', count: 2 }],
    });
    const cause = first.groups[0]?.cause ?? '';
    const jobs = await failures.jobs(cause, undefined, 0, 10);
    expect(jobs.jobs.map(({ id }) => id)).toEqual(['f-1', 'f-0']);

    const service = consoleOf();
    const { id } = await begin(service, { action: retry, filter: { ...failed, cause } });
    expect(await at(service, id, ['completed'])).toMatchObject({ total: 2, done: 2 });
    await until('the group to be gone', async () => (await failures.groups()).total === 1);
    await work(2, () => Promise.reject(new UnrecoverableError('no such template')));
    await until('the new failures', async () => (await failures.groups()).groups[0]?.count === 3);
    expect(await failures.groups()).toMatchObject({ total: 3, causes: 1 });
    failures.close();
  });

  it('moves what matches to another queue, counts it before, and leaves what that queue cannot take', async () => {
    const service = consoleOf();
    await fail(['one', 'two']);
    const parked = QueueName.parse('parked');
    const action = { type: 'move', to: parked } as const;
    expect(await service.preview(action, failed)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    await test.foreignQueue('parked', (foreign) => foreign.add('first', {}));
    await engine.findQueues();
    const preview = unwrap(await service.preview(action, failed));
    expect(preview).toMatchObject({ count: 2, unfit: { count: 0 } });
    const operation = await begin(service, { action });
    expect(await at(service, operation.id, ['completed'])).toMatchObject({ done: 2, left: 0 });
    expect(await engine.queue(parked).counts()).toMatchObject({ waiting: 3 });
    expect(await queue().counts()).toMatchObject({ failed: 0, waiting: 0 });

    const back = { type: 'move', to: QueueName.parse('bulk-messages') } as const;
    const there = { queues: [parked] };
    expect(unwrap(await service.preview(back, there))).toMatchObject({ count: 0, unfit: { count: 3 } });
    expect(
      await service.begin({ action: back, filter: there, reason: 'x', rate: null, holdSeconds: 0 }, actor),
    ).toMatchObject({ ok: false });
    expect(unwrap(await service.preview(action, there))).toMatchObject({ count: 0, unfit: { count: 0 } });
  });
});
