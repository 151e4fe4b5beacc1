import { createServer } from 'node:http';
import { Worker } from 'bullmq';
import pg from 'pg';
import { createDatabase } from '../../src-main/database/database';
import { createPgPool } from '../../src-main/database/pool';
import { createPgliteEngine } from '../../src-main/engine/pglite-engine';
import { createRedisEngine } from '../../src-main/engine/redis-engine';
import { createGateways, SANDBOX_SETTINGS } from '../../src-main/providers/gateways';
import { addContacts, launchTo, openStage, quiet } from '../fixtures/campaign-stage';
import { campaignWorkers } from '../fixtures/campaign-worker';
import { LAUNCH, LIMITER_QUEUE, SendPlan, TAKE_ARRIVALS, TELL_CPU, type Said } from './send-plan';
import { campaignMs, openConsole } from './send-stage';

type PlanOf<R extends SendPlan['role']> = Extract<SendPlan, { role: R }>;

const say = (said: Said): void => {
  process.send?.(said);
};

/** One process of a sending benchmark: nothing of the benchmark itself runs in it. */
function main(plan: SendPlan): Promise<void> {
  switch (plan.role) {
    case 'provider':
      return beProvider(plan);
    case 'console':
      return beConsole(plan);
    case 'worker':
      return beWorker(plan);
    case 'embedded':
      return beEmbedded(plan);
    case 'limiter':
      return beLimiter(plan);
    case 'loop':
      return beLoop(plan);
  }
}

function beProvider({ latencyMs }: PlanOf<'provider'>): Promise<void> {
  let times: number[] = [];
  let answered = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    times.push(performance.timeOrigin + performance.now());
    const answer = (): void => {
      answered += 1;
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"wamid.${answered}"}]}`);
    };
    request.resume().once('end', () => {
      if (latencyMs === 0) answer();
      else setTimeout(answer, latencyMs);
    });
  });
  process.on('message', (order) => {
    if (order !== TAKE_ARRIVALS) return;
    say({ type: 'arrivals', times });
    times = [];
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no TCP port was given');
      say({ type: 'ready', url: `http://127.0.0.1:${address.port}` });
      resolve();
    });
  });
}

const gatewaysTo = (apiBaseUrl: string, messagesPerSecond: number) =>
  createGateways({
    ...SANDBOX_SETTINGS,
    whatsapp: { mode: 'cloud-api', apiBaseUrl, phoneNumberId: '1', token: 'secret' },
    messagesPerSecond,
  });

async function beConsole(plan: PlanOf<'console'>): Promise<void> {
  const { engine, servers, providerUrl, recipients, campaigns } = plan;
  const stage = await openConsole(engine, servers, { providerUrl, perSecond: plan.perSecond ?? Infinity });
  const contacts = await addContacts(stage, recipients);
  const round = async (): Promise<void> => {
    await stage.pool.query('DELETE FROM campaigns');
    await stage.pool.query('VACUUM ANALYZE deliveries');
    const launched = await Promise.all(Array.from({ length: campaigns }, () => launchTo(stage, contacts)));
    const took = await Promise.all(
      launched.map(({ campaignId }) => campaignMs(stage, campaignId, recipients)),
    );
    say({ type: 'ended', ms: Math.max(...took) });
  };
  process.on('message', (order) => {
    if (order === LAUNCH) void round().catch(giveUp);
  });
  say({ type: 'ready' });
}

async function beWorker({ queues, databaseUrl, providerUrl, concurrency }: PlanOf<'worker'>): Promise<void> {
  const pool = createPgPool(databaseUrl, { max: 20 });
  const engine =
    queues.engine === 'redis' ? createRedisEngine({ url: queues.url }) : createPgliteEngine({ pool });
  await engine.ready();
  // What this process is set to does not count: the sender's row says how fast it may send.
  const gateways = gatewaysTo(providerUrl, 1);
  await campaignWorkers({
    engine,
    database: createDatabase(pool),
    gateways,
    logger: quiet,
    concurrency,
  }).start();
  process.on('message', (order) => {
    if (order !== TELL_CPU) return;
    const { user, system } = process.cpuUsage();
    say({ type: 'cpu', ms: (user + system) / 1_000 });
  });
  say({ type: 'ready' });
}

async function beEmbedded({ providerUrl, recipients, perSecond }: PlanOf<'embedded'>): Promise<void> {
  const stage = await openStage('embedded');
  stage.gateways.configure(gatewaysTo(providerUrl, perSecond ?? Infinity).settings());
  const contacts = await addContacts(stage, recipients);
  const { campaignId } = await launchTo(stage, contacts);
  const host = campaignWorkers(stage);
  await host.start();
  const ms = await campaignMs(stage, campaignId, recipients);
  await host.shutdown();
  await stage.close();
  say({ type: 'ended', ms });
}

function beLimiter({ redisUrl, providerUrl, perSecond }: PlanOf<'limiter'>): Promise<void> {
  const { hostname: host, port } = new URL(redisUrl);
  const worker = new Worker(
    LIMITER_QUEUE,
    async () => {
      await (await fetch(providerUrl, { method: 'POST', body: '{}' })).arrayBuffer();
    },
    {
      connection: { host, port: Number(port) },
      concurrency: perSecond,
      limiter: { max: perSecond, duration: 1_000 },
    },
  );
  return worker.waitUntilReady().then(() => say({ type: 'ready' }));
}

async function beLoop({ databaseUrl, providerUrl, messages }: PlanOf<'loop'>): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(`CREATE TABLE loop_messages (id SERIAL PRIMARY KEY, phone TEXT, status TEXT, sent_at TIMESTAMPTZ);
    INSERT INTO loop_messages (phone, status) SELECT '+9665' || n, 'pending' FROM generate_series(1, ${messages}) AS n`);
  const { rows } = await client.query<{ id: number; phone: string }>('SELECT id, phone FROM loop_messages');
  const startedAt = performance.now();
  for (const { id, phone } of rows) {
    const body = JSON.stringify({
      messaging_product: 'whatsapp',
      to: phone,
      type: 'text',
      text: { body: 'Hello' },
    });
    const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' };
    const response = await fetch(providerUrl, { method: 'POST', headers, body });
    const status = response.ok ? 'sent' : 'failed';
    await response.arrayBuffer();
    await client.query('UPDATE loop_messages SET status = $1, sent_at = now() WHERE id = $2', [status, id]);
  }
  say({ type: 'ended', ms: performance.now() - startedAt });
  await client.end();
}

function giveUp(error: unknown): void {
  console.error(error);
  process.exit(1);
}

main(SendPlan.parse(JSON.parse(process.argv[2] ?? ''))).catch(giveUp);
