import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { WorkerHost as WorkerHostShape, type WorkerSettings } from '@shared/contract/workers';
import { fail, ok } from '@shared/errors';
import { testRedisUrl } from '../../e2e/fixtures/services';
import { createRedisEngine } from '../engine/redis-engine';
import { memoryJournal, memoryLogger, nothingDone } from '../engine/testing/processors';
import { createWorkerHost } from '../engine/worker-host';
import { createWorkersService } from './service';

it('lists every host, marks the console’s own, and switches only that one', async () => {
  const engine = createRedisEngine({ url: await testRedisUrl() });
  await engine.ready();
  const host = (kind: 'app' | 'worker') =>
    createWorkerHost({
      engine, kind, processors: nothingDone, journal: memoryJournal(), logger: memoryLogger(), version: '0.1.0',
    }); // prettier-ignore
  const [mine, other] = [host('app'), host('worker')];
  await Promise.all([mine.start(), other.start()]);
  const saved: WorkerSettings[] = [];
  const audited: string[] = [];
  const service = createWorkersService({
    coordination: engine.coordination,
    engine,
    own: {
      settings: () => Promise.resolve(ok({ hostId: mine.id, queues: mine.settings() })),
      configure: async (settings) => ok({ queues: await mine.configure(settings) }),
    },
    save: (settings) => saved.push(settings),
    audit: (record) => {
      audited.push(`${record.action} ${record.target ?? ''}`);
      return Promise.resolve();
    },
  });
  const hosts = await service.list();
  expect(hosts.map((each) => [each.id, each.own, each.kind])).toEqual([
    [mine.id, true, 'app'],
    [other.id, false, 'worker'],
  ]);
  for (const each of hosts) expect(WorkerHostShape.parse(each)).toEqual(each);
  const off: WorkerSettings = { queue: 'contact-import', enabled: false, concurrency: 2 };
  expect(
    await service.configure(off, { organizationId: randomUUID(), userId: randomUUID(), via: 'desktop' }),
  ).toContainEqual(off);
  expect((await service.list()).map((each) => each.queues.length)).toEqual([3, 4]);
  expect(saved).toEqual([off]);
  expect(audited).toEqual(['workers.configure contact-import']);

  const alone = createWorkersService({
    coordination: engine.coordination,
    engine,
    own: {
      settings: () => Promise.resolve(fail({ code: 'background_unavailable', message: 'It is starting.' })),
      configure: () => Promise.resolve(fail({ code: 'background_unavailable', message: 'It is starting.' })),
    },
    save: (settings) => saved.push(settings),
    audit: () => Promise.resolve(),
  });
  expect((await alone.list()).map((each) => each.own)).toEqual([false, false]);
  await expect(alone.settings()).rejects.toMatchObject({ error: { code: 'background_unavailable' } });
  await Promise.all([mine.shutdown(), other.shutdown()]);
  await engine.close();
});
