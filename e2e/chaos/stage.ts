import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { connectConsole, type ConsoleRpc } from '../fixtures/console-rpc';
import { startNodeProgram, type NodeProgram } from '../fixtures/node-program';
import { startPostgres, type PostgresServer } from '../fixtures/postgres';
import { startRedis, type RedisServer } from '../fixtures/redis';
import { freePort } from '../fixtures/server-process';
import { projectFolder } from '../../scripts/project';
import { endWithUs } from '../../scripts/reaper';
import type { Disturbance } from './disturbances';

export const APP_SECRET = 'chaos-app-secret-of-meta';
export const RESEND_SECRET = `whsec_${Buffer.from('chaos signing secret').toString('base64')}`;
const API_TOKEN = 'chaos-api-token';
const CONSOLE_TOKEN = 'chaos-console-token';
const READY_MS = 90_000;

/** Everything that a chaos run is made of; each part really runs, in a process of its own. */
export interface ChaosStage {
  readonly url: string;
  readonly token: string;
  readonly providerLog: string;
  /** A connection to the console as it runs now. */
  console(): Promise<ConsoleRpc>;
  disturb(disturbance: Disturbance): Promise<void>;
  /** What the programs printed, for a report. */
  output(): string;
  close(): Promise<void>;
}

export interface ChaosStageOptions {
  readonly profile: 'shared' | 'embedded';
  readonly seed: string;
  /** Of each channel. */
  readonly messagesPerSecond: number;
}

/** Starts provider, servers, the app and, on the shared profile, two worker processes. */
export async function openChaosStage({
  profile,
  seed,
  messagesPerSecond,
}: ChaosStageOptions): Promise<ChaosStage> {
  const settings = { whatsapp: { messagesPerSecond }, email: { emailsPerSecond: messagesPerSecond } };
  const folder = mkdtempSync(join(tmpdir(), 'adsapp-chaos-'));
  const providerLog = join(folder, 'provider.ndjson');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const provider = startProvider(seed, providerLog, url);
  const stores = profile === 'shared' ? await startStores() : null;
  const providerUrl = await provider.url;
  const env = {
    ...(stores === null ? {} : { REDIS_URL: stores.redis.url, DATABASE_URL: stores.databaseUrl }),
    WHATSAPP_ACCESS_TOKEN: 'chaos-token',
    WHATSAPP_PHONE_NUMBER_ID: '1',
    WHATSAPP_API_BASE_URL: providerUrl,
    WHATSAPP_APP_SECRET: APP_SECRET,
    RESEND_API_KEY: 're_chaos',
    RESEND_FROM_EMAIL: 'chaos@example.com',
    RESEND_BASE_URL: providerUrl,
    RESEND_WEBHOOK_SECRET: RESEND_SECRET,
  };
  const running = new Set<NodeProgram>();
  /** Of programs that were killed: their files go with them. */
  const printed: string[] = [];
  const kill = async (program: NodeProgram): Promise<void> => {
    printed.push(program.output.text());
    running.delete(program);
    await program.kill();
  };
  const launch = async (
    name: 'serve' | 'worker',
    data: string,
    args: string[] = [],
  ): Promise<NodeProgram> => {
    const dataFolder = join(folder, data);
    mkdirSync(dataFolder, { recursive: true });
    writeFileSync(join(dataFolder, 'settings.json'), JSON.stringify(settings));
    const program = startNodeProgram(name, args, { env, dataFolder });
    running.add(program);
    await program.output.waitFor(/^ready$/m, READY_MS);
    return program;
  };
  const launchApp = (): Promise<NodeProgram> =>
    launch('serve', 'app', ['--port', String(port), '--token', API_TOKEN, '--console-token', CONSOLE_TOKEN]);
  const launchWorker = (n: number): Promise<NodeProgram> => launch('worker', `worker-${n}`);

  let app = await launchApp();
  const workers = stores === null ? [] : [await launchWorker(0), await launchWorker(1)];

  const disturb = async ({ kind, awayMs }: Disturbance): Promise<void> => {
    switch (kind) {
      case 'kill-worker-0':
      case 'kill-worker-1': {
        const n = Number(kind.at(-1));
        if (workers[n] !== undefined) await kill(workers[n]);
        await delay(awayMs);
        workers[n] = await launchWorker(n);
        return;
      }
      case 'kill-app':
        await kill(app);
        await delay(awayMs);
        app = await launchApp();
        return;
      case 'kill-background':
        for (const pid of childrenOf(app.pid)) process.kill(pid, 'SIGKILL');
        return;
      default:
        if (stores === null) throw new Error(`there is no ${kind} on the embedded profile`);
        await disturbStores(stores, kind, awayMs);
    }
  };

  return {
    url,
    token: API_TOKEN,
    providerLog,
    disturb,
    console: () => connectConsole(`${url}/?token=${CONSOLE_TOKEN}`),
    output: () => [...printed, ...[...running].map(({ output }) => output.text())].join('\n'),
    async close() {
      await Promise.all([app, ...workers].map((program) => program.kill()));
      provider.child.kill('SIGKILL');
      await stores?.redis.dispose();
      await stores?.postgres.dispose();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

interface Stores {
  readonly redis: RedisServer;
  readonly postgres: PostgresServer;
  readonly databaseUrl: string;
}

async function startStores(): Promise<Stores> {
  const [redis, postgres] = await Promise.all([startRedis({ persistence: 'everysec' }), startPostgres()]);
  return { redis, postgres, databaseUrl: await postgres.createDatabase() };
}

async function disturbStores(
  { redis, postgres, databaseUrl }: Stores,
  kind: string,
  awayMs: number,
): Promise<void> {
  const away = async (server: RedisServer | PostgresServer, end: () => Promise<void>): Promise<void> => {
    await end();
    await delay(awayMs);
    await server.start();
  };
  switch (kind) {
    case 'kill-redis':
      return away(redis, redis.kill);
    case 'restart-redis':
      return away(redis, redis.stop);
    case 'kill-postgres':
      return away(postgres, postgres.kill);
    case 'restart-postgres':
      return away(postgres, postgres.stop);
    case 'end-database-sessions':
      return endSessions(databaseUrl);
    default:
      throw new Error(`unknown disturbance ${kind}`);
  }
}

/** Ends every session of the database but ours, as an administrator or a failover does. */
async function endSessions(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
  } finally {
    await client.end();
  }
}

function startProvider(
  seed: string,
  log: string,
  appUrl: string,
): { child: ChildProcess; url: Promise<string> } {
  const child = spawn(process.execPath, ['--import', 'tsx', join(projectFolder, 'e2e/chaos/provider.ts')], {
    cwd: projectFolder,
    env: {
      ...process.env,
      CHAOS_SEED: seed,
      CHAOS_LOG: log,
      CHAOS_WEBHOOK_URL: `${appUrl}/webhooks/whatsapp`,
      CHAOS_APP_SECRET: APP_SECRET,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  endWithUs(child, 'KILL');
  const url = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', () => {
      reject(new Error('the provider ended'));
    });
  });
  return { child, url };
}

/** The ids of a process's children (Linux and macOS). */
function childrenOf(pid: number): number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  return listed
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, command]) => Number(parent) === pid && command !== 'ps' && command !== 'sh')
    .map(([child]) => Number(child));
}
