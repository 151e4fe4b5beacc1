import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MOST_NAMED_BACKLOG, type ChartPoint } from '@shared/contract/charts';
import { createDatabase, type Database } from '../database/database';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from '../database/testing/databases';
import { engineKinds, testEngines, type TestEngine } from '../engine/testing/engines';
import { until } from '../engine/testing/until';
import { ChartsService } from './charts/service';
import { MetricsRecorder } from './metrics-recorder';
import { createQueueMetricsRepository, type QueueMetricsRepository } from './repository';

const QUEUE = 'template-processing';
const HOUR_MS = 3_600_000;

describe.each(engineKinds)('what is recorded of the names that wait on %s', (kind) => {
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
  const recorders: MetricsRecorder[] = [];
  beforeEach(async () => {
    test = await testEngines[kind]();
    await test.engine.queue(QUEUE).pause();
    const row = await db
      .insertInto('organizations')
      .values({ name: randomUUID() })
      .returning('id')
      .executeTakeFirstOrThrow();
    organizationId = row.id;
  });
  afterEach(async () => {
    await Promise.all(recorders.splice(0).map((recorder) => recorder.stop()));
    await test.close();
  });

  const add = async (name: string, times: number): Promise<void> => {
    for (let no = 0; no < times; no += 1) await test.engine.queue(QUEUE).add({ name, data: { no } });
  };
  const record = (): MetricsRecorder => {
    const recorder = new MetricsRecorder({
      ...{ engine: test.engine, repository, organizationId, now: Date.now },
      onProblem: (what, error) => {
        throw new Error(`could not ${what}`, { cause: error });
      },
    });
    recorders.push(recorder);
    recorder.start();
    return recorder;
  };
  const stood = (recorder: MetricsRecorder, name: string) => {
    const now = Math.floor(Date.now() / 1_000);
    return recorder.gauges(QUEUE, now - 300, now + 60, name);
  };
  /** As the Charts screen reads it; of a console that was closed only what is in the database. */
  const lastPoint = async (recorder: MetricsRecorder, name?: string): Promise<ChartPoint | undefined> => {
    const charts = new ChartsService({
      ...{ recorder, repository, engine: test.engine, organizationId },
      files: { save: () => expect.unreachable('nothing is saved') } as never,
    });
    const between = { from: Date.now() - 2 * HOUR_MS, to: Date.now() };
    const { points } = await charts.series({
      queue: QUEUE,
      ...(name !== undefined && { name }),
      window: {
        kind: 'between',
        from: new Date(between.from).toISOString(),
        to: new Date(between.to).toISOString(),
      },
    });
    return points.filter(({ watchedSeconds }) => watchedSeconds > 0).at(-1);
  };

  it('is told apart in the running minute, kept, and read back by the next console', async () => {
    await add('render', 3);
    await add('send', 8);
    const first = record();
    await until('the names', () => stood(first, 'send').backlog === 8);
    for (const [name, backlog] of [
      ['render', 3],
      ['send', 8],
      [undefined, 11],
    ] as const)
      // prettier-ignore
      expect(await lastPoint(first, name)).toMatchObject({ backlog });
    await first.stop();

    // `render` is gone when the next console begins: it has nothing, though others wait.
    for (const { id } of (
      await test.engine.queue(QUEUE).jobs('waiting', { start: 0, count: 3, order: 'oldest' })
    ).jobs)
      await test.engine.queue(QUEUE).remove(id);
    const idle = new MetricsRecorder({
      ...{ engine: test.engine, repository, organizationId, now: Date.now, onProblem: () => undefined },
    });
    for (const [name, backlog] of [
      ['render', 3],
      ['send', 8],
      [undefined, 11],
    ] as const)
      // prettier-ignore
      expect(await lastPoint(idle, name)).toMatchObject({ backlog, etaSeconds: null });
    expect((await lastPoint(idle, 'send'))?.oldestSeconds).toBeGreaterThan(0);
    expect(await repository.namesSince(organizationId, new Date(Date.now() - HOUR_MS))).toHaveLength(2);
    const second = record();
    await until('the names', () => stood(second, 'render').backlog === 0);
    expect(stood(second, 'send').backlog).toBe(8);
  });

  it('is unknown where more wait than are looked at, and nobody is asked', async () => {
    await add('render', 1);
    const scan = vi.spyOn(test.engine.selection, 'scan');
    const snapshot = await test.engine.snapshot();
    vi.spyOn(test.engine, 'snapshot').mockResolvedValue(
      snapshot.map((each) => ({ ...each, counts: { ...each.counts, waiting: MOST_NAMED_BACKLOG + 1 } })),
    );
    const recorder = record();
    await until('the queue', () => stood(recorder, '').backlog === MOST_NAMED_BACKLOG + 1);
    await recorder.stop();
    expect(scan).not.toHaveBeenCalled();
    expect(await lastPoint(recorder, 'render')).toMatchObject({ backlog: null, oldestSeconds: null });
    expect(await lastPoint(recorder)).toMatchObject({ backlog: MOST_NAMED_BACKLOG + 1 });
  });
});
