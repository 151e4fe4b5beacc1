import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyringSecrets, type Vault } from './keyring-secrets';

const vault = (key: number, backend?: string): Vault => ({
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from([key, ...Buffer.from(text).map((byte) => byte ^ key)]),
  decryptString: (bytes) => {
    if (bytes[0] !== key) throw new Error('wrong key');
    return Buffer.from(bytes.subarray(1).map((byte) => byte ^ key)).toString();
  },
  ...(backend === undefined ? {} : { getSelectedStorageBackend: () => backend }),
});

describe('secrets of the desktop app', () => {
  let folder: string;
  let path: string;
  const reports: string[] = [];
  const open = (from: Vault, platform: NodeJS.Platform = 'linux') =>
    createKeyringSecrets({ vault: from, platform, path, report: (message) => reports.push(message) });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'adsapp-secrets-'));
    path = join(folder, 'secrets.json');
    reports.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are encrypted on disk, for this user only, and there after a restart', () => {
    const secrets = open(vault(7, 'gnome_libsecret'));
    expect(secrets.kind).toBe('keyring');
    secrets.set('resendApiKey', 're_123');
    expect(readFileSync(path, 'utf8')).not.toContain('re_123');
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(open(vault(7, 'gnome_libsecret')).get('resendApiKey')).toBe('re_123');
  });

  it('are forgotten when asked to be', () => {
    const secrets = open(vault(7, 'kwallet5'));
    secrets.set('apiToken', 'x');
    secrets.set('apiToken', null);
    expect(secrets.get('apiToken')).toBeNull();
    expect(readFileSync(path, 'utf8')).toBe('{}');
  });

  it.each([
    ['a key that everybody knows', vault(7, 'basic_text')],
    ['a keyring that nobody knows', vault(7)],
    ['no keyring', { ...vault(7, 'gnome_libsecret'), isEncryptionAvailable: () => false }],
  ])('are kept for the session only with %s on Linux', (_what, from) => {
    const secrets = open(from);
    secrets.set('apiToken', 'x');
    expect(secrets.kind).toBe('session-only');
    expect(secrets.get('apiToken')).toBe('x');
    expect(() => statSync(path)).toThrow();
  });

  it('use the keychain of macOS and Windows', () => {
    expect(open(vault(7), 'darwin').kind).toBe('keyring');
    expect(open(vault(7), 'win32').kind).toBe('keyring');
  });

  it('have to be given again where the keyring is another one', () => {
    open(vault(7, 'gnome_libsecret')).set('apiToken', 'x');
    expect(open(vault(8, 'gnome_libsecret')).get('apiToken')).toBeNull();
    expect(reports.join()).toContain('apiToken cannot be decrypted');
  });

  it('survive a broken file', () => {
    writeFileSync(path, '{"apiToken": "eH');
    const secrets = open(vault(7, 'gnome_libsecret'));
    expect(secrets.get('apiToken')).toBeNull();
    secrets.set('apiToken', 'y');
    expect(open(vault(7, 'gnome_libsecret')).get('apiToken')).toBe('y');
    expect(reports).toHaveLength(1);
  });
});
