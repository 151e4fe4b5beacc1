import { z } from 'zod';
import { command, query } from '../rpc/define';
import { Severity } from '../domain/alert-rules';
import { QuietHours } from '../domain/quiet-hours';
import { KeepDays } from './activity';
import { Empty } from './common';

/** Where a value comes from: the environment wins over what was set here. */
const Origin = z.enum(['environment', 'settings', 'default']);

/** A secret is only ever described, never sent. */
export const SecretStatus = z.object({ set: z.boolean(), hint: z.string().nullable(), origin: Origin });

/** How the sandbox gateway treats recipients; shares are per cent and add up to at most 100. */
export const SandboxBehaviour = z.object({
  /** Answer time in ms: each request takes between these. */
  minLatencyMs: z.int().min(0).max(60_000),
  maxLatencyMs: z.int().min(0).max(60_000),
  /** Error codes of the provider's table with the share of requests that get them. */
  failures: z.array(z.object({ code: z.string(), percent: z.number().min(0).max(100) })),
  /** Requests that are accepted but whose answer is lost. */
  lostAnswerPercent: z.number().min(0).max(100),
});
export type SandboxBehaviour = z.infer<typeof SandboxBehaviour>;

/** What alerts may say outside the window (desktop only). */
const TellingSettings = z.object({
  /** Nothing less grave is told. */
  least: Severity,
  /** Then only what is critical is told; null: off. */
  quiet: QuietHours.nullable(),
  /** An icon in the system's tray. */
  tray: z.boolean(),
});

export const Settings = z.object({
  connection: z.object({
    profile: z.enum(['embedded', 'shared']),
    name: z.string(),
    production: z.boolean(),
    /** Without user and password. */
    redis: z.object({ url: z.string().nullable(), origin: Origin }),
    database: z.object({ url: z.string().nullable(), origin: Origin }),
  }),
  whatsapp: z.object({
    mode: z.enum(['sandbox', 'cloud-api']),
    phoneNumberId: z.string().nullable(),
    apiBaseUrl: z.string(),
    token: SecretStatus,
    messagesPerSecond: z.number(),
    /** For /webhooks/whatsapp: what Meta signs with, and what it asks for when the address is set up. */
    appSecret: SecretStatus,
    verifyToken: SecretStatus,
  }),
  email: z.object({
    mode: z.enum(['sandbox', 'resend']),
    from: z.string().nullable(),
    baseUrl: z.string(),
    apiKey: SecretStatus,
    emailsPerSecond: z.number(),
    /** For /webhooks/resend: the signing secret, `whsec_…`. */
    webhookSecret: SecretStatus,
  }),
  sandbox: SandboxBehaviour,
  api: z.object({
    enabled: z.boolean(),
    port: z.int(),
    running: z.boolean(),
    url: z.string().nullable(),
    token: SecretStatus,
    problem: z.string().nullable(),
  }),
  /** How secrets are kept: by the system's keyring, in plain text on disk, or only until the app ends. */
  secretStorage: z.enum(['keyring', 'session-only', 'environment']),
  defaultCountry: z.string().nullable(),
  /** Proposed by the composer; null: off. */
  quietHours: QuietHours.nullable(),
  /** Notifications of the system while the window is not in front (desktop only). */
  notifications: z.boolean(),
  /** Days that the rows of ended jobs are kept; null: for good. */
  jobLogDays: KeepDays.nullable(),
  telling: TellingSettings,
  dataDirectory: z.string(),
});
export type Settings = z.infer<typeof Settings>;

/** What can be changed; only what is present is changed. A secret set to '' is forgotten. */
export const SettingsPatch = z.object({
  connection: z
    .object({
      profile: z.enum(['embedded', 'shared']),
      name: z.string().trim().min(1).max(60),
      production: z.boolean(),
      redisUrl: z.string().max(500),
      databaseUrl: z.string().max(500),
    })
    .partial()
    .optional(),
  whatsapp: z
    .object({
      mode: z.enum(['sandbox', 'cloud-api']),
      phoneNumberId: z.string().trim().max(64),
      apiBaseUrl: z.url(),
      token: z.string().max(2_000),
      messagesPerSecond: z.number().min(0.1).max(1_000),
      appSecret: z.string().max(200),
      verifyToken: z.string().max(200),
    })
    .partial()
    .optional(),
  email: z
    .object({
      mode: z.enum(['sandbox', 'resend']),
      from: z.string().trim().max(320),
      baseUrl: z.url(),
      apiKey: z.string().max(2_000),
      emailsPerSecond: z.number().min(0.1).max(1_000),
      webhookSecret: z
        .string()
        .max(200)
        .regex(/^(whsec_[A-Za-z0-9+/]+={0,2})?$/, 'The signing secret begins with whsec_.'),
    })
    .partial()
    .optional(),
  sandbox: SandboxBehaviour.optional(),
  api: z
    .object({
      enabled: z.boolean(),
      port: z.int().min(1_024).max(65_535),
      token: z.string().min(16).max(200),
    })
    .partial()
    .optional(),
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable()
    .optional(),
  quietHours: QuietHours.nullable().optional(),
  notifications: z.boolean().optional(),
  jobLogDays: KeepDays.nullable().optional(),
  telling: TellingSettings.partial().optional(),
});
export type SettingsPatch = z.infer<typeof SettingsPatch>;

export const settings = {
  get: query({ input: Empty, output: Settings }),
  /** Takes effect at once, except a change of profile or connection, which needs a restart of the app. */
  update: command({
    input: SettingsPatch,
    output: z.object({ settings: Settings, restartNeeded: z.boolean() }),
  }),
  /** Connects, answers and disconnects; changes nothing. */
  testConnection: command({
    input: z.object({ kind: z.enum(['redis', 'database']), url: z.string().min(1).max(500) }),
    output: z.object({ reachable: z.boolean(), detail: z.string(), latencyMs: z.number().nullable() }),
  }),
  /** Restarts the app with the saved settings (desktop only). */
  restart: command({ input: Empty, output: Empty }),
};
