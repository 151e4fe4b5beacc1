import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CampaignId, OrganizationId, ProfileId } from '@shared/domain/ids';
import { AppFailure } from '@shared/errors';
import { startRedis, type RedisServer } from '../../e2e/fixtures/services';
import type { BullEngine } from './bullmq-engine';
import { createRedisEngine } from './redis-engine';
import { until } from './testing/until';
import { memoryJournal, memoryLogger, nothingDone } from './testing/processors';
import { createWorkerHost } from './worker-host';

const PASSWORD = 'correct horse';

const payload = () => ({
  organizationId: OrganizationId.parse(randomUUID()),
  userId: ProfileId.parse(randomUUID()),
  campaignId: CampaignId.parse(randomUUID()),
  batchNo: 0,
  recipients: 10,
});

describe('a Redis that goes away', () => {
  let redis: RedisServer;
  let engine: BullEngine;
  beforeEach(async () => {
    redis = await startRedis({ persistence: 'always', password: PASSWORD });
    engine = createRedisEngine({ url: redis.url });
    await engine.ready();
  });
  afterEach(async () => {
    await engine.close();
    await redis.dispose();
  });

  const add = () => engine.queue('bulk-messages').add({ name: 'send-bulk-message', data: payload() });
  const refused = async (
    work: () => Promise<unknown>,
  ): Promise<{ code: string; message: string; ms: number }> => {
    const started = Date.now();
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AppFailure)) throw error;
      return { code: error.error.code, message: error.error.message, ms: Date.now() - started };
    }
    throw new Error('it was expected to be refused');
  };

  it('shows within 2 s, refuses commands at once, comes back by itself and lost nothing', async () => {
    const states: string[] = [];
    engine.onHealth((health) => states.push(health.state));
    const before = [await add(), await add()];
    await redis.kill();
    await until('the engine to be down', () => engine.health().state === 'down', 2_000);
    expect(engine.health().problem).toContain(engine.label);
    expect(engine.health().problem).not.toContain(PASSWORD);
    for (const work of [
      add,
      () => engine.queue('bulk-messages').pause(),
      () => engine.snapshot(),
      () => engine.ping(),
    ]) {
      const { code, message, ms } = await refused(work);
      expect(code).toBe('engine_unavailable');
      expect(message).not.toContain(PASSWORD);
      expect(ms).toBeLessThan(200);
    }
    await redis.start();
    await until('the engine to be up again', () => engine.health().state === 'up', 5_000);
    const { jobs } = await engine
      .queue('bulk-messages')
      .jobs('waiting', { start: 0, count: 10, order: 'oldest' });
    expect(jobs.map((job) => job.id)).toEqual(before);
    await add();
    expect((await engine.queue('bulk-messages').counts()).waiting).toBe(3);
    expect(new Set(states)).toEqual(new Set(['down', 'up']));
  });

  it('is found out also when it hangs without closing the connection', async () => {
    redis.freeze();
    await until('the engine to be down', () => engine.health().state === 'down', 5_000);
    expect((await refused(add)).code).toBe('engine_unavailable');
    redis.thaw();
    await until('the engine to be up again', () => engine.health().state === 'up', 5_000);
    await add();
  });

  it('does not lose the result of a job that ends meanwhile, and the events go on', async () => {
    const journal = memoryJournal();
    let end: () => void = () => undefined;
    const host = createWorkerHost({
      engine,
      journal,
      logger: memoryLogger(),
      kind: 'worker',
      version: '0.1.0',
      processors: {
        ...nothingDone,
        'bulk-messages': () =>
          new Promise((resolve) => {
            end = () => resolve({ type: 'done', status: 'completed', result: {} });
          }),
      },
    });
    await host.start();
    let completed = 0;
    engine.onChanges((changes) => {
      for (const change of changes) completed += change.completed;
    });
    const id = await add();
    await until(
      'the job to run',
      async () => (await engine.queue('bulk-messages').job(id))?.state === 'active',
    );
    await redis.kill();
    await until('the engine to be down', () => engine.health().state === 'down', 2_000);
    end();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await redis.start();
    await until('the engine to be up again', () => engine.health().state === 'up', 5_000);
    await until(
      'the result to arrive',
      async () => (await engine.queue('bulk-messages').counts()).completed === 1,
      15_000,
    );
    await until('its event', () => completed === 1);
    expect(journal.entries.filter((entry) => entry.endsWith('started'))).toHaveLength(1);
    const next = await add();
    await until(
      'the next job to run',
      async () => (await engine.queue('bulk-messages').job(next))?.state === 'active',
      15_000,
    );
    end();
    await host.shutdown();
  });

  it('is not up where the password is wrong, and says so without showing it', async () => {
    const wrong = createRedisEngine({ url: redis.url.replace(encodeURIComponent(PASSWORD), 'guess') });
    await until('a problem', () => wrong.health().problem !== null, 5_000);
    expect(wrong.health()).toMatchObject({ state: 'down' });
    expect(wrong.health().problem).toContain('password is wrong');
    expect(wrong.health().problem).not.toContain('guess');
    await wrong.close();
  });
});

it('an engine that was never reached refuses with a clear error, and works once it is there', async () => {
  const redis = await startRedis();
  await redis.stop();
  const engine = createRedisEngine({ url: redis.url });
  await expect(engine.queue('contact-import').counts()).rejects.toMatchObject({
    error: { code: 'engine_unavailable' },
  });
  await redis.start();
  await engine.ready();
  expect((await engine.queue('contact-import').counts()).waiting).toBe(0);
  await engine.close();
  await redis.dispose();
});
