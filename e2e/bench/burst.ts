import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { buildIfStale } from '../../scripts/build';
import { screen } from '../fixtures/console-page';
import { launchElectron } from '../fixtures/electron';
import { startPostgres, startRedis } from '../fixtures/services';
import type { Bench, BenchRun } from './bench';
import { seedJobs, SEEDED } from './queue-stage';
import { percentile } from './statistics';
import { watchWindow, type TakeBlocks } from './window-blocks';

/** The queue on which single jobs complete while nothing else happens. */
const STEADY = 'template-processing';
const LIVE_MS = 60_000;
const BURST_MS = 120_000;
/** What the app does after its start is another benchmark's. */
const SETTLE_MS = 8_000;
const AFTERWARDS_MS = 3_000;
/** Some of them while the last is still on its way to the screen, some after a pause. */
const GAPS_MS = [20, 45, 80, 130, 210, 340];

/**
 * The real app on a private Redis. First single jobs are completed by a worker elsewhere, each timed from BullMQ's own
 * time of its end until the Overview has painted a count that holds it; then 20,000 events come at once: all
 * failed jobs of a queue are retried by BullMQ itself, and then all of them are completed, while somebody looks at
 * the Overview and at the Charts.
 */
export const burst: Bench = {
  summary: 'from the end of a job to its pixel on the Overview, and the longest task in a burst of events',
  options: {
    events: { help: 'events that come at once', default: 20_000 },
    singles: { help: 'jobs that are timed one by one', default: 200 },
  },
  async run(run) {
    const { option, progress, resources } = run;
    await buildIfStale();
    const redis = await startRedis();
    resources.add(redis.dispose);
    const postgres = await startPostgres();
    resources.add(postgres.dispose);
    const client = new Redis(redis.url, { maxRetriesPerRequest: null });
    resources.add(() => client.disconnect());
    await seedJobs(client, SEEDED, 'failed', option('events'));
    const launched = await launchElectron({
      env: { REDIS_URL: redis.url, DATABASE_URL: await postgres.createDatabase() },
    });
    resources.add(launched.kill);
    const { app, page } = launched;
    await page.locator(`a[href*="state=failed"][href*="${SEEDED}"]`).waitFor({ timeout: LIVE_MS });
    await employNobody(page);
    await delay(SETTLE_MS);
    progress('the app is up, and its own workers are off');

    const times = await eventsToPixels(page, redis.url, run);
    progress(`event to pixel: median ${Math.round(percentile(times, 0.5))} ms of ${times.length}`);

    const take = await watchWindow(app, page);
    await delay(SETTLE_MS);
    const idle = await take();
    const queue = new Queue(SEEDED, { connection: { url: redis.url } });
    resources.add(() => queue.close());
    const retried = await blocksOf(take, async () => {
      await queue.retryJobs({ state: 'failed', count: 1_000 });
      await shown(page, 'waiting', option('events'));
    });
    progress(`retried, on the Overview: ${JSON.stringify(retried)}`);

    await screen(page, 'Charts').click();
    await page.getByRole('img', { name: 'Throughput' }).waitFor();
    await delay(AFTERWARDS_MS);
    await take();
    const completed = await blocksOf(take, () => complete(redis.url, option('events'), run));
    progress(`completed, on the Charts: ${JSON.stringify(completed)}`);
    return {
      engine: 'redis',
      results: {
        events: option('events'),
        eventToPixelMedianMs: percentile(times, 0.5),
        eventToPixelP95Ms: percentile(times, 0.95),
        longestTaskMs: Math.max(retried.main, retried.renderer),
        chartsLongestTaskMs: Math.max(completed.main, completed.renderer),
        // How long main is held up while nothing happens: what the machine adds.
        idleMainMs: idle.main,
      },
      peers: {},
    };
  },
};

/** The app's own workers would take the jobs. */
async function employNobody(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { adsapp } = globalThis as unknown as {
      adsapp: { call: (path: string, input: object) => { answer: Promise<{ ok: boolean }> } };
    };
    for (const queue of ['bulk-messages', 'contact-import', 'template-processing', 'email-notification']) {
      const { ok } = await adsapp.call('workers.configure', { queue, enabled: false, concurrency: 1 }).answer;
      if (!ok) throw new Error(`The workers of ${queue} could not be switched off.`);
    }
  });
}

/** Notes each higher count of completed jobs of a queue, and when it had been painted. As text: what compiles a function here adds to it. */
const watchPaints = (queue: string): string => `{
  globalThis.painted = [];
  let last = 0;
  const look = () => {
    const link = document.querySelector('a[href*="state=completed"][href*="${queue}"]');
    const count = Number((link?.textContent ?? '').replace(/\\D/g, ''));
    if (count > last) {
      last = count;
      // A task after this frame: what was in the document at its beginning has been painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => painted.push({ count, at: performance.timeOrigin + performance.now() });
      port2.postMessage(null);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}`;

const readings = z.array(z.object({ count: z.number(), at: z.number() }));

/** Ms from the end of each job until a count that holds it was painted. */
async function eventsToPixels(page: Page, url: string, { option, resources }: BenchRun): Promise<number[]> {
  await page.evaluate(watchPaints(STEADY));
  const connection = { url, maxRetriesPerRequest: null };
  const ended: number[] = [];
  const worker = new Worker(STEADY, () => Promise.resolve('done'), { connection });
  resources.add(() => worker.close());
  worker.on('completed', ({ finishedOn }) => {
    if (finishedOn !== undefined) ended.push(finishedOn);
  });
  const queue = new Queue(STEADY, { connection });
  resources.add(() => queue.close());
  for (let number = 0; number < option('singles'); number += 1) {
    await queue.add('render', { number });
    await delay(GAPS_MS[number % GAPS_MS.length]);
  }
  await shown(page, 'completed', option('singles'), STEADY);
  await worker.close();
  await delay(500);
  const painted = readings.parse(await page.evaluate('painted'));
  return ended
    .sort((a, b) => a - b)
    .map((at, index) => {
      const pixel = painted.find(({ count }) => count > index);
      if (pixel === undefined) throw new Error(`Job ${index + 1} was never painted.`);
      return pixel.at - at;
    });
}

/** Until the Overview says so many, or more. */
async function shown(page: Page, state: string, least: number, queue: string = SEEDED): Promise<void> {
  await page.waitForFunction(
    ([name, of, count]) => {
      const link = document.querySelector(`a[href*="state=${of}"][href*="${name}"]`);
      return Number((link?.textContent ?? '').replace(/\D/g, '')) >= count;
    },
    [queue, state, least] as const,
    { timeout: BURST_MS },
  );
}

async function blocksOf(take: TakeBlocks, work: () => Promise<void>) {
  await take();
  await work();
  await delay(AFTERWARDS_MS);
  return take();
}

/** Lets workers elsewhere complete all that waits. */
async function complete(url: string, jobs: number, { resources }: BenchRun): Promise<void> {
  const connection = { url, maxRetriesPerRequest: null };
  let left = jobs;
  const worker = new Worker(SEEDED, () => Promise.resolve('done'), { connection, concurrency: 100 });
  resources.add(() => worker.close());
  await new Promise<void>((resolve) => {
    worker.on('completed', () => {
      left -= 1;
      if (left === 0) resolve();
    });
  });
  await worker.close();
}
