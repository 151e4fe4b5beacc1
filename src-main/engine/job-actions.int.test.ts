import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnrecoverableError } from 'bullmq';
import { JobId } from '@shared/domain/ids';
import type { JobFilter } from '@shared/domain/job-filter';
import type { JobState } from '@shared/domain/queues';
import { actOnAll } from './act-on-all';
import type { BullQueue } from './bull-types';
import type { BullEngine } from './bullmq-engine';
import type { JobAction, StepOutcome, Target } from './job-actions';
import { engineKinds, testEngines, type TestEngine } from './testing/engines';
import { until } from './testing/until';

const QUEUE = 'template-processing';
const OTHER = 'email-notification';

describe.each(engineKinds)('changes of many jobs on %s', (kind) => {
  let test: TestEngine;
  let engine: BullEngine;
  beforeEach(async () => {
    test = await testEngines[kind]();
    engine = test.engine;
  });
  afterEach(() => test.close());

  const queue = () => engine.queue(QUEUE);
  const add = (jobId: string, extra: { priority?: 1 | 2 | 3; delayMs?: number } = {}): Promise<JobId> =>
    queue().add({ name: 'job', data: { jobId }, jobId, ...extra });

  /** Ends the waiting jobs with a plain worker; the messages say who fails. */
  const run = async (failures: Readonly<Record<string, string>>, jobs: number): Promise<string[]> => {
    const order: string[] = [];
    const before = await queue().counts();
    const worker = engine.worker(
      QUEUE,
      (job) => {
        order.push(job.id ?? '');
        const message = failures[job.id ?? ''];
        return message === undefined ? Promise.resolve({}) : Promise.reject(new UnrecoverableError(message));
      },
      { concurrency: 1 },
    );
    await until(`${jobs} jobs to end`, async () => {
      const { failed, completed } = await queue().counts();
      return failed + completed >= before.failed + before.completed + jobs;
    });
    await worker.close();
    return order;
  };

  const act = async (
    ids: readonly string[],
    state: JobState,
    action: JobAction,
    tally?: string,
  ): Promise<StepOutcome> => {
    const jobs = ids.map((id): Target => ({ id, finishedAt: null }));
    return engine.actions.act({ queue: QUEUE, state, jobs }, action, tally);
  };
  const retry = { type: 'retry', leaveCancelled: true } as const;
  const why = ({ refused }: StepOutcome): Record<string, string> =>
    Object.fromEntries(refused.map((each) => [each.id, each.why]));

  it('retries with a fresh budget, by priority, and leaves what was cancelled or has moved on', async () => {
    await add('a', { priority: 3 });
    await add('b', { priority: 1 });
    await add('c');
    await add('d');
    await run({ a: 'broken', b: 'broken', c: 'Cancelled by Dana' }, 4);
    const outcome = await act(['a', 'b', 'c', 'd', 'nowhere'], 'failed', retry, 'op-1');
    expect(outcome).toMatchObject({ handled: 5, done: 2 });
    expect(why(outcome)).toEqual({ c: 'cancelled', d: 'moved', nowhere: 'missing' });
    expect(await engine.actions.tally('op-1')).toBe(2);
    expect(await queue().job(JobId.parse('a'))).toMatchObject({
      state: 'waiting',
      attemptsMade: 0,
      failedReason: null,
      finishedAt: null,
      priority: 3,
    });
    expect(await run({}, 2)).toEqual(['b', 'a']);
    expect(await queue().counts()).toMatchObject({ completed: 3, failed: 1 });
  });

  it('retries all that failed in a span in the order of their ends, whatever is left standing before them', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await add(id);
    const broken = { b: 'broken', d: 'broken', e: 'broken', f: 'broken' };
    await run({ a: 'Cancelled by Dana', c: 'Cancelled by Dana', ...broken }, 6);
    await sleep(5);
    const to = new Date().toISOString();
    await sleep(5);
    await add('late');
    await run({ late: 'broken' }, 1);
    const steps: string[] = [];
    const filter = { queues: [QUEUE], states: ['failed'], finishedAt: { to } } satisfies JobFilter;
    const outcome = await actOnAll(engine, filter, retry, {
      tally: 'op-span',
      atOnce: 2,
      after: ({ handled }, _jobs, queue) => void steps.push(`${handled} of ${queue}`),
    });
    expect(outcome).toMatchObject({ done: 4, complete: true });
    expect(outcome.refused).toEqual([
      { id: 'a', why: 'cancelled' },
      { id: 'c', why: 'cancelled' },
    ]);
    expect(steps).toEqual([`2 of ${QUEUE}`, `2 of ${QUEUE}`, `2 of ${QUEUE}`]);
    expect(await engine.actions.tally('op-span')).toBe(4);
    expect(await queue().counts()).toMatchObject({ waiting: 4, failed: 3 });
    expect(await run({}, 4)).toEqual(['b', 'd', 'e', 'f']);
  });

  it('gives each its own payload, and none to a job whose payload is another by now', async () => {
    await add('a');
    await add('b');
    await add('c');
    await run({ a: 'broken', b: 'broken', c: 'Cancelled by Dana' }, 3);
    const read = await engine.selection.count({ states: ['failed'] });
    expect(read).toBe(3);
    const jobs: Target[] = [];
    await engine.selection.scan(
      { queues: [QUEUE], states: ['failed'] },
      {
        fields: ['data'],
        onBatch: (batch) => {
          for (const { id, data } of batch.jobs) {
            const from = id === 'b' ? '{"jobId":"before"}' : (data ?? '');
            jobs.push({
              id,
              finishedAt: null,
              patched: { from, to: JSON.stringify({ jobId: `new-${id}` }) },
            });
          }
          return undefined;
        },
      },
    );
    const patch = { type: 'patch', leaveCancelled: true } as const;
    const outcome = await engine.actions.act({ queue: QUEUE, state: 'failed', jobs }, patch, 'op-2');
    expect(outcome).toMatchObject({ handled: 3, done: 1 });
    expect(why(outcome)).toEqual({ b: 'changed', c: 'cancelled' });
    expect(await queue().job(JobId.parse('a'))).toMatchObject({ state: 'waiting', data: { jobId: 'new-a' } });
    expect(await queue().job(JobId.parse('b'))).toMatchObject({ state: 'failed', data: { jobId: 'b' } });
  });

  it('wakes an idle worker, and nobody while the queue is paused', async () => {
    await add('a');
    await run({ a: 'broken' }, 1);
    const worker = engine.worker(QUEUE, () => Promise.resolve({}), { concurrency: 1 });
    await worker.waitUntilReady();
    await queue().pause();
    await act(['a'], 'failed', retry);
    expect(await queue().counts()).toMatchObject({ waiting: 1, paused: 1, completed: 0 });
    await queue().resume();
    await until('the retried job to run', async () => (await queue().counts()).completed === 1);
    await add('b');
    await until('the next job', async () => (await queue().counts()).completed === 2);
    await worker.close();
  });

  it('lets a flow’s parent wait again for the child that is retried', async () => {
    const child = { queue: QUEUE, name: 'child', data: {} as never, jobId: 'child' } as const;
    const other = { ...child, jobId: 'other' } as const;
    await engine.addFlow({ queue: QUEUE, name: 'parent', data: {} as never, jobId: 'parent' }, [
      child,
      other,
    ]);
    await queue().pause();
    const worker = engine.worker(QUEUE, () => Promise.reject(new UnrecoverableError('broken')), {
      concurrency: 1,
    });
    await queue().resume();
    await until('both and the parent to fail', async () => (await queue().counts()).failed === 3);
    await worker.close();
    expect(await act(['child', 'parent'], 'failed', retry)).toMatchObject({ done: 2 });
    expect(await queue().counts()).toMatchObject({ waiting: 2, failed: 1 });
    expect(await run({}, 2)).toHaveLength(2);
  });

  it('promotes and reorders', async () => {
    await add('late', { delayMs: 3_600_000 });
    await add('a', { priority: 3 });
    await add('b', { priority: 2 });
    expect(why(await act(['a', 'late'], 'delayed', { type: 'promote' }))).toEqual({ a: 'moved' });
    expect(await queue().counts()).toMatchObject({ waiting: 3, delayed: 0 });
    const outcome = await act(['late', 'a', 'b'], 'waiting', { type: 'priority', priority: 2 });
    expect(outcome.done).toBeGreaterThanOrEqual(1);
    expect(why(outcome)).toHaveProperty('b', 'unchanged');
    await act(['a'], 'waiting', { type: 'priority', priority: 1 });
    expect((await run({}, 3))[0]).toBe('a');
  });

  it('removes with everything that belongs to it, and puts it back as it was', async () => {
    await add('a');
    await add('b');
    await run({ a: 'broken' }, 2);
    await add('w', { priority: 2 });
    await add('d', { delayMs: 3_600_000 });
    await queue().note('a', { type: 'cancel-requested', at: new Date(), by: 'Dana' });
    const before = await queue().job(JobId.parse('a'));
    const copies = await engine.actions.copy(QUEUE, ['a', 'b', 'w', 'd', 'nowhere']);
    expect(copies.map(({ id, state }) => [id, state])).toEqual(
      expect.arrayContaining([
        ['a', 'failed'],
        ['b', 'completed'],
        ['w', 'waiting'],
        ['d', 'delayed'],
      ]),
    );
    expect(await act(['a'], 'failed', { type: 'remove' })).toMatchObject({ done: 1, refused: [] });
    expect(await act(['b'], 'completed', { type: 'remove' })).toMatchObject({ done: 1 });
    expect(await act(['w', 'd'], 'waiting', { type: 'remove' })).toMatchObject({ done: 1 });
    expect(await act(['d'], 'delayed', { type: 'remove' })).toMatchObject({ done: 1 });
    expect(await engine.selection.count({})).toBe(0);

    expect(await engine.actions.restore(QUEUE, copies)).toMatchObject({ handled: 4, done: 4, refused: [] });
    expect(await queue().job(JobId.parse('a'))).toEqual(before);
    expect(await queue().counts()).toMatchObject({ failed: 1, completed: 1, waiting: 1, delayed: 1 });
    expect(why(await engine.actions.restore(QUEUE, copies))).toMatchObject({ a: 'there-again' });
    await queue().promote(JobId.parse('d'));
    await act(['a'], 'failed', retry);
    expect(await run({}, 3)).toHaveLength(3);
  });

  it('puts waiting jobs back in the order they stood in, before those that came meanwhile', async () => {
    const ids = ['w1', 'w2', 'w3', 'p1', 'p2', 'p3'];
    const plain = (jobId: string) => (foreign: BullQueue) => foreign.add('job', {}, { jobId });
    for (const id of ids.slice(0, 3)) await test.foreignQueue(QUEUE, plain(id));
    for (const id of ids.slice(3)) await add(id, { priority: 2 });
    const copies = await engine.actions.copy(QUEUE, ids);
    await act(ids, 'waiting', { type: 'remove' });
    // With nothing left BullMQ counts priorities anew.
    await add('between', { priority: 1 });
    await run({}, 1);
    await test.foreignQueue(QUEUE, plain('w-new'));
    await add('p-new', { priority: 2 });
    const inTurn = [...copies].sort((a, b) => ids.indexOf(b.id) - ids.indexOf(a.id));
    expect(await engine.actions.restore(QUEUE, inTurn)).toMatchObject({ done: 6 });
    expect(await run({}, 8)).toEqual(['w1', 'w2', 'w3', 'w-new', 'p1', 'p2', 'p3', 'p-new']);
  });

  it('puts back that a job is the only one of its kind, for as long as it was to be', async () => {
    const again = async (jobId: string, id: string, ttl?: number): Promise<string> => {
      let got = '';
      await test.foreignQueue(QUEUE, async (foreign) => {
        const deduplication = { id, ...(ttl !== undefined && { ttl }) };
        got = String((await foreign.add('job', {}, { jobId, deduplication })).id);
      });
      return got;
    };
    await again('only', 'for-ever');
    await again('short', 'for-a-moment', 500);
    await again('long', 'for-an-hour', 3_600_000);
    await again('lost', 'taken');
    const ids = ['only', 'short', 'long', 'lost'];
    const copies = await engine.actions.copy(QUEUE, ids);
    expect(await act(ids, 'waiting', { type: 'remove' })).toMatchObject({ done: 4 });
    expect(await again('other', 'taken')).toBe('other');
    await sleep(600);
    expect(await engine.actions.restore(QUEUE, copies)).toMatchObject({ done: 4 });
    expect(await again('second', 'for-ever')).toBe('only');
    expect(await again('third', 'for-an-hour')).toBe('long');
    expect(await again('fourth', 'for-a-moment')).toBe('fourth');
    expect(await again('fifth', 'taken')).toBe('other');
  });

  it('lets a parent wait as before for a failed child that was removed and put back', async () => {
    await engine.addFlow({ queue: QUEUE, name: 'parent', data: {} as never, jobId: 'parent' }, [
      { queue: QUEUE, name: 'late', data: {} as never, jobId: 'late', delayMs: 3_600_000 },
    ]);
    await test.foreignQueue(QUEUE, (foreign) =>
      foreign.add('child', {}, { jobId: 'child', parent: { id: 'parent', queue: foreign.qualifiedName } }),
    );
    await run({ child: 'broken' }, 1);
    const copies = await engine.actions.copy(QUEUE, ['child']);
    expect(await act(['child'], 'failed', { type: 'remove' })).toMatchObject({ done: 1 });
    await engine.actions.restore(QUEUE, copies);
    await queue().promote(JobId.parse('late'));
    await run({}, 1);
    // The failed one is still to come.
    expect(await queue().counts()).toMatchObject({ failed: 1, waitingChildren: 1, waiting: 0 });
    await act(['child'], 'failed', retry);
    expect(await run({}, 2)).toEqual(['child', 'parent']);
  });

  it('refuses to remove what runs, what others wait below, and what failed again since', async () => {
    await add('busy');
    let finish: (value: unknown) => void = () => undefined;
    const held = new Promise((resolve) => (finish = resolve));
    const worker = engine.worker(QUEUE, () => held, { concurrency: 1 });
    await until('it to run', async () => (await queue().counts()).active === 1);
    expect(why(await act(['busy'], 'active', { type: 'remove' }))).toEqual({ busy: 'locked' });
    await engine.addFlow({ queue: QUEUE, name: 'parent', data: {} as never, jobId: 'parent' }, [
      { queue: QUEUE, name: 'child', data: {} as never, jobId: 'child' },
    ]);
    expect(why(await act(['parent'], 'waiting-children', { type: 'remove' }))).toEqual({
      parent: 'has-children',
    });
    // Without its only child the parent waits for nothing.
    expect(await act(['child'], 'waiting', { type: 'remove' })).toMatchObject({ done: 1 });
    expect(await queue().counts()).toMatchObject({ waitingChildren: 0, waiting: 1 });
    finish({});
    await worker.close();
    const [ended] = await engine.actions.copy(QUEUE, ['busy']);
    expect(ended?.state).toBe('completed');
    const stale = { queue: QUEUE, state: 'completed', jobs: [{ id: 'busy', finishedAt: 1 }] } as const;
    expect(why(await engine.actions.act(stale, { type: 'remove' }))).toEqual({ busy: 'moved' });
  });

  it('moves jobs to another queue with all they have, and says in their log where they came from', async () => {
    const other = () => engine.queue(OTHER);
    await add('a', { priority: 2 });
    await add('b');
    await add('late', { delayMs: 60_000 });
    await add('broken');
    await queue().note('b', { type: 'retried', at: new Date(0), by: 'Dana' });
    const move = { type: 'move', to: OTHER, by: 'Dana' } as const;
    expect(await act(['a', 'b', 'nowhere'], 'waiting', move, 'op-move')).toMatchObject({ done: 2 });
    await run({ broken: 'out of order' }, 1);
    expect(await act(['broken'], 'failed', move, 'op-move')).toMatchObject({ done: 1 });
    expect(await act(['late'], 'delayed', move, 'op-move')).toMatchObject({ done: 1 });
    expect(await engine.actions.tally('op-move')).toBe(4);
    expect(await queue().counts()).toMatchObject({ waiting: 0, delayed: 0, failed: 0 });
    expect(await other().counts()).toMatchObject({ waiting: 3, delayed: 1, failed: 0 });

    const moved = await other().job(JobId.parse('b'));
    expect(moved).toMatchObject({ queue: OTHER, state: 'waiting', data: { jobId: 'b' }, attemptsMade: 0 });
    const lines = (await other().logs(JobId.parse('b'), 0, 10)).lines;
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`Moved here from ${QUEUE}, job b, by Dana.`);
    expect(moved?.timeline.some(({ detail }) => detail === `Moved here from ${QUEUE}, job b, by Dana.`)).toBe(
      true,
    );
    expect(await other().job(JobId.parse('a'))).toMatchObject({ priority: 2 });
    expect(await other().job(JobId.parse('broken'))).toMatchObject({ failedReason: null, finishedAt: null });
    expect(await queue().job(JobId.parse('b'))).toBeUndefined();

    const order: string[] = [];
    const worker = engine.worker(
      OTHER,
      (job) => {
        order.push(job.id ?? '');
        return Promise.resolve({});
      },
      { concurrency: 1 },
    );
    await until('the moved jobs to run', async () => (await other().counts()).completed === 3);
    await worker.close();
    expect(order).toEqual(['a', 'b', 'broken']);
  });

  it('moves none whose id is taken there, that belongs to a flow, or that a worker has', async () => {
    await engine.queue(OTHER).add({ name: 'job', data: { first: true }, jobId: 'taken' });
    await add('taken');
    await add('moved-on');
    const move = { type: 'move', to: OTHER, by: 'Dana' } as const;
    const outcome = await act(['taken', 'moved-on'], 'failed', move);
    expect(why(outcome)).toMatchObject({ 'moved-on': 'moved' });
    expect(why(await act(['taken'], 'waiting', move))).toEqual({ taken: 'id-taken' });
    expect(await queue().job(JobId.parse('taken'))).toMatchObject({ data: { jobId: 'taken' } });
    expect(await engine.queue(OTHER).job(JobId.parse('taken'))).toMatchObject({ data: { first: true } });
    const parent = await engine.addFlow(
      { queue: QUEUE, name: 'parent', data: {} as never, jobId: 'parent' },
      [{ queue: QUEUE, name: 'child', data: {} as never, jobId: 'child' }],
    );
    expect(why(await act(['child'], 'waiting', move))).toEqual({ child: 'in-flow' });
    expect(await queue().job(parent)).toMatchObject({ state: 'waiting-children' });
  });

  it('counts an id anew that the queue had counted, so that none is lost to a job of the same number', async () => {
    await test.foreignQueue(QUEUE, async (foreign) => {
      await foreign.add('job', { from: 'here' });
      await foreign.add('job', { from: 'here too' });
    });
    await test.foreignQueue(OTHER, (foreign) => foreign.add('job', { from: 'there' }));
    expect(await act(['1', '2'], 'waiting', { type: 'move', to: OTHER, by: 'Dana' })).toMatchObject({
      done: 2,
    });
    await test.foreignQueue(OTHER, (foreign) => foreign.add('job', { from: 'afterwards' }));
    const { jobs } = await engine.queue(OTHER).jobs('waiting', { start: 0, count: 10, order: 'oldest' });
    expect(jobs.map(({ id }) => String(id)).sort()).toEqual(['1', '2', '3', '4']);
    const { lines } = await engine.queue(OTHER).logs(JobId.parse('3'), 0, 10);
    expect(lines.at(-1)).toContain(`Moved here from ${QUEUE}, job 2, by Dana.`);
    expect(await engine.queue(OTHER).job(JobId.parse('3'))).toMatchObject({ data: { from: 'here too' } });
  });
});
