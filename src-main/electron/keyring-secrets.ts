import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { createSessionSecrets, type SecretName, type SecretStore } from '../config/secrets';

/** The parts of Electron's `safeStorage` that are used. */
export interface Vault {
  isEncryptionAvailable(): boolean;
  encryptString(plainText: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** Linux only, and not before Electron 26. */
  getSelectedStorageBackend?(): string;
}

export interface KeyringOptions {
  readonly vault: Vault;
  readonly platform: NodeJS.Platform;
  /** Where the encrypted secrets are kept. */
  readonly path: string;
  readonly report: (message: string, error?: unknown) => void;
}

/** Base64 of what the vault encrypted, by name. */
const Kept = z.record(z.string(), z.base64());

/**
 * Secrets encrypted by the system's keyring. Where there is none (on Linux: `basic_text`, which is a key that
 * everybody knows), they are kept for the session only rather than pretended to be safe.
 * Call after `ready`.
 */
export const createKeyringSecrets = ({ vault, platform, path, report }: KeyringOptions): SecretStore => {
  if (!isSafe(vault, platform)) return createSessionSecrets();
  const kept = new Map(Object.entries(readKept(path, report)));
  const values = new Map<SecretName, string>();

  const save = (): void => {
    mkdirSync(dirname(path), { recursive: true });
    const next = `${path}.new`;
    writeFileSync(next, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 });
    renameSync(next, path);
  };

  return {
    kind: 'keyring',
    get(name) {
      const known = values.get(name);
      const encrypted = kept.get(name);
      if (known !== undefined || encrypted === undefined) return known ?? null;
      try {
        const value = vault.decryptString(Buffer.from(encrypted, 'base64'));
        values.set(name, value);
        return value;
      } catch (error) {
        // Another user's keyring, or one that was reset: the secret has to be given again.
        report(`The saved ${name} cannot be decrypted on this machine any more.`, error);
        kept.delete(name);
        return null;
      }
    },
    set(name, value) {
      values.delete(name);
      kept.delete(name);
      if (value !== null) {
        kept.set(name, vault.encryptString(value).toString('base64'));
        values.set(name, value);
      }
      save();
    },
  };
};

const UNSAFE: ReadonlySet<string> = new Set(['basic_text', 'unknown']);

const isSafe = (vault: Vault, platform: NodeJS.Platform): boolean => {
  if (!vault.isEncryptionAvailable()) return false;
  if (platform !== 'linux') return true;
  const backend = vault.getSelectedStorageBackend?.() ?? 'unknown';
  return !UNSAFE.has(backend);
};

const readKept = (path: string, report: KeyringOptions['report']): z.infer<typeof Kept> => {
  try {
    return Kept.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing) report('The saved secrets cannot be read and have to be given again.', error);
    return {};
  }
};
