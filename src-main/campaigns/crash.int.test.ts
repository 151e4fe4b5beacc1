import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addContacts,
  detailOf,
  launchTo,
  openStage,
  profiles,
  quiet,
  type Stage,
} from '../../e2e/fixtures/campaign-stage';
import { campaignWorkers } from '../../e2e/fixtures/campaign-worker';
import { startFakeWhatsApp, type FakeWhatsApp } from '../../e2e/fixtures/providers';
import { SET_UP_MS } from '../database/testing/databases';
import { SANDBOX_SETTINGS } from '../providers/gateways';

const WORKER = fileURLToPath(new URL('../../e2e/fixtures/campaign-worker.ts', import.meta.url));

let fake: FakeWhatsApp;
beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
afterAll(() => fake.close());

const ended = async (stage: Stage, campaignId: string, timeoutMs: number) => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const detail = await detailOf(stage, campaignId);
    if (detail.state === 'completed' || detail.state === 'paused') return detail;
    if (Date.now() > deadline) throw new Error(`not over: ${JSON.stringify(detail.counts)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

describe.each(profiles)('the whole way on the %s profile', (profile) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(profile);
  }, SET_UP_MS);
  afterAll(() => stage.close());

  it('from launch through the real queue to the last recipient', async () => {
    fake.reset();
    fake.behave(({ to }) => (to.endsWith('5') ? { type: 'error', code: 131026 } : { type: 'accept' }));
    stage.gateways.configure({
      ...SANDBOX_SETTINGS,
      whatsapp: { mode: 'cloud-api', apiBaseUrl: fake.url, phoneNumberId: '9', token: 't' },
      messagesPerSecond: Infinity,
    });
    const contacts = await addContacts(stage, 1_200);
    const { campaignId, jobId } = await launchTo(stage, contacts);
    const host = campaignWorkers({ ...stage, logger: quiet });
    await host.start();
    const detail = await ended(stage, campaignId, 40_000);
    expect(detail).toMatchObject({ outcome: 'partial_success', counts: { accepted: 1_080, failed: 120 } });
    const queue = stage.engine.queue('bulk-messages');
    const parent = await until(async () => {
      const job = jobId === null ? undefined : await queue.job(jobId);
      return job?.state === 'completed' ? job : undefined;
    });
    expect(parent.result).toMatchObject({ total: 1_200, successCount: 1_080, failureCount: 120 });
    await host.shutdown();
    expect(fake.requests).toHaveLength(1_200);
  });
});

describe('workers that are killed', () => {
  const RECIPIENTS = 3_000;
  const SILENCE_MS = 3_000;
  let stage: Stage;
  const workers: ChildProcess[] = [];
  beforeAll(async () => {
    stage = await openStage('shared');
  }, SET_UP_MS);
  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await stage.close();
  });

  const startWorker = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['--import', 'tsx', WORKER], {
      env: {
        ...process.env,
        CAMPAIGN_WORKER: '1',
        DATABASE_URL: stage.databaseUrl ?? '',
        REDIS_URL: stage.redisUrl ?? '',
        WHATSAPP_API_BASE_URL: fake.url,
        SILENCE_MS: String(SILENCE_MS),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    workers.push(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return child;
  };

  it('send nobody twice and lose nobody', async () => {
    fake.reset();
    fake.behave(() => ({ type: 'accept' }), 40);
    stage.gateways.configure({
      ...SANDBOX_SETTINGS,
      whatsapp: { mode: 'cloud-api', apiBaseUrl: fake.url, phoneNumberId: '1', token: 't' },
      messagesPerSecond: Infinity,
    });
    const { campaignId } = await launchTo(stage, await addContacts(stage, RECIPIENTS));
    let victim = await startWorker();
    await startWorker();
    for (const share of [0.15, 0.35, 0.55]) {
      await until(() => (fake.requests.length >= RECIPIENTS * share ? true : undefined), 60_000);
      victim.kill('SIGKILL');
      victim = await startWorker();
    }
    const detail = await ended(stage, campaignId, 90_000);
    const { accepted, unknown } = detail.counts;
    const posted = fake.posted();
    expect(Math.max(...posted.values())).toBe(1);
    expect(accepted + unknown).toBe(RECIPIENTS);
    // Everyone the ledger calls accepted was posted; whoever was posted is accepted or unknown.
    expect(posted.size).toBeGreaterThanOrEqual(accepted);
    expect(posted.size).toBeLessThanOrEqual(accepted + unknown);
    expect(unknown).toBeLessThan(64 * 5 * 3);
  }, 240_000);
});

async function until<T>(check: () => Promise<T | undefined> | T | undefined, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
