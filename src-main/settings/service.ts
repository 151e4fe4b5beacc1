import { fail, ok, type Result } from '@shared/errors';
import type { Settings, SettingsPatch } from '@shared/contract/settings';
import type { WorkerSettings } from '@shared/contract/workers';
import { hasCredentials, resolveConfig, withoutCredentials, type Config } from '../config/config';
import type { Environment } from '../config/environment';
import type { SecretName, SecretStore } from '../config/secrets';
import type { SettingsFile, StoredSettings } from '../config/stored-settings';

/** The REST API as Settings shows it. */
export interface ApiState {
  readonly running: boolean;
  readonly url: string | null;
  readonly problem: string | null;
}

export interface SettingsDependencies {
  readonly file: SettingsFile;
  readonly secrets: SecretStore;
  readonly environment: Environment;
  readonly dataDir: string;
  readonly apiState: () => ApiState;
  /** Called after every change with the Config that follows from it; resolves when it is in force. */
  readonly apply: (config: Config) => Promise<void>;
}

export interface SettingsService {
  get(): Settings;
  /** The Config in force. */
  config(): Config;
  update(patch: SettingsPatch): Promise<Result<{ settings: Settings; restartNeeded: boolean }>>;
  saveWorker(settings: WorkerSettings): void;
  /** Until when nothing is told outside the window, ISO 8601; null: it is told. */
  savePause(until: string | null): void;
}

/** Settings of this machine: environment first, then what was saved; secrets are described, never given out. */
export const createSettingsService = (deps: SettingsDependencies): SettingsService => {
  const { file, secrets, environment, dataDir } = deps;
  const config = (): Config => resolveConfig({ environment, stored: file.current, secrets, dataDir });
  const atStart = config();

  const describe = (): Settings =>
    describeSettings({ config: config(), stored: file.current, secrets, environment, api: deps.apiState() });

  return {
    get: describe,
    config,
    async update(patch) {
      const refused = refusal(patch, environment);
      if (refused !== null) return fail(refused);
      keepSecrets(patch, secrets);
      file.save(merge(file.current, patch));
      const next = config();
      await deps.apply(next);
      return ok({ settings: describe(), restartNeeded: connectionChanged(atStart, next) });
    },
    savePause(pausedUntil) {
      file.save({ ...file.current, telling: { ...file.current.telling, pausedUntil } });
    },
    saveWorker({ queue, enabled, concurrency }) {
      file.save({ ...file.current, workers: { ...file.current.workers, [queue]: { enabled, concurrency } } });
    },
  };
};

const connectionChanged = (before: Config, after: Config): boolean =>
  before.profile !== after.profile ||
  before.redisUrl !== after.redisUrl ||
  before.databaseUrl !== after.databaseUrl;

