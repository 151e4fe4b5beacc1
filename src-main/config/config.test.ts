import { mkdtempSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unwrap } from '@shared/errors';
import { hasCredentials, resolveConfig, withoutCredentials } from './config';
import { parseEnvironment } from './environment';
import { createSessionSecrets } from './secrets';
import { openSettingsFile, StoredSettings } from './stored-settings';

const resolve = (variables: Record<string, string>, stored: unknown = {}) =>
  resolveConfig({
    environment: unwrap(parseEnvironment(variables)),
    stored: StoredSettings.parse(stored),
    secrets: createSessionSecrets(),
    dataDir: 'data',
  });

describe('the environment', () => {
  it('runs the embedded profile with sandbox providers when nothing is set', () => {
    const config = resolve({});
    expect(config.profile).toBe('embedded');
    expect([config.whatsapp.mode, config.email.mode]).toEqual(['sandbox', 'sandbox']);
  });

  it('makes a Redis address of the Upstash pair: host of the URL, token as password, TLS on 6379', () => {
    const config = resolve({
      UPSTASH_REDIS_REST_URL: 'https://eu1-abc.upstash.io',
      UPSTASH_REDIS_REST_TOKEN: 'se/cret',
    });
    expect(config.profile).toBe('shared');
    expect(config.redisUrl).toBe('rediss://default:se%2Fcret@eu1-abc.upstash.io:6379');
  });

  it.each([
    [{ REDIS_URL: 'http://host' }, 'REDIS_URL must begin with redis:// or rediss://'],
    [{ DATABASE_URL: 'mysql://host' }, 'DATABASE_URL must begin with postgres://'],
    [{ WHATSAPP_PHONE_NUMBER_ID: '+1 234' }, 'WHATSAPP_PHONE_NUMBER_ID must be digits only'],
    [{ UPSTASH_REDIS_REST_URL: 'https://x.upstash.io' }, 'UPSTASH_REDIS_REST_TOKEN is missing'],
  ])('names what is wrong with %j without quoting a value', (variables, words) => {
    const result = parseEnvironment(variables);
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    if (!result.ok) expect(result.error.message).toContain(words);
  });

  it('counts an empty variable as not set', () => {
    expect(resolve({ REDIS_URL: '' }).profile).toBe('embedded');
  });

  it('sends for real only with complete credentials, and not where Settings chose the sandbox', () => {
    const credentials = { WHATSAPP_ACCESS_TOKEN: 'token', WHATSAPP_PHONE_NUMBER_ID: '123' };
    expect(resolve({ WHATSAPP_ACCESS_TOKEN: 'token' }).whatsapp.mode).toBe('sandbox');
    expect(resolve(credentials).whatsapp.mode).toBe('cloud-api');
    expect(resolve(credentials, { whatsapp: { mode: 'sandbox' } }).whatsapp.mode).toBe('sandbox');
  });
});

describe('addresses', () => {
  it('are shown without user, password and query', () => {
    expect(withoutCredentials('redis://me:secret@host:6379/2?token=x')).toBe('redis://host:6379/2');
    expect(withoutCredentials('no address, secret')).not.toContain('secret');
  });

  it('count as secret when they carry a password or cannot be read', () => {
    expect(hasCredentials('redis://host:6379')).toBe(false);
    expect(hasCredentials('redis://:pw@host')).toBe(true);
    expect(hasCredentials('nonsense')).toBe(true);
  });
});

describe('the settings file', () => {
  const path = () => join(mkdtempSync(join(tmpdir(), 'settings-')), 'settings.json');

  it('keeps what was saved', () => {
    const at = path();
    const file = openSettingsFile(at);
    file.save({ ...file.current, defaultCountry: 'SA' });
    expect(openSettingsFile(at).current.defaultCountry).toBe('SA');
  });

  it('sets a damaged file aside, says so, and starts afresh', () => {
    const at = path();
    writeFileSync(at, '{"api": {"port": "high"}}');
    const file = openSettingsFile(at);
    expect(file.problem).toContain('could not be read');
    expect(file.current.api.port).toBe(4680);
    expect(existsSync(at)).toBe(false);
    expect(readFileSync(`${at}.broken`, 'utf8')).toContain('high');
  });
});
