import { Redis } from 'ioredis';
import { bundle } from '../../src-main/imports/testing/bundle';
import type { Bench, BenchRun } from './bench';
import { LAUNCH, TELL_CPU, type Servers } from './send-plan';
import { startProcess, startProvider, startServers, type Provider, type SendProcess } from './send-process';
import { median } from './statistics';

const SAMPLE_MS = 25;

interface Scene extends BenchRun {
  readonly program: string;
  readonly provider: Provider;
  readonly servers: Servers;
}

/**
 * A campaign without a limit: one worker process, the ledger on PostgreSQL, the queues on Redis, over real HTTP
 * to a provider in a process of its own that answers at once. From the first job to the last outcome written
 * down. `workerCpuMicrosPerMessage` is the processor time of the worker process, which tells more than the rate
 * where others use the machine. `redisBytesPerRecipient` is how much more memory Redis has at its most than just before the launch.
 * `pgliteMessagesPerSecond`: console, worker and database in one process. The peer is a job that loops over its
 * contacts: one request by `fetch` and one row update each, on the same servers.
 */
export const send: Bench = {
  summary: 'how fast a campaign goes that nothing limits, and what it takes of Redis’s memory',
  options: {
    recipients: { help: 'recipients of the campaign', default: 20_000 },
    rounds: { help: 'counted rounds, after one that warms up', default: 3 },
    'pglite-recipients': { help: 'recipients on the embedded database', default: 5_000 },
    'loop-messages': { help: 'messages that the looping job sends', default: 2_000 },
  },
  async run(run) {
    const { option, progress, resources } = run;
    const child = await bundle('e2e/bench/send-child.ts');
    resources.add(child.dispose);
    const servers = await startServers(resources);
    const provider = await startProvider(child.path, 0, resources);
    const scene: Scene = { ...run, program: child.path, provider, servers };

    const { rates, bytes, cpu } = await sendShared(scene);
    const providerUrl = provider.url;
    const recipients = option('pglite-recipients');
    const embedded = { role: 'embedded', providerUrl, recipients, perSecond: null } as const;
    const { ms: pgliteMs } = await startProcess(child.path, embedded, resources).said('ended');
    progress(`pglite: ${Math.round((recipients * 1_000) / pgliteMs)}/s`);
    const messages = option('loop-messages');
    const { databaseUrl } = servers;
    const loop = { role: 'loop', databaseUrl, providerUrl, messages } as const;
    const { ms: loopMs } = await startProcess(child.path, loop, resources).said('ended');
    const messagesPerSecond = median(rates);
    const loopMessagesPerSecond = (messages * 1_000) / loopMs;
    return {
      engine: 'redis, pglite',
      results: {
        messagesPerSecond,
        workerCpuMicrosPerMessage: median(cpu),
        redisBytesPerRecipient: Math.max(...bytes),
        pgliteMessagesPerSecond: (recipients * 1_000) / pgliteMs,
        timesFasterThanLoop: messagesPerSecond / loopMessagesPerSecond,
      },
      peers: { loopMessagesPerSecond },
    };
  },
};

async function sendShared({
  option,
  progress,
  resources,
  program,
  provider,
  servers,
}: Scene): Promise<{ rates: number[]; bytes: number[]; cpu: number[] }> {
  const recipients = option('recipients');
  const desk = startProcess(
    program,
    {
      ...{ role: 'console', engine: 'redis', servers, providerUrl: provider.url },
      ...{ recipients, campaigns: 1, perSecond: null },
    },
    resources,
  );
  await desk.said('ready');
  const redis = new Redis(servers.redisUrl);
  resources.add(() => redis.disconnect());
  const worker = startProcess(
    program,
    {
      ...{ role: 'worker', queues: { engine: 'redis', url: servers.redisUrl }, concurrency: 5 },
      ...{ databaseUrl: servers.databaseUrl, providerUrl: provider.url },
    },
    resources,
  );
  await worker.said('ready');
  const rates: number[] = [];
  const bytes: number[] = [];
  const cpu: number[] = [];
  for (let round = 0; round <= option('rounds'); round += 1) {
    const memory = await watchMemory(redis);
    const cpuBefore = await cpuMs(worker);
    const ended = desk.said('ended');
    desk.child.send(LAUNCH);
    const { ms } = await ended;
    rates.push((recipients * 1_000) / ms);
    bytes.push((await memory.most()) / recipients);
    cpu.push((((await cpuMs(worker)) - cpuBefore) * 1_000) / recipients);
    await provider.arrivals();
    const [rate = 0, size = 0, micros = 0] = [rates.at(-1), bytes.at(-1), cpu.at(-1)];
    progress(
      `${Math.round(rate)}/s, ${Math.round(micros)} µs of the worker a message, ${size.toFixed(1)} bytes a recipient`,
    );
  }
  await worker.end();
  return { rates: rates.slice(1), bytes: bytes.slice(1), cpu: cpu.slice(1) };
}

async function cpuMs(worker: SendProcess): Promise<number> {
  const said = worker.said('cpu');
  worker.child.send(TELL_CPU);
  return (await said).ms;
}

/** How much more memory Redis has at its most, from now on. */
async function watchMemory(redis: Redis): Promise<{ most(): Promise<number> }> {
  const used = async (): Promise<number> =>
    Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
  const before = await used();
  let most = before;
  const look = async (): Promise<void> => {
    most = Math.max(most, await used());
  };
  const timer = setInterval(() => void look(), SAMPLE_MS);
  return {
    most: async () => {
      clearInterval(timer);
      await look();
      return most - before;
    },
  };
}
