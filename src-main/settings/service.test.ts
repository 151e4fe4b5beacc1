import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Settings } from '@shared/contract/settings';
import { unwrap } from '@shared/errors';
import type { Config } from '../config/config';
import { parseEnvironment } from '../config/environment';
import { createSessionSecrets } from '../config/secrets';
import { openSettingsFile } from '../config/stored-settings';
import { createSettingsService } from './service';

const open = (variables: Record<string, string> = {}) => {
  const path = join(mkdtempSync(join(tmpdir(), 'settings-')), 'settings.json');
  const applied: Config[] = [];
  const service = createSettingsService({
    file: openSettingsFile(path),
    secrets: createSessionSecrets(),
    environment: unwrap(parseEnvironment(variables)),
    dataDir: 'data',
    apiState: () => ({ running: false, url: null, problem: null }),
    apply: (config) => Promise.resolve(void applied.push(config)),
  });
  return { service, applied, path };
};

describe('settings', () => {
  it('never show a secret: not in the answer, not in the file', async () => {
    const { service, path, applied } = open();
    const secret = 'EAAG-very-secret-token-0042';
    const { settings } = unwrap(
      await service.update({
        whatsapp: { token: secret, phoneNumberId: '123' },
        connection: { profile: 'shared', redisUrl: 'redis://:redis-secret@host:6379' },
      }),
    );
    expect(Settings.parse(settings).whatsapp.token).toEqual({ set: true, hint: '…0042', origin: 'settings' });
    expect(JSON.stringify(settings)).not.toMatch(/very-secret|redis-secret/);
    expect(readFileSync(path, 'utf8')).not.toMatch(/very-secret|redis-secret/);
    expect(applied.at(-1)?.whatsapp).toMatchObject({ mode: 'cloud-api', token: secret });
    expect(applied.at(-1)?.redisUrl).toBe('redis://:redis-secret@host:6379');
  });

  it('say when a change needs a restart, and when it does not', async () => {
    const { service } = open();
    expect(unwrap(await service.update({ whatsapp: { messagesPerSecond: 40 } })).restartNeeded).toBe(false);
    const change = { connection: { profile: 'shared' as const, redisUrl: 'redis://host:6379' } };
    expect(unwrap(await service.update(change)).restartNeeded).toBe(true);
  });

  it('refuse to change what the environment fixes, and name the variable', async () => {
    const { service } = open({ REDIS_URL: 'redis://host:6379' });
    const result = await service.update({ connection: { redisUrl: 'redis://other:6379' } });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', issues: [{ path: 'connection.redisUrl' }] },
    });
  });

  it('refuse a sandbox whose shares exceed the whole', async () => {
    const { service } = open();
    const sandbox = {
      minLatencyMs: 0,
      maxLatencyMs: 1,
      failures: [{ code: '131026', percent: 80 }],
      lostAnswerPercent: 30,
    };
    expect(await service.update({ sandbox })).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  });

  it('forget a secret that is set to nothing', async () => {
    const { service } = open();
    await service.update({ email: { apiKey: 're_1234567890123456', from: 'a@b.co' } });
    expect(service.config().email.mode).toBe('resend');
    await service.update({ email: { apiKey: '' } });
    expect(service.config().email.mode).toBe('sandbox');
  });
});
