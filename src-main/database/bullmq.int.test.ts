import { type Job, Queue, QueueEvents, Worker, createPostgresBackend, isPgPool, runMigrations } from 'bullmq';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from './pool';
import { SET_UP_MS, openTestHost, portPool } from './testing/databases';

/** BullMQ's own name for the shape; node-postgres's generic overloads hide it from the type checker. */
function bullPool(pool: Pool) {
  if (!isPgPool(pool)) throw new Error('BullMQ does not take this pool.');
  return pool;
}

/** As in the app: workers beside PGlite, the queue and its events in another process behind a port. */
describe('BullMQ on PGlite', () => {
  let host: Awaited<ReturnType<typeof openTestHost>>;
  let workerPool: Pool;
  let mainPool: Pool;
  let disconnect: () => void;

  beforeAll(async () => {
    host = await openTestHost();
    workerPool = host.createPool();
    ({ pool: mainPool, disconnect } = portPool(host));
    const client = await mainPool.connect();
    await runMigrations(client);
    client.release();
  }, SET_UP_MS);
  afterAll(async () => {
    await Promise.all([workerPool.end(), mainPool.end()]);
    disconnect();
    await host.close();
  });

  test('completes every job once and tells the other process of each', async () => {
    const count = 500;
    const queue = new Queue('port-test', { connection: bullPool(mainPool) }, createPostgresBackend);
    const events = new QueueEvents('port-test', { connection: bullPool(mainPool) }, createPostgresBackend);
    await events.waitUntilReady();
    const completed: string[] = [];
    events.on('completed', ({ jobId }) => completed.push(jobId));
    const runs: string[] = [];
    const worker = new Worker(
      'port-test',
      (job: Job<{ n: number }>) => {
        runs.push(job.id ?? '');
        return Promise.resolve({ doubled: job.data.n * 2 });
      },
      { connection: bullPool(workerPool), concurrency: 10 },
      createPostgresBackend,
    );
    const jobs = await queue.addBulk(
      Array.from({ length: count }, (_, n) => ({ name: 'double', data: { n } })),
    );
    await expect.poll(() => completed.length, { timeout: 50_000 }).toBe(count);
    expect(new Set(runs).size).toBe(count);
    expect(runs).toHaveLength(count);
    expect(await queue.getCompletedCount()).toBe(count);
    expect((await queue.getJob(jobs[7]?.id ?? ''))?.returnvalue).toEqual({ doubled: 14 });
    await worker.close();
    await events.close();
    await queue.close();
  });
});
