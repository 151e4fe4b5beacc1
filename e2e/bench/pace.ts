import { Queue } from 'bullmq';
import { z } from 'zod';
import { bundle } from '../../src-main/imports/testing/bundle';
import { mostWithin, steadyPerSecond } from './arrivals';
import type { Bench, BenchResult, BenchRun } from './bench';
import { LAUNCH, LIMITER_QUEUE, type Servers } from './send-plan';
import { startProcess, startProvider, startServers, type Provider } from './send-process';

const ENGINES = ['redis', 'postgres', 'pglite'] as const;
const engines = z.enum(ENGINES);
/** The first and the last second are not steady. */
const EDGE_MS = 1_000;
const PEER_SECONDS = 6;

interface Scene extends BenchRun {
  readonly program: string;
  readonly provider: Provider;
  readonly servers: Servers;
}

/**
 * One sender, several worker processes, the real way from launch to request, and a provider in a process of its
 * own that stamps what arrives. Beside it BullMQ's own limiter at the same rate in as many processes. The
 * embedded database has one process: there `--processes` counts for the limiter only.
 */
export const pace: Bench = {
  summary: 'whether several worker processes keep one sender’s rate, as the provider sees it',
  options: {
    rate: { help: 'messages a second of the sender', default: 80 },
    processes: { help: 'worker processes', default: 3 },
    seconds: { help: 'how long to send', default: 20 },
    latency: { help: 'ms until the provider answers', default: 100 },
    engine: { help: 'what carries queues and pacing', default: 'redis', choices: ENGINES },
  },
  async run(run): Promise<BenchResult> {
    const { option, progress, resources } = run;
    const child = await bundle('e2e/bench/send-child.ts');
    resources.add(child.dispose);
    const servers = await startServers(resources);
    const provider = await startProvider(child.path, option('latency'), resources);
    const scene: Scene = { ...run, program: child.path, provider, servers };
    const engine = engines.parse(run.choice('engine'));

    await (engine === 'pglite' ? sendEmbedded(scene) : sendShared(scene, engine));
    const times = await provider.arrivals();
    const results = {
      meanPerSecond: steadyPerSecond(times, EDGE_MS),
      maxPerSecond: mostWithin(times, 1_000),
      maxPer100ms: mostWithin(times, 100),
      messages: times.length,
    };
    progress(`${engine}: ${JSON.stringify(results)}`);
    await sendLimited(scene);
    const limited = await provider.arrivals();
    return {
      engine,
      results,
      peers: {
        bullmqLimiterMaxPerSecond: mostWithin(limited, 1_000),
        bullmqLimiterMaxPer100ms: mostWithin(limited, 100),
      },
    };
  },
};

/** A campaign for each process, all through one sender; a process takes one batch at a time. */
async function sendShared(
  { option, progress, resources, program, provider, servers }: Scene,
  engine: 'redis' | 'postgres',
): Promise<void> {
  const perSecond = option('rate');
  const queues = engine === 'redis' ? { engine, url: servers.redisUrl } : { engine };
  const recipients = Math.ceil((perSecond * option('seconds')) / option('processes'));
  const desk = startProcess(
    program,
    {
      ...{ role: 'console', engine, servers, providerUrl: provider.url },
      ...{ recipients, campaigns: option('processes'), perSecond },
    },
    resources,
  );
  // It makes the tables, which workers whose queues are on PostgreSQL wait for.
  await desk.said('ready');
  const workers = Array.from({ length: option('processes') }, () =>
    startProcess(
      program,
      {
        ...{ role: 'worker', queues, concurrency: 1 },
        ...{ databaseUrl: servers.databaseUrl, providerUrl: provider.url },
      },
      resources,
    ),
  );
  await Promise.all(workers.map((worker) => worker.said('ready')));
  progress(`${workers.length} workers are ready`);
  const ended = desk.said('ended');
  desk.child.send(LAUNCH);
  await ended;
  await Promise.all(workers.map((worker) => worker.end()));
}

async function sendEmbedded({ option, resources, program, provider }: Scene): Promise<void> {
  const perSecond = option('rate');
  const recipients = perSecond * option('seconds');
  const plan = { role: 'embedded', providerUrl: provider.url, recipients, perSecond } as const;
  await startProcess(program, plan, resources).said('ended');
}

async function sendLimited({
  option,
  progress,
  resources,
  program,
  provider,
  servers,
}: Scene): Promise<void> {
  const perSecond = option('rate');
  const { hostname: host, port } = new URL(servers.redisUrl);
  const queue = new Queue(LIMITER_QUEUE, { connection: { host, port: Number(port) } });
  resources.add(() => queue.close());
  const { redisUrl } = servers;
  const workers = Array.from({ length: option('processes') }, () =>
    startProcess(program, { role: 'limiter', redisUrl, providerUrl: provider.url, perSecond }, resources),
  );
  await Promise.all(workers.map((worker) => worker.said('ready')));
  progress('BullMQ’s limiter is ready');
  const messages = perSecond * PEER_SECONDS;
  await queue.addBulk(Array.from({ length: messages }, (_, n) => ({ name: 'message', data: { n } })));
  while ((await queue.getCompletedCount()) < messages)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await Promise.all(workers.map((worker) => worker.end()));
}
