import type { SandboxBehaviour } from '@shared/contract/settings';
import type { Severity } from '@shared/domain/alert-rules';
import type { AdsappQueue } from '@shared/domain/queues';
import type { QuietHours } from '@shared/domain/quiet-hours';
import type { Environment } from './environment';
import type { SecretStore } from './secrets';
import type { StoredSettings } from './stored-settings';

/** Everything the object graph is built from: environment first, then Settings, then defaults. Holds secrets: never log it. */
export interface Config {
  readonly dataDir: string;
  readonly profile: 'embedded' | 'shared';
  readonly connection: { readonly name: string; readonly production: boolean };
  /** Set on the shared profile. */
  readonly redisUrl: string | null;
  /** Null: PGlite, in the background process. */
  readonly databaseUrl: string | null;
  readonly whatsapp: {
    readonly mode: 'sandbox' | 'cloud-api';
    readonly apiBaseUrl: string;
    readonly phoneNumberId: string | null;
    readonly token: string | null;
    readonly messagesPerSecond: number;
    /** What Meta signs webhooks with; null: none are taken. */
    readonly appSecret: string | null;
    /** What Meta says when it asks whether the webhook's address is ours. */
    readonly verifyToken: string | null;
    /** What an earlier version kept here as the limit of people within 24 hours. */
    readonly formerMessagingLimit: number | null;
  };
  readonly email: {
    readonly mode: 'sandbox' | 'resend';
    readonly baseUrl: string;
    readonly from: string | null;
    readonly apiKey: string | null;
    readonly emailsPerSecond: number;
    /** `whsec_…`: what Resend signs webhooks with; null: none are taken. */
    readonly webhookSecret: string | null;
  };
  readonly sandbox: SandboxBehaviour;
  readonly api: { readonly enabled: boolean; readonly port: number; readonly token: string | null };
  /** Longest run of a job, where the environment names it; else Settings decide, for all machines. */
  readonly timeLimitSeconds: number | null;
  readonly workers: Readonly<
    Record<AdsappQueue, { readonly enabled: boolean; readonly concurrency: number }>
  >;
  readonly defaultCountry: string | null;
  /** What the composer proposes; null: off. */
  readonly quietHours: QuietHours | null;
  /** Whether the desktop app may show notifications of the system. */
  readonly notifications: boolean;
  /** Days that the rows of ended jobs are kept; null: for good. */
  readonly jobLogDays: number | null;
  /** What alerts may say outside the window: nothing less grave, in quiet hours only what is critical. */
  readonly telling: {
    readonly least: Severity;
    readonly quiet: QuietHours | null;
    /** ISO 8601; nothing is told until then. */
    readonly pausedUntil: string | null;
    /** Whether there is an icon in the system's tray. */
    readonly tray: boolean;
  };
}

export interface ConfigSources {
  readonly environment: Environment;
  readonly stored: StoredSettings;
  readonly secrets: SecretStore;
  readonly dataDir: string;
}

/** Resolves one Config. A Redis in the environment means the shared profile; a provider without its credentials is the sandbox. */
export const resolveConfig = ({ environment, stored, secrets, dataDir }: ConfigSources): Config => {
  const redisUrl = environment.redisUrl ?? secrets.get('redisUrl') ?? stored.connection.redisUrl;
  const shared =
    redisUrl !== null && (environment.redisUrl !== null || stored.connection.profile === 'shared');
  const databaseUrl = environment.databaseUrl ?? secrets.get('databaseUrl') ?? stored.connection.databaseUrl;
  return {
    dataDir,
    profile: shared ? 'shared' : 'embedded',
    connection: { name: stored.connection.name, production: stored.connection.production },
    redisUrl: shared ? redisUrl : null,
    databaseUrl: shared || environment.databaseUrl !== null ? databaseUrl : null,
    whatsapp: resolveWhatsApp(environment, stored, secrets),
    email: resolveEmail(environment, stored, secrets),
    sandbox: stored.sandbox,
    timeLimitSeconds: environment.jobTimeLimitSeconds,
    api: { ...stored.api, token: secrets.get('apiToken') },
    workers: stored.workers,
    defaultCountry: stored.defaultCountry,
    quietHours: stored.quietHours,
    notifications: stored.notifications,
    jobLogDays: stored.jobLogDays,
    telling: stored.telling,
  };
};

const resolveWhatsApp = (
  environment: Environment,
  stored: StoredSettings,
  secrets: SecretStore,
): Config['whatsapp'] => {
  const token = environment.whatsapp.token ?? secrets.get('whatsappToken');
  const phoneNumberId = environment.whatsapp.phoneNumberId ?? stored.whatsapp.phoneNumberId;
  const ready = token !== null && phoneNumberId !== null;
  return {
    mode: ready && stored.whatsapp.mode !== 'sandbox' ? 'cloud-api' : 'sandbox',
    apiBaseUrl: environment.whatsapp.apiBaseUrl ?? stored.whatsapp.apiBaseUrl,
    phoneNumberId,
    token,
    messagesPerSecond: stored.whatsapp.messagesPerSecond,
    appSecret: environment.whatsapp.appSecret ?? secrets.get('whatsappAppSecret'),
    verifyToken: environment.whatsapp.verifyToken ?? secrets.get('whatsappVerifyToken'),
    formerMessagingLimit: stored.whatsapp.messagingLimit,
  };
};

const resolveEmail = (
  environment: Environment,
  stored: StoredSettings,
  secrets: SecretStore,
): Config['email'] => {
  const apiKey = environment.resend.apiKey ?? secrets.get('resendApiKey');
  const from = environment.resend.from ?? stored.email.from;
  const ready = apiKey !== null && from !== null;
  return {
    mode: ready && stored.email.mode !== 'sandbox' ? 'resend' : 'sandbox',
    baseUrl: environment.resend.baseUrl ?? stored.email.baseUrl,
    from,
    apiKey,
    emailsPerSecond: stored.email.emailsPerSecond,
    webhookSecret: environment.resend.webhookSecret ?? secrets.get('resendWebhookSecret'),
  };
};

/** A URL without user and password, fit to be shown and logged. What cannot be read as a URL is not shown at all. */
export const withoutCredentials = (url: string): string => {
  try {
    const parsed = new URL(url);
    parsed.username = '';
    parsed.password = '';
    parsed.search = '';
    return parsed.toString();
  } catch {
    return '(not a valid address)';
  }
};

/** Whether a URL carries a password, so that it has to be kept as a secret. */
export const hasCredentials = (url: string): boolean => {
  try {
    const { username, password } = new URL(url);
    return username !== '' || password !== '';
  } catch {
    return true;
  }
};
