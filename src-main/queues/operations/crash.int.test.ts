import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Queue, UnrecoverableError } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OperationId } from '@shared/contract/operations';
import { QueueName } from '@shared/domain/queues';
import { unwrap } from '@shared/errors';
import { createDatabase } from '../../database/database';
import { migrate } from '../../database/migrate';
import { ensureDefaultOrganization, type DefaultOrganization } from '../../database/organizations';
import { createPgPool, type Pool } from '../../database/pool';
import { SET_UP_MS } from '../../database/testing/databases';
import type { BullEngine } from '../../engine/bullmq-engine';
import { createRedisEngine } from '../../engine/redis-engine';
import { memoryJournal, memoryLogger } from '../../engine/testing/processors';
import { until } from '../../engine/testing/until';
import { testDatabaseUrl, testRedisUrl } from '../../../e2e/fixtures/services';
import { createOperations } from '.';

const QUEUE = 'template-processing';
const JOBS = 60;
const CHILD = fileURLToPath(new URL('./testing/operation-child.ts', import.meta.url));

let redisUrl: string;
let databaseUrl: string;
let pool: Pool;
let engine: BullEngine;
let owner: DefaultOrganization;

beforeAll(async () => {
  redisUrl = await testRedisUrl();
  databaseUrl = await testDatabaseUrl();
  pool = createPgPool(databaseUrl, { max: 5, onError: () => undefined });
  await migrate(pool);
  owner = await ensureDefaultOrganization(createDatabase(pool));
  engine = createRedisEngine({ url: redisUrl });
  await engine.ready();
}, SET_UP_MS);
afterAll(async () => {
  await engine.close();
  await pool.end();
});

/** Another program's queue, empty, as it is found. */
const makeKnown = async (name: string): Promise<void> => {
  const foreign = new Queue(name, { connection: { url: redisUrl } });
  await foreign.add('first', {});
  await foreign.drain();
  await foreign.close();
  await engine.findQueues();
};

/** The next one begins with empty queues. */
const clear = async (): Promise<void> => {
  const client = new Redis(redisUrl);
  await client.flushdb();
  client.disconnect();
};

it.each([
  ['a retry', { type: 'retry', canary: null }, QUEUE],
  ['a move', { type: 'move', to: 'parked' }, 'parked'],
] as const)(
  '%s whose console was killed goes on in the next one: every job once, every job counted',
  async (_what, action, into) => {
    if (into !== QUEUE) await makeKnown(into);
    const target = engine.queue(QueueName.parse(into));
    const queue = engine.queue(QUEUE);
    for (let no = 0; no < JOBS; no += 1) await queue.add({ name: 'job', data: { no }, jobId: `job-${no}` });
    const worker = engine.worker(QUEUE, () => Promise.reject(new UnrecoverableError('broken')), {
      concurrency: 10,
    });
    await until('all to fail', async () => (await queue.counts()).failed === JOBS, 30_000);
    await worker.close();

    const args = [
      '--import',
      'tsx',
      CHILD,
      redisUrl,
      databaseUrl,
      owner.organizationId,
      owner.profileId,
      QUEUE,
      JSON.stringify(action),
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let id = '';
    for await (const line of createInterface(child.stdout)) {
      if (line.startsWith('begun ')) id = line.slice('begun '.length);
      if (line.startsWith('done ') && Number(line.slice('done '.length)) >= 10) break;
    }
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    const between = await queue.counts();
    expect(between.failed).toBeGreaterThan(0);
    expect((await target.counts()).waiting).toBeGreaterThanOrEqual(10);

    const { service } = createOperations({
      database: createDatabase(pool),
      engine,
      organizationId: owner.organizationId,
      journal: memoryJournal(),
      logger: memoryLogger(),
      audit: () => Promise.resolve(),
      onWithdrawn: () => Promise.resolve(false),
    });
    service.start();
    const ended = await until(
      'the operation to end',
      async () => {
        const now = unwrap(await service.get(OperationId.parse(id)));
        return now.state === 'completed' ? now : undefined;
      },
      30_000,
    );
    expect(ended).toMatchObject({ total: JOBS, done: JOBS, left: 0 });
    expect(await queue.counts()).toMatchObject({ failed: 0, waiting: into === QUEUE ? JOBS : 0 });
    expect(await target.counts()).toMatchObject({ failed: 0, waiting: JOBS });
    await service.stop();
    await clear();
  },
  90_000,
);
