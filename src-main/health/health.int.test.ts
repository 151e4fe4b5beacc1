import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineFacts, EnginePoint, METRICS_DAYS } from '@shared/contract/health';
import { createDatabase, type Database } from '../database/database';
import { migrate } from '../database/migrate';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from '../database/testing/databases';
import { engineKinds, testEngines, type TestEngine } from '../engine/testing/engines';
import { EngineRecorder } from './recorder';
import { createEngineMetricsRepository } from './repository';
import { createHealthService, type HealthDependencies } from './service';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-01T12:00:30Z');

describe.each(engineKinds)('the health of the engine on %s', (kind) => {
  let stores: TestDatabase;
  let database: Database;
  let test: TestEngine;
  let deps: HealthDependencies;
  let now = NOW;
  beforeAll(async () => {
    stores = await openTestDatabase('postgres');
    await migrate(stores.pool);
    database = createDatabase(stores.pool);
    const { id } = await database
      .insertInto('organizations')
      .values({ name: 'Mill' })
      .returning('id')
      .executeTakeFirstOrThrow();
    test = await testEngines[kind]();
    deps = {
      engine: test.engine,
      repository: createEngineMetricsRepository(database),
      organizationId: id,
      logger: { warn: (message) => expect.unreachable(message) },
      now: () => now,
    };
  }, SET_UP_MS);
  afterAll(async () => {
    await test.close();
    await stores.close();
  });

  it('is told with its version, how it saves, and how long a round trip takes', async () => {
    const { health, facts, label } = await createHealthService(deps).engine();
    expect(health.state).toBe('up');
    expect(label).not.toBe('');
    expect(EngineFacts.parse(facts)).toEqual(facts);
    expect(facts?.version).toMatch(/^\d+\.\d+/);
    expect(facts?.uptimeSeconds).toBeGreaterThanOrEqual(0);
    expect(facts?.latency?.medianMs).toBeGreaterThan(0);
    if (kind === 'redis') {
      expect(facts?.memory.usedBytes).toBeGreaterThan(100_000);
      expect(facts?.clients).toBeGreaterThan(0);
      expect(facts?.memory.evictionPolicy).toBe('noeviction');
    } else {
      expect(facts?.storageBytes).toBeGreaterThan(1_000_000);
      expect(facts?.persistence).toBe('files');
    }
  });

  it('is kept minute by minute; a minute without a reading is a gap and no zero', async () => {
    const recorder = new EngineRecorder({ ...deps, keepDays: METRICS_DAYS, onProblem: fail });
    for (const minutes of [10, 9, 7]) {
      now = NOW - minutes * MINUTE;
      await recorder.measure();
      await recorder.keepMinute();
    }
    now = NOW;
    const { stepSeconds, points } = await createHealthService(deps).engineHistory(15);
    expect(stepSeconds).toBe(60);
    expect(points).toHaveLength(15);
    for (const point of points) expect(EnginePoint.parse(point)).toEqual(point);
    // Each reading is that of the minute that has just ended.
    const watched = points.filter(({ latencyMs }) => latencyMs !== null).map(({ at }) => at.slice(11, 16));
    expect(watched).toEqual(['11:49', '11:50', '11:52']);
    const [reading] = points.filter(({ latencyMs }) => latencyMs !== null);
    expect(reading?.[kind === 'redis' ? 'memoryBytes' : 'storageBytes']).toBeGreaterThan(100_000);
    const other = await createHealthService({ ...deps, engine: renamed() }).engineHistory(15);
    expect(other.points.every(({ latencyMs }) => latencyMs === null)).toBe(true);
  });

  it('is drawn in at most 400 steps, whatever the time', async () => {
    const service = createHealthService(deps);
    for (const minutes of [60, 1_440, 10_080, METRICS_DAYS * 1_440]) {
      const { points } = await service.engineHistory(minutes);
      expect(points.length).toBeGreaterThan(50);
      expect(points.length).toBeLessThanOrEqual(400);
    }
  });

  it('is forgotten after 90 days, and so is what the queues did', async () => {
    const { organizationId } = deps;
    const old = new Date(NOW - (METRICS_DAYS + 1) * 1_440 * MINUTE);
    const young = new Date(NOW - (METRICS_DAYS - 1) * 1_440 * MINUTE);
    for (const minute of [old, young]) {
      const queue = { organization_id: organizationId, queue_name: 'bulk-messages', minute };
      await database.insertInto('queue_metrics').values(queue).execute();
      const engine = { organization_id: organizationId, engine: 'redis elsewhere', minute };
      await database.insertInto('engine_metrics').values(engine).execute();
    }
    await new EngineRecorder({ ...deps, keepDays: METRICS_DAYS, onProblem: fail }).tidy();
    for (const table of ['queue_metrics', 'engine_metrics'] as const) {
      const rows = await database
        .selectFrom(table)
        .select('minute')
        .where('organization_id', '=', organizationId)
        .where('minute', '<', new Date(NOW - 1_440 * MINUTE))
        .execute();
      expect(rows.map(({ minute }) => minute)).toEqual([young]);
      await database.deleteFrom(table).where('minute', '=', young).execute();
    }
  });

  it('says why there are no vitals where the engine is up and does not let us ask', async () => {
    const refuses = (): Promise<never> => Promise.reject(new Error('NOPERM'));
    const up = createHealthService({ ...deps, engine: { ...renamed(), vitals: refuses } });
    await expect(up.vitals(1_000)).rejects.toThrow('NOPERM');
    const away = createHealthService({
      ...deps,
      engine: { ...renamed(), health: () => ({ ...test.engine.health(), state: 'down' }), vitals: refuses },
    });
    expect(await away.vitals(1_000)).toBeNull();
  });

  const renamed = (): HealthDependencies['engine'] => ({
    kind: test.engine.kind,
    label: 'somewhere else',
    health: () => test.engine.health(),
    ping: () => test.engine.ping(),
    vitals: () => test.engine.vitals(),
  });
});

const fail = (what: string, error: unknown): never => expect.unreachable(`${what}: ${String(error)}`);
