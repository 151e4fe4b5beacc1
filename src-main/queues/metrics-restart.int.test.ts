import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChartWanted } from '@shared/contract/charts';
import { QueueName } from '@shared/domain/queues';
import { createDatabase, type Database } from '../database/database';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from '../database/testing/databases';
import { engineKinds, testEngines, type TestEngine } from '../engine/testing/engines';
import { until } from '../engine/testing/until';
import { ChartsService } from './charts/service';
import { MetricsRecorder } from './metrics-recorder';
import { createQueueMetricsRepository, type QueueMetricsRepository } from './repository';

const QUEUE = 'template-processing';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe.each(engineKinds)('a console that begins anew, on %s', (kind) => {
  let stores: TestDatabase;
  let db: Database;
  let repository: QueueMetricsRepository;
  beforeAll(async () => {
    stores = await openTestDatabase('postgres');
    db = createDatabase(stores.pool);
    repository = createQueueMetricsRepository(db);
  }, SET_UP_MS);
  afterAll(() => stores.close());

  let test: TestEngine;
  let organizationId: string;
  /** Added to the clock: a test may last as long as it likes. */
  let ahead: number;
  const running: MetricsRecorder[] = [];
  beforeEach(async () => {
    test = await testEngines[kind]();
    const row = await db
      .insertInto('organizations')
      .values({ name: randomUUID() })
      .returning('id')
      .executeTakeFirstOrThrow();
    organizationId = row.id;
    // Ten seconds into a minute.
    ahead = 10 * SECOND - (Date.now() % MINUTE);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((recorder) => recorder.stop()));
    await test.close();
  });

  const now = (): number => Date.now() + ahead;
  const begin = async (): Promise<MetricsRecorder> => {
    const recorder = new MetricsRecorder({
      ...{ engine: test.engine, repository, organizationId, now },
      onProblem: (what, error) => {
        throw new Error(`could not ${what}`, { cause: error });
      },
    });
    running.push(recorder);
    recorder.start();
    await until('the queues', () => recorder.queues().length > 0);
    return recorder;
  };
  const end = async (recorder: MetricsRecorder): Promise<void> => {
    await recorder.stop();
    running.splice(running.indexOf(recorder), 1);
  };
  /** Jobs that end well and jobs that fail, heard by the recorder. */
  const work = async (recorder: MetricsRecorder, done: number, failed: number): Promise<void> => {
    const from = Math.floor(now() / SECOND);
    const heard = () => recorder.measure(QUEUE, from - 5, from + MINUTE);
    const before = heard();
    const worker = test.engine.worker(
      QUEUE,
      ({ data }: { data: { fails: boolean } }) =>
        data.fails ? Promise.reject(new Error('no paper')) : Promise.resolve(),
      { concurrency: 1 },
    );
    for (let no = 0; no < done + failed; no += 1)
      await test.engine.queue(QUEUE).add({ name: 'render', data: { fails: no >= done } });
    await until('the jobs to end', () => {
      const { completed, failed: wrong } = heard();
      return completed - before.completed === done && wrong - before.failed === failed;
    });
    await worker.close();
  };
  const draw = (recorder: MetricsRecorder, wanted: Partial<ChartWanted> = {}, from = repository) =>
    new ChartsService({
      ...{ recorder, engine: test.engine, organizationId, now },
      repository: from,
      files: { save: () => expect.unreachable('nothing is saved') } as never,
    }).series({ queue: QUEUE, window: { kind: 'last', minutes: 15 }, ...wanted });

  it('in the minute in which another ended goes on with it', async () => {
    const first = await begin();
    await work(first, 3, 2);
    ahead += 10 * SECOND;
    await end(first);

    ahead += 5 * SECOND;
    const second = await begin();
    await until('what was kept', () =>
      second.heardSince(QUEUE, now() - MINUTE).stretches.some(({ failed }) => failed === 2),
    );
    await work(second, 1, 1);
    // The minute that runs is what is kept of it and what is measured.
    const hour = { window: { kind: 'last', minutes: 60 } } as const;
    expect((await draw(second, hour)).points.at(-1)).toMatchObject({ completed: 4, failed: 3 });
    ahead += 10 * SECOND;
    await end(second);

    const minute = Math.floor(now() / MINUTE) * MINUTE;
    const range = { from: new Date(minute), to: new Date(minute + MINUTE), stepSeconds: 60 } as const;
    const kept = await repository.steps(organizationId, { ...range, queue: QUEUE }, 'render');
    expect(kept).toHaveLength(2);
    for (const row of kept) expect(row).toMatchObject({ completed: 4, failed: 3, cancelled: 0 });
    expect(kept[0]?.watchedSeconds).toBeGreaterThanOrEqual(20);
    expect(kept[0]?.watchedSeconds).toBeLessThan(45);
  });

  it('draws the last minutes from what was kept, and only what nobody watched as a gap', async () => {
    const first = await begin();
    await work(first, 3, 2);
    const began = Math.floor(now() / MINUTE) * MINUTE;
    // All that it saw itself, it draws in seconds.
    expect((await draw(first)).stepSeconds).toBe(5);
    ahead += 2 * MINUTE;
    await end(first);

    ahead += 5 * MINUTE;
    const second = await begin();
    await work(second, 1, 0);
    const { stepSeconds, points } = await draw(second);
    expect([stepSeconds, points.length]).toEqual([60, 15]);
    const drawn = (minutes: number) =>
      points.find(({ at }) => at === new Date(began + minutes * MINUTE).toISOString());
    expect(drawn(0)).toMatchObject({ completed: 3, failed: 2 });
    expect(drawn(2)).toMatchObject({ completed: 0, failed: 0 });
    for (const minutes of [-1, 3, 4, 5, 6])
      expect(drawn(minutes)).toMatchObject({ watchedSeconds: 0, completed: null });
    expect(drawn(7)).toMatchObject({ completed: 1, failed: 0 });
    expect((await draw(second, { name: 'render' })).points.map(({ completed }) => completed)).toContain(3);
    expect((await draw(second, { queue: undefined })).stepSeconds).toBe(60);

    // Of a queue of which nothing is kept, and of a time that is all its own, seconds.
    expect((await draw(second, { queue: 'bulk-messages' })).stepSeconds).toBe(60);
    const lost: typeof repository = { ...repository, steps: () => Promise.reject(new Error('away')) };
    expect((await draw(second, {}, lost)).stepSeconds).toBe(5);
    ahead += 20 * MINUTE;
    expect((await draw(second, { window: { kind: 'last', minutes: 5 } })).stepSeconds).toBe(5);
  });

  it('keeps nothing of a queue that somebody only asked for', async () => {
    const recorder = await begin();
    const mistyped = QueueName.parse('template-procesing');
    const { points } = await draw(recorder, { queue: mistyped });
    expect(points.every(({ watchedSeconds }) => watchedSeconds === 0)).toBe(true);
    await end(recorder);
    const kept = await db
      .selectFrom('queue_metrics')
      .select('queue_name')
      .where('organization_id', '=', organizationId)
      .execute();
    expect(kept.map(({ queue_name }) => queue_name)).toContain(QUEUE);
    expect(kept.map(({ queue_name }) => queue_name)).not.toContain(mistyped);
  });

  it('has not watched a queue before it was found', async () => {
    const recorder = await begin();
    // Less than what it takes for a machine that sleeps.
    ahead += 50 * SECOND;
    const reports = QueueName.parse('reports');
    await test.foreignQueue('reports', (queue) => queue.add('monthly', {}));
    await test.engine.findQueues();
    recorder.sawSnapshot(await test.engine.snapshot());
    const end = Math.floor(now() / SECOND);
    expect(recorder.watched(end - 40, end, QUEUE)).toBe(40);
    expect(recorder.watched(end - 40, end, reports)).toBeLessThan(5);
    const { points } = await draw(recorder, { queue: reports, window: { kind: 'last', minutes: 5 } });
    expect(points.filter(({ completed }) => completed !== null).length).toBeLessThan(3);
  });
});
