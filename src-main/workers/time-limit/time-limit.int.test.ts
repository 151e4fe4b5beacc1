import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditRecord } from '../../activity/audit';
import {
  addContacts,
  detailOf,
  launchTo,
  openStage,
  profiles,
  statesOf,
  type Stage,
} from '../../../e2e/fixtures/campaign-stage';
import { startFakeWhatsApp, type FakeWhatsApp } from '../../../e2e/fixtures/providers';
import { SET_UP_MS } from '../../database/testing/databases';
import { createBulkMessageProcessor } from '../../campaigns/processor';
import { createWorkerHost, type WorkerHost } from '../../engine/worker-host';
import { memoryJournal, memoryLogger } from '../../engine/testing/processors';
import { SANDBOX_SETTINGS } from '../../providers/gateways';
import { followTimeLimit } from './follow';
import { readTimeLimit } from './repository';
import { createTimeLimitService } from './service';

let fake: FakeWhatsApp;
beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
afterAll(() => fake.close());

describe.each(profiles)('the time limit of jobs on the %s profile', (profile) => {
  let stage: Stage;
  const hosts: WorkerHost[] = [];
  beforeAll(async () => {
    stage = await openStage(profile);
  }, SET_UP_MS);
  afterAll(async () => {
    for (const host of hosts) await host.shutdown(0);
    await stage.close();
  });

  const limitOf = (environmentSeconds: number | null, audited: AuditRecord[] = []) =>
    createTimeLimitService({
      database: stage.database,
      environmentSeconds,
      audit: (record) => Promise.resolve(void audited.push(record)),
    });

  it('is set for all machines, and a job over it ends cleanly and goes on until all are sent to', async () => {
    const audited: AuditRecord[] = [];
    const service = limitOf(null, audited);
    expect(await service.get(stage.actor)).toEqual({ seconds: 300, origin: 'default' });
    stage.gateways.configure({
      ...SANDBOX_SETTINGS,
      whatsapp: { mode: 'cloud-api', apiBaseUrl: fake.url, phoneNumberId: '55', token: 't' },
      messagesPerSecond: 20,
    });
    const followed = followTimeLimit({
      environmentSeconds: null,
      read: () => readTimeLimit(stage.database, stage.actor.organizationId),
      report: () => undefined,
      everyMs: 100,
    });
    const logger = memoryLogger();
    const idle = () => Promise.reject(new Error('no such job here'));
    const host = followed.around(
      createWorkerHost({
        ...{ engine: stage.engine, kind: 'worker', version: '0.1.0' },
        journal: memoryJournal(),
        logger,
        timeLimit: () => followed.current(),
        processors: {
          'bulk-messages': createBulkMessageProcessor({
            ...stage,
            coordination: stage.engine.coordination,
          }),
          ...{ 'contact-import': idle, 'template-processing': idle, 'email-notification': idle },
        },
      }),
    );
    hosts.push(host);
    await host.start();
    const { campaignId } = await launchTo(stage, await addContacts(stage, 60));
    await vi.waitUntil(() => fake.requests.length > 5, 20_000);
    // Below what the contract lets anybody set: the test shall not take minutes.
    await stage.pool.query(
      `INSERT INTO settings (organization_id, key, value) VALUES ($1, 'job-time-limit', '{"seconds": 1}')`,
      [stage.actor.organizationId],
    );
    await vi.waitUntil(async () => (await detailOf(stage, campaignId)).state === 'completed', {
      timeout: 60_000,
      interval: 100,
    });
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 60 });
    expect(Math.max(...fake.taken().values())).toBe(1);
    const interrupted = logger.lines.filter((line) =>
      line.includes('The time limit of one run was reached. Nothing is lost'),
    );
    expect(interrupted.length).toBeGreaterThan(0);
    // The campaign's page says so, too.
    expect((await detailOf(stage, campaignId)).timedOut).toMatchObject({
      runs: interrupted.length,
      afterMs: 1_000,
    });
    expect(await service.set(600, stage.actor)).toMatchObject({
      value: { seconds: 600, origin: 'settings' },
    });
    expect(audited).toMatchObject([{ action: 'workers.set-time-limit', detail: { seconds: 600 } }]);
    await delay(300);
    expect(followed.current()).toBe(600_000);
    expect(await service.set(null, stage.actor)).toMatchObject({ value: { seconds: 300 } });
  }, 90_000);

  it('is the environment’s where that names one', async () => {
    const service = limitOf(20);
    expect(await service.get(stage.actor)).toEqual({ seconds: 20, origin: 'environment' });
    expect(await service.set(60, stage.actor)).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    const followed = followTimeLimit({
      environmentSeconds: 20,
      read: () => Promise.resolve(60),
      report: () => undefined,
    });
    expect(followed.current()).toBe(20_000);
  });
});
