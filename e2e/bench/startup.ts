import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { buildIfStale } from '../../scripts/build';
import { findDisplay } from '../../scripts/display';
import { electronRuntime } from '../../scripts/electron-runtime';
import { startPostgres, startRedis } from '../fixtures/services';
import type { Bench, BenchRun } from './bench';
import { launchMeasured, type MeasuredApp, type MeasuredAppOptions } from './measured-app';
import { treeMemory } from './process-memory';
import type { Resources } from './resources';
import { median } from './statistics';

const LIVE_TIMEOUT_MS = 60_000;
/** From the first figures until the memory is looked at. */
const SETTLE_MS = 5_000;

/** One launch of the app, timed from the moment its process was made. */
interface Launch {
  readonly firstContentMs: number;
  readonly liveMs: number;
  readonly memoryMb: number;
}

/** A profile of connection to launch the app with. */
interface Profile {
  readonly engine: 'redis' | 'pglite';
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Launches of the real app, from the process's start until the first paint with content and until the overview
 * has drawn the first figures of its live stream, on Redis with PostgreSQL and on the embedded database. One
 * launch of each profile is not counted: it migrates the database and makes the data folder.
 */
export const startup: Bench = {
  summary: 'from the start of the app to its first content and its first live figures; its memory',
  options: { launches: { help: 'counted launches of each profile', default: 10 } },
  async run(run) {
    const { progress, resources } = run;
    await buildIfStale();
    const runtime = await electronRuntime();
    progress(runtime.why);
    const display = await findDisplay();
    resources.add(() => {
      display.close();
    });
    const stage = { execPath: runtime.execPath, display };
    const redis = await measure(await redisProfile(resources), stage, run);
    const embedded = await measure({ engine: 'pglite', env: {} }, stage, run);
    return {
      engine: 'redis, pglite',
      results: {
        redisFirstContentMs: redis.firstContentMs,
        redisLiveMs: redis.liveMs,
        embeddedFirstContentMs: embedded.firstContentMs,
        embeddedLiveMs: embedded.liveMs,
        redisMemoryMb: redis.memoryMb,
        embeddedMemoryMb: embedded.memoryMb,
        // One figure for both: what the app takes at most.
        memoryMb: Math.max(redis.memoryMb, embedded.memoryMb),
      },
      peers: {},
    };
  },
};

async function redisProfile(resources: Resources): Promise<Profile> {
  const redis = await startRedis();
  resources.add(redis.dispose);
  const postgres = await startPostgres();
  resources.add(postgres.dispose);
  return { engine: 'redis', env: { REDIS_URL: redis.url, DATABASE_URL: await postgres.createDatabase() } };
}

/** The medians of a profile's launches, all on one data folder. */
async function measure(
  profile: Profile,
  stage: Pick<MeasuredAppOptions, 'execPath' | 'display'>,
  { option, progress, resources }: BenchRun,
): Promise<Launch> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'adsapp-bench-'));
  resources.add(() => {
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  const launches: Launch[] = [];
  for (let number = 0; number <= option('launches'); number += 1) {
    const app = await launchMeasured({ ...stage, dataFolder, env: profile.env }, resources);
    const launch = await observe(app, profile.engine, progress);
    await app.close();
    progress(
      `${profile.engine} ${number === 0 ? 'not counted' : number}: first content ${Math.round(launch.firstContentMs)} ms, ` +
        `live ${Math.round(launch.liveMs)} ms, ${Math.round(launch.memoryMb)} MB`,
    );
    if (number > 0) launches.push(launch);
  }
  return {
    firstContentMs: median(launches.map(({ firstContentMs }) => firstContentMs)),
    liveMs: median(launches.map(({ liveMs }) => liveMs)),
    memoryMb: median(launches.map(({ memoryMb }) => memoryMb)),
  };
}

const pageTimes = z.object({ origin: z.number(), firstContent: z.number(), live: z.number() });

/**
 * Waits in the page, without asking again and again, for Chromium's own first contentful paint and for the mark
 * that the overview sets after it has drawn the first live figures.
 */
const WHEN_LIVE = `new Promise((resolve) => {
  const times = {};
  const observer = new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) times[name] ??= startTime;
    const { 'first-contentful-paint': firstContent, 'overview-live': live } = times;
    if (firstContent === undefined || live === undefined) return;
    resolve({ origin: performance.timeOrigin, firstContent, live });
  });
  for (const type of ['paint', 'mark']) observer.observe({ type, buffered: true });
})`;

const engineStatus = z.object({
  ok: z.literal(true),
  value: z.object({ engine: z.object({ kind: z.string(), state: z.string() }) }),
});

async function observe(
  app: MeasuredApp,
  engine: Profile['engine'],
  progress: BenchRun['progress'],
): Promise<Launch> {
  const times = pageTimes.parse(await app.page.evaluate(WHEN_LIVE, LIVE_TIMEOUT_MS));
  const sinceSpawn = (inPage: number): number => times.origin + inPage - app.spawnedAt;
  await assertRunsOn(app, engine);
  await delay(SETTLE_MS);
  const processes = treeMemory(app.pid);
  for (const { name, megabytes } of processes) progress(`    ${Math.round(megabytes)} MB  ${name}`);
  return {
    firstContentMs: sinceSpawn(times.firstContent),
    liveMs: sinceSpawn(times.live),
    memoryMb: processes.reduce((sum, { megabytes }) => sum + megabytes, 0),
  };
}

/** Figures of an engine that is down, or of another one, would be no figures. */
async function assertRunsOn(app: MeasuredApp, engine: Profile['engine']): Promise<void> {
  const status = engineStatus.parse(
    await app.page.evaluate("adsapp.call('app.status', {}).answer", LIVE_TIMEOUT_MS),
  );
  const { kind, state } = status.value.engine;
  if (kind === engine && state === 'up') return;
  throw new Error(
    `The app should run on ${engine}, but its engine is ${kind}, ${state}. It printed:\n${app.output.text()}`,
  );
}