/** What the environment fixes cannot be changed here: it would look changed and not be. */
const refusal = (
  patch: SettingsPatch,
  environment: Environment,
): Extract<Result<never>, { ok: false }>['error'] | null => {
  const fixed: readonly [boolean, string, string][] = [
    [
      patch.connection?.redisUrl !== undefined && environment.redisUrl !== null,
      'connection.redisUrl',
      'REDIS_URL',
    ],
    [
      patch.connection?.databaseUrl !== undefined && environment.databaseUrl !== null,
      'connection.databaseUrl',
      'DATABASE_URL',
    ],
    [
      patch.whatsapp?.token !== undefined && environment.whatsapp.token !== null,
      'whatsapp.token',
      'WHATSAPP_ACCESS_TOKEN',
    ],
    [
      patch.email?.apiKey !== undefined && environment.resend.apiKey !== null,
      'email.apiKey',
      'RESEND_API_KEY',
    ],
    [
      patch.whatsapp?.appSecret !== undefined && environment.whatsapp.appSecret !== null,
      'whatsapp.appSecret',
      'WHATSAPP_APP_SECRET',
    ],
    [
      patch.whatsapp?.verifyToken !== undefined && environment.whatsapp.verifyToken !== null,
      'whatsapp.verifyToken',
      'WHATSAPP_WEBHOOK_VERIFY_TOKEN',
    ],
    [
      patch.email?.webhookSecret !== undefined && environment.resend.webhookSecret !== null,
      'email.webhookSecret',
      'RESEND_WEBHOOK_SECRET',
    ],
  ];
  const hit = fixed.find(([applies]) => applies);
  if (hit !== undefined) {
    const [, path, variable] = hit;
    return {
      code: 'invalid_input',
      message: `This is set by the environment variable ${variable} and cannot be changed here.`,
      action: `Unset ${variable} and restart to change it in Settings.`,
      issues: [{ path, message: `set by ${variable}` }],
    };
  }
  const sandbox = patch.sandbox;
  if (sandbox === undefined) return null;
  const share = sandbox.failures.reduce((sum, { percent }) => sum + percent, sandbox.lostAnswerPercent);
  if (share > 100) return sandboxProblem('failures', 'The shares of the sandbox add up to more than 100 %.');
  if (sandbox.minLatencyMs > sandbox.maxLatencyMs)
    return sandboxProblem('minLatencyMs', 'The shortest answer time is longer than the longest.');
  return null;
};

const sandboxProblem = (field: string, message: string) => ({
  code: 'invalid_input' as const,
  message,
  issues: [{ path: `sandbox.${field}`, message }],
});

const keepSecrets = (patch: SettingsPatch, secrets: SecretStore): void => {
  const given: readonly [SecretName, string | undefined][] = [
    ['whatsappToken', patch.whatsapp?.token],
    ['resendApiKey', patch.email?.apiKey],
    ['whatsappAppSecret', patch.whatsapp?.appSecret],
    ['whatsappVerifyToken', patch.whatsapp?.verifyToken],
    ['resendWebhookSecret', patch.email?.webhookSecret],
    ['apiToken', patch.api?.token],
    ['redisUrl', secretPart(patch.connection?.redisUrl)],
    ['databaseUrl', secretPart(patch.connection?.databaseUrl)],
  ];
  for (const [name, value] of given) if (value !== undefined) secrets.set(name, value === '' ? null : value);
};

/** A URL without a password is no secret: an earlier one with a password is forgotten. */
const secretPart = (url: string | undefined): string | undefined =>
  url === undefined || hasCredentials(url) ? url : '';

const storedUrl = (url: string | undefined, before: string | null): string | null => {
  if (url === undefined) return before;
  return url === '' || hasCredentials(url) ? null : url;
};

const merge = (stored: StoredSettings, patch: SettingsPatch): StoredSettings => ({
  ...stored,
  connection: {
    profile: patch.connection?.profile ?? stored.connection.profile,
    name: patch.connection?.name ?? stored.connection.name,
    production: patch.connection?.production ?? stored.connection.production,
    redisUrl: storedUrl(patch.connection?.redisUrl, stored.connection.redisUrl),
    databaseUrl: storedUrl(patch.connection?.databaseUrl, stored.connection.databaseUrl),
  },
  whatsapp: {
    mode: patch.whatsapp?.mode ?? stored.whatsapp.mode,
    phoneNumberId: blankToNull(patch.whatsapp?.phoneNumberId, stored.whatsapp.phoneNumberId),
    apiBaseUrl: patch.whatsapp?.apiBaseUrl ?? stored.whatsapp.apiBaseUrl,
    messagesPerSecond: patch.whatsapp?.messagesPerSecond ?? stored.whatsapp.messagesPerSecond,
    messagingLimit: stored.whatsapp.messagingLimit,
  },
  email: {
    mode: patch.email?.mode ?? stored.email.mode,
    from: blankToNull(patch.email?.from, stored.email.from),
    baseUrl: patch.email?.baseUrl ?? stored.email.baseUrl,
    emailsPerSecond: patch.email?.emailsPerSecond ?? stored.email.emailsPerSecond,
  },
  sandbox: patch.sandbox ?? stored.sandbox,
  api: { enabled: patch.api?.enabled ?? stored.api.enabled, port: patch.api?.port ?? stored.api.port },
  defaultCountry: patch.defaultCountry === undefined ? stored.defaultCountry : patch.defaultCountry,
  quietHours: patch.quietHours === undefined ? stored.quietHours : patch.quietHours,
  notifications: patch.notifications ?? stored.notifications,
  jobLogDays: patch.jobLogDays === undefined ? stored.jobLogDays : patch.jobLogDays,
  telling: {
    ...stored.telling,
    least: patch.telling?.least ?? stored.telling.least,
    quiet: patch.telling?.quiet === undefined ? stored.telling.quiet : patch.telling.quiet,
    tray: patch.telling?.tray ?? stored.telling.tray,
  },
});

