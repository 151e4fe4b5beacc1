/** The secrets that Settings can hold. URLs are among them because they carry passwords. */
export const secretNames = [
  'redisUrl',
  'databaseUrl',
  'whatsappToken',
  'whatsappAppSecret',
  'whatsappVerifyToken',
  'resendApiKey',
  'resendWebhookSecret',
  'apiToken',
] as const;
export type SecretName = (typeof secretNames)[number];

/** Keeps secrets for main; nothing here is ever sent to the renderer or logged. */
export interface SecretStore {
  /** `keyring`: encrypted on disk by the system. `session-only`: forgotten when the app ends. */
  readonly kind: 'keyring' | 'session-only';
  get(name: SecretName): string | null;
  /** Null forgets it. */
  set(name: SecretName, value: string | null): void;
}

/** Secrets for as long as the process lives: headless, and where the system offers no keyring. */
export const createSessionSecrets = (): SecretStore => {
  const values = new Map<SecretName, string>();
  return {
    kind: 'session-only',
    get: (name) => values.get(name) ?? null,
    set: (name, value) => {
      if (value === null) values.delete(name);
      else values.set(name, value);
    },
  };
};
