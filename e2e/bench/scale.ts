import type { Page } from '@playwright/test';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildIfStale } from '../../scripts/build';
import { QueueName } from '../../src-shared/domain/queues';
import { launchElectron } from '../fixtures/electron';
import { startPostgres } from '../fixtures/services';
import { startRedis } from '../fixtures/redis';
import type { Bench, BenchRun } from './bench';
import { framesWhile } from './frames';
import { dragThumb, jumpAbout, turnWheel } from './grid-scroll';
import { treeMemory } from './process-memory';
import { seedJobs, SEEDED } from './queue-stage';
import type { Resources } from './resources';
import { median } from './statistics';
import { type TakeBlocks, watchWindow } from './window-blocks';

/** The part of all jobs that failed, and the part that completed in the same queue: one long list. */
const FAILED_SHARE = 0.167;
const LIST_SHARE = 0.4;
const LOOK_MS = 10_000;
const WAIT_MS = 120_000;
/** Jobs a second that arrive in other queues meanwhile. */
const ARRIVALS = 50;

/**
 * The real window on a Redis with very many jobs in very many queues, while more arrive: what it holds in memory, and
 * whether anything keeps the window or main from answering while one looks on, scrolls, and groups failures.
 */
export const scale: Bench = {
  summary: 'the window on a million jobs in 200 queues: memory, longest tasks, scrolling',
  options: {
    jobs: { help: 'jobs in all queues', default: 1_000_000 },
    queues: { help: 'queues', default: 200 },
  },
  async run(run) {
    const { resources, progress, option } = run;
    await buildIfStale();
    const redis = await startRedis();
    resources.add(redis.dispose);
    const postgres = await startPostgres();
    resources.add(postgres.dispose);
    const others = otherQueues(option('queues') - 4);
    await seed(redis.url, others, run);
    progress('the queues are filled');
    const env = { REDIS_URL: redis.url, DATABASE_URL: await postgres.createDatabase() };
    const { app, page, close, kill } = await launchElectron({ env });
    resources.add(kill);
    const { pid } = app.process();
    if (pid === undefined) throw new Error('The app has ended.');
    const stopArrivals = arrive(redis.url, others, resources);
    const take = await watchWindow(app, page, { sinceOpening: true });
    const window = await goThrough(page, take, Math.round(option('jobs') * LIST_SHARE), run);
    await stopArrivals();
    const memoryMb = treeMemory(pid).reduce((sum, { megabytes }) => sum + megabytes, 0);
    for (const { name, megabytes } of treeMemory(pid)) progress(`${name}: ${Math.round(megabytes)} MB`);
    await close();
    return { engine: 'redis', results: { ...window, memoryMb }, peers: {} };
  },
};

const otherQueues = (count: number): QueueName[] =>
  Array.from({ length: count }, (_, index) => QueueName.parse(`tenant-${String(index).padStart(3, '0')}`));

/** One queue with most of the jobs, the others with a like part of what is left. */
async function seed(
  url: string,
  others: readonly QueueName[],
  { option, progress }: BenchRun,
): Promise<void> {
  const client = new Redis(url);
  const jobs = option('jobs');
  const failed = Math.round(jobs * FAILED_SHARE);
  const listed = Math.round(jobs * LIST_SHARE);
  await seedJobs(client, SEEDED, 'failed', failed);
  await seedJobs(client, SEEDED, 'completed', listed, failed);
  progress(`${failed} failed, ${listed} completed in one queue`);
  const each = Math.floor((jobs - failed - listed) / others.length);
  for (const queue of others) {
    await seedJobs(client, queue, 'completed', each);
    // As BullMQ does with the first job of a queue: by this it is known.
    await client.hset(`bull:${queue}:meta`, 'opts.maxLenEvents', 10_000);
  }
  client.disconnect();
}

/** Jobs that come in, a few queues at a time; returns how to end it. */
function arrive(url: string, others: readonly QueueName[], resources: Resources): () => Promise<void> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queues = others.slice(0, 20).map((name) => new Queue(name, { connection, skipMetasUpdate: true }));
  const going = new AbortController();
  const running = (async () => {
    for (let job = 0; !going.signal.aborted; job += 1) {
      await queues[job % queues.length]?.add('arrival', { job });
      await sleep(1_000 / ARRIVALS);
    }
  })();
  const end = async (): Promise<void> => {
    going.abort();
    await running;
    connection.disconnect();
  };
  resources.add(end);
  return end;
}

async function goThrough(
  page: Page,
  take: TakeBlocks,
  listed: number,
  { option, progress }: BenchRun,
): Promise<Record<string, number>> {
  const main: number[] = [];
  const longTask = async (what: string): Promise<number> => {
    const blocks = await take();
    progress(`${what}: main ${Math.round(blocks.main)} ms, page ${Math.round(blocks.renderer)} ms`);
    main.push(blocks.main);
    return blocks.renderer;
  };
  const others = page.getByRole('grid', { name: 'Other queues, live' });
  await others.waitFor({ timeout: WAIT_MS });
  const found = Number(await others.getAttribute('aria-rowcount')) - 1;
  if (found !== option('queues') - 4) throw new Error(`${String(found)} other queues are listed.`);
  const openingLongTaskMs = await longTask('opening');
  await page.waitForTimeout(LOOK_MS);
  const overviewLongTaskMs = await longTask('looking on');
  await others.scrollIntoViewIfNeeded();
  await turnWheel(page, others);
  const queuesWheelLongTaskMs = await longTask('the list of queues, by the wheel');

  const navigation = page.getByRole('navigation');
  await navigation.getByRole('link', { name: 'Jobs' }).click();
  await page.getByRole('tab', { name: 'Completed' }).click();
  const grid = page.getByRole('grid', { name: 'Jobs of Bulk messages, completed' });
  await grid.getByRole('row').nth(5).waitFor({ timeout: WAIT_MS });
  await longTask('opening the list of jobs');
  const wheel = await framesWhile(page, () => turnWheel(page, grid));
  const wheelLongTaskMs = await longTask('jobs by the wheel');
  const drag = await framesWhile(page, () => dragThumb(page, grid));
  const dragLongTaskMs = await longTask('jobs by the thumb');
  const jumps = await jumpAbout(grid, listed);
  const jumpLongTaskMs = await longTask('jumps');

  const begun = performance.now();
  await navigation.getByRole('link', { name: 'Failures' }).click();
  await page
    .getByRole('grid', { name: 'Failures by cause' })
    .getByRole('row')
    .nth(5)
    .waitFor({ timeout: WAIT_MS });
  const failuresShownMs = performance.now() - begun;
  const failuresLongTaskMs = await longTask('failures by cause');
  return {
    ...{ openingLongTaskMs, overviewLongTaskMs, queuesWheelLongTaskMs },
    ...{ wheelLongTaskMs, wheelFramesPerSecond: wheel.perSecond, wheelFrameP95Ms: wheel.p95Ms },
    ...{ dragLongTaskMs, dragFramesPerSecond: drag.perSecond, dragFrameP95Ms: drag.p95Ms, jumpLongTaskMs },
    ...{ jumpMedianMs: median(jumps), failuresShownMs, failuresLongTaskMs },
    longestMainBlockMs: Math.max(...main),
  };
}