const blankToNull = (value: string | undefined, before: string | null): string | null =>
  value === undefined ? before : value === '' ? null : value;

interface Described {
  readonly config: Config;
  readonly stored: StoredSettings;
  readonly secrets: SecretStore;
  readonly environment: Environment;
  readonly api: ApiState;
}

const describeSettings = ({ config, stored, secrets, environment, api }: Described): Settings => ({
  connection: {
    profile: config.profile,
    name: config.connection.name,
    production: config.connection.production,
    redis: describeUrl(environment.redisUrl, secrets.get('redisUrl') ?? stored.connection.redisUrl),
    database: describeUrl(
      environment.databaseUrl,
      secrets.get('databaseUrl') ?? stored.connection.databaseUrl,
    ),
  },
  whatsapp: {
    mode: config.whatsapp.mode,
    phoneNumberId: config.whatsapp.phoneNumberId,
    apiBaseUrl: config.whatsapp.apiBaseUrl,
    token: describeSecret(environment.whatsapp.token, secrets.get('whatsappToken')),
    messagesPerSecond: config.whatsapp.messagesPerSecond,
    appSecret: describeSecret(environment.whatsapp.appSecret, secrets.get('whatsappAppSecret')),
    verifyToken: describeSecret(environment.whatsapp.verifyToken, secrets.get('whatsappVerifyToken')),
  },
  email: {
    mode: config.email.mode,
    from: config.email.from,
    baseUrl: config.email.baseUrl,
    apiKey: describeSecret(environment.resend.apiKey, secrets.get('resendApiKey')),
    emailsPerSecond: config.email.emailsPerSecond,
    webhookSecret: describeSecret(environment.resend.webhookSecret, secrets.get('resendWebhookSecret')),
  },
  sandbox: config.sandbox,
  api: {
    enabled: config.api.enabled,
    port: config.api.port,
    ...api,
    token: describeSecret(null, config.api.token),
  },
  secretStorage: secrets.kind,
  defaultCountry: config.defaultCountry,
  quietHours: config.quietHours,
  notifications: config.notifications,
  jobLogDays: config.jobLogDays,
  telling: { least: config.telling.least, quiet: config.telling.quiet, tray: config.telling.tray },
  dataDirectory: config.dataDir,
});

const describeUrl = (
  fromEnvironment: string | null,
  saved: string | null,
): Settings['connection']['redis'] => {
  const url = fromEnvironment ?? saved;
  const origin = fromEnvironment !== null ? 'environment' : saved !== null ? 'settings' : 'default';
  return { url: url === null ? null : withoutCredentials(url), origin };
};

/** The last four characters tell two tokens apart without giving one away; a short one shows nothing. */
const describeSecret = (
  fromEnvironment: string | null,
  saved: string | null,
): Settings['whatsapp']['token'] => {
  const value = fromEnvironment ?? saved;
  const origin = fromEnvironment !== null ? 'environment' : saved !== null ? 'settings' : 'default';
  return {
    set: value !== null,
    hint: value !== null && value.length >= 16 ? `…${value.slice(-4)}` : null,
    origin,
  };
};
