import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toAppError } from '@shared/errors';
import { openStage, type Stage } from '../../e2e/fixtures/campaign-stage';
import { startRedis, type RedisServer } from '../../e2e/fixtures/redis';
import { createAlerts, type Alerts } from '../alerts';
import { memoryJournal } from '../engine/testing/processors';
import { until } from '../engine/testing/until';
import type { Notice } from '../notices/wording';
import { createQueueMetricsRepository } from '../queues/repository';
import { createQueuesService, type QueuesService } from '../queues/service';
import { alertRoutes } from './alerts';
import type { RestDependencies } from './dependencies';
import { problem } from './problems';

const LONG_MS = 40_000;

interface Body {
  readonly [name: string]: unknown;
  readonly incidents?: readonly Seen[];
  readonly incident?: Seen;
}
interface Seen {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly resolution: string | null;
}

describe('alerts over REST, and a Redis that is killed', () => {
  let redis: RedisServer;
  let stage: Stage;
  let queues: QueuesService;
  let alerts: Alerts;
  let api: Hono;
  const notices: Notice[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    stage = await openStage('shared', { redisUrl: redis.url });
    const { engine, database, actor, logger } = stage;
    queues = createQueuesService({
      ...{ engine, logger, organizationId: actor.organizationId },
      journal: memoryJournal(),
      repository: createQueueMetricsRepository(database),
      audit: () => Promise.resolve(),
      onWithdrawn: () => Promise.resolve(),
    });
    queues.start();
    alerts = createAlerts({
      ...{ database, engine },
      databaseHealth: {
        health: () => ({ state: 'up', since: new Date().toISOString(), problem: null }),
        onHealth: () => () => undefined,
      },
      identity: { organizationId: actor.organizationId, profileId: actor.userId, profileName: 'Op' },
      overview: (maxAgeMs) => queues.recentOverview(maxAgeMs),
      heardSince: (name, from) => queues.heardSince(name, from),
      vitals: () => Promise.resolve(null),
      board: {
        notify: (notice) => notices.push(notice),
        setBadge: () => undefined,
        setProgress: () => undefined,
        setAlerts: () => undefined,
        onPause: () => () => undefined,
      },
      choice: () => ({ notifications: true, least: 'info', quiet: null, pausedUntil: null, tray: true }),
      savePause: () => undefined,
      audit: () => Promise.resolve(),
      report: () => undefined,
      clearMs: 300,
      pace: { lookMs: 300, leastMs: 50, readMs: 250 },
    });
    alerts.start();
    // Of the handlers the routes use these alone.
    const deps = { handlers: { alerts: alerts.handlers }, actor } as unknown as RestDependencies;
    api = new Hono();
    api.route('/', alertRoutes(deps));
    api.onError((thrown, c) => problem(c, toAppError(thrown)));
  }, 120_000);
  afterAll(async () => {
    await alerts.close();
    await queues.shutdown();
    await stage.close();
    await redis.dispose();
  });

  const ask = async (path: string, body?: unknown): Promise<{ status: number; body: Body }> => {
    const response = await api.request(path, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };
  const incidents = async (state: string): Promise<readonly Seen[]> =>
    (await ask(`/incidents?state=${state}`)).body.incidents ?? [];

  it(
    'opens an incident when Redis is killed, tells it, takes what is done about it, and ends it when Redis is back',
    async () => {
      const rules = await until('the shipped rules', async () => {
        const found = (await ask('/rules')).body['rules'] as { condition: { kind: string } }[];
        return found.length > 0 && found;
      });
      expect(rules.map(({ condition }) => condition.kind)).toContain('engine-down');
      await until('the engine', () => stage.engine.health().state === 'up', LONG_MS);

      await redis.kill();
      const opened = await until(
        'the incident',
        async () => (await incidents('open')).find(({ kind }) => kind === 'engine-down'),
        LONG_MS,
      );
      await until(
        'the notification',
        () => notices.some(({ title }) => /cannot be reached/.test(title)),
        LONG_MS,
      );

      const path = `/incidents/${opened.id}`;
      expect(await ask(path)).toMatchObject({
        status: 200,
        body: { success: true, incident: { id: opened.id } },
      });
      expect(await ask(`${path}/acknowledge`, {})).toMatchObject({
        status: 200,
        body: { incident: { acknowledgedBy: 'Op' } },
      });
      const snoozed = await ask(`${path}/snooze`, { minutes: 30 });
      expect(snoozed.body.incident).toHaveProperty('snoozedUntil', expect.any(String));
      expect(await ask(`${path}/notes`, { text: 'The machine was restarted' })).toMatchObject({
        status: 200,
      });

      await redis.start();
      await until(
        'the end',
        async () => (await incidents('resolved')).some(({ id }) => id === opened.id),
        LONG_MS,
      );
      expect(await incidents('open')).toEqual([]);
    },
    4 * LONG_MS,
  );

  it('refuses what it does not know, with the field', async () => {
    expect(await ask('/incidents/none')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await ask(`/incidents/${crypto.randomUUID()}`)).toMatchObject({ status: 404 });
    expect(await ask('/incidents?limit=0')).toMatchObject({ status: 400, body: { field: 'limit' } });
    const path = `/incidents/${crypto.randomUUID()}`;
    expect(await ask(`${path}/snooze`, { minutes: 0 })).toMatchObject({
      status: 400,
      body: { field: 'minutes' },
    });
    expect(await ask(`${path}/notes`, { text: '  ' })).toMatchObject({
      status: 400,
      body: { field: 'text' },
    });
  });
});
