import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CampaignId, OrganizationId, ProfileId } from '@shared/domain/ids';
import { engineKinds, testEngines, type TestEngine } from './testing/engines';
import { until } from './testing/until';

const QUEUE = 'bulk-messages';
const NONE = { concurrency: null, rate: null };

describe.each(engineKinds)('the limits of a queue on %s', (kind) => {
  let test: TestEngine;
  beforeAll(async () => {
    test = await testEngines[kind]();
  });
  afterAll(() => test.close());

  const add = async (jobs: number): Promise<void> => {
    for (let job = 0; job < jobs; job += 1)
      await test.engine.queue(QUEUE).add({
        name: 'send-bulk-message',
        data: {
          organizationId: OrganizationId.parse(randomUUID()),
          userId: ProfileId.parse(randomUUID()),
          campaignId: CampaignId.parse(randomUUID()),
          batchNo: job,
          recipients: 1,
        },
      });
  };

  it('are none at first, are read as they were set by another console, and can be taken away', async () => {
    const queue = test.engine.queue(QUEUE);
    expect(await queue.limits()).toEqual(NONE);
    const limits = { concurrency: 2, rate: { max: 30, durationMs: 1_500 } };
    await (await test.another()).queue(QUEUE).setLimits(limits);
    expect(await queue.limits()).toEqual(limits);
    await queue.setLimits({ ...NONE, rate: { max: 5, durationMs: 60_000 } });
    expect(await queue.limits()).toEqual({ concurrency: null, rate: { max: 5, durationMs: 60_000 } });
    await queue.setLimits(NONE);
    expect(await queue.limits()).toEqual(NONE);
  });

  it('hold back the workers of all machines together', async () => {
    const queue = test.engine.queue(QUEUE);
    await queue.setLimits({ concurrency: 2, rate: null });
    await add(8);
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 30));
      running -= 1;
    };
    const engines = [test.engine, await test.another()];
    const workers = engines.map((engine) => engine.worker(QUEUE, work, { concurrency: 5 }));
    for (const worker of workers) worker.on('error', (error: Error) => expect.unreachable(error.message));
    await until('all jobs to end', async () => (await queue.counts()).completed === 8);
    expect(most).toBe(2);

    // Five in a window that outlasts the test; the others wait.
    await queue.setLimits({ concurrency: null, rate: { max: 5, durationMs: 120_000 } });
    await add(9);
    await until('five more to end', async () => (await queue.counts()).completed === 13);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { completed, waiting } = await queue.counts();
    expect([completed, waiting]).toEqual([13, 4]);
    await Promise.all(workers.map((worker) => worker.close()));
    await queue.setLimits(NONE);
  });
});
