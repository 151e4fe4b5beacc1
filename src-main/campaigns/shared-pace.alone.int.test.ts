import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { firstTooEarly } from '../../e2e/bench/arrivals';
import { addContacts, launchTo, openStage, type Stage } from '../../e2e/fixtures/campaign-stage';
import { startFakeWhatsApp, type FakeWhatsApp } from '../../e2e/fixtures/providers';
import { unwrap } from '@shared/errors';
import { SET_UP_MS } from '../database/testing/databases';
import { SANDBOX_SETTINGS } from '../providers/gateways';
import { SENDER_BURST } from './pace';

const WORKER = fileURLToPath(new URL('../../e2e/fixtures/campaign-worker.ts', import.meta.url));

/**
 * The first answers of the engine are slow ones here, and place the first messages late by half of what they took; those
 * after them are on time again. In messages.
 */
const CLOCK_CORRECTED = 10;
/** From so many ms after an edit on it counts everywhere. Longer than the second that is meant: this machine is busy. */
const FOLLOWED_MS = 2_000;

let fake: FakeWhatsApp;
let stage: Stage;
const workers: ChildProcess[] = [];

const startWorker = async (): Promise<void> => {
  const child = spawn(process.execPath, ['--import', 'tsx', WORKER], {
    env: {
      ...process.env,
      CAMPAIGN_WORKER: '1',
      DATABASE_URL: stage.databaseUrl ?? '',
      REDIS_URL: stage.redisUrl ?? '',
      WHATSAPP_API_BASE_URL: fake.url,
      SILENCE_MS: '30000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  workers.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
};

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  stage = await openStage('shared');
  await Promise.all([startWorker(), startWorker()]);
}, SET_UP_MS);
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await stage.close();
  await fake.close();
});

/** No request is made before this: what is to be sent is committed first. In ms since 1970, as the arrivals are. */
const firstCommittedAt = async (): Promise<number> => {
  const { rows } = await stage.pool.query<{ at: Date }>('SELECT min(sending_at) AS at FROM deliveries');
  return rows[0]?.at.getTime() ?? Infinity;
};

// The workers' own settings name no limit: what they keep is what the sender's row says. The provider is in this busy
// process, which stamps late: what has come by each moment is counted, and not what comes in a window. Apart, the
// workers would send twice as much. `npm run bench -- pace` measures windows.
it('two processes share one limit, and follow an edit of it while they send', async () => {
  stage.gateways.configure({
    ...SANDBOX_SETTINGS,
    whatsapp: { mode: 'cloud-api', apiBaseUrl: fake.url, phoneNumberId: '77', token: 't' },
    messagesPerSecond: 40,
  });
  const contacts = await addContacts(stage, 400);
  const { campaignId } = await launchTo(stage, contacts);
  await launchTo(stage, contacts);
  await vi.waitUntil(() => fake.requests.length >= 200, 60_000);
  const { senders } = stage.campaigns;
  const sender = unwrap(await senders.ofCampaign(campaignId, stage.actor));
  expect(sender).toMatchObject({
    limit: { perSecond: 40, isOwn: false },
    effectivePerSecond: 40,
    slowed: null,
  });
  unwrap(await senders.setLimit(sender?.id ?? '', 10, stage.actor));
  const before = fake.requests.length;
  const followedAt = performance.timeOrigin + performance.now() + FOLLOWED_MS;
  // At 40 a second these take 4 s, and 8 s at 20; at the new limit they take longer.
  await vi.waitUntil(() => fake.requests.length >= before + 160, 90_000);
  const times = fake.requests.map(({ at }) => at);
  const beganAt = await firstCommittedAt();
  const allowedBy = (at: number): number => {
    const fast = Math.min(at, followedAt) - beganAt;
    const slow = Math.max(0, at - followedAt);
    return SENDER_BURST + CLOCK_CORRECTED + (40 * fast + 10 * slow) / 1_000;
  };
  expect(firstTooEarly(times, allowedBy)).toBeNull();

  fake.behave(() => ({ type: 'error', code: 130429 }));
  await vi.waitUntil(
    async () => unwrap(await senders.ofCampaign(campaignId, stage.actor))?.slowed !== null,
    10_000,
  );
  fake.behave(() => ({ type: 'accept' }));
  const slowed = unwrap(await senders.ofCampaign(campaignId, stage.actor));
  expect(slowed).toMatchObject({ limit: { perSecond: 10, isOwn: true }, slowed: { code: '130429' } });
  expect(slowed?.effectivePerSecond).toBeLessThan(6);
  const [first] = await senders.list(stage.actor);
  expect(first?.address).toBe('77');
}, 180_000);
