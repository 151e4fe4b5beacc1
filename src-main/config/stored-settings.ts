import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { SandboxBehaviour } from '@shared/contract/settings';
import { Severity } from '@shared/domain/alert-rules';
import { AdsappQueue, adsappQueues, queueDefaults } from '@shared/domain/queues';
import { QuietHours } from '@shared/domain/quiet-hours';

/** A gateway that answers fast and mostly well: enough failures to see what recovery looks like. */
export const defaultSandbox: SandboxBehaviour = {
  minLatencyMs: 20,
  maxLatencyMs: 120,
  failures: [
    { code: '131026', percent: 1.5 },
    { code: '131047', percent: 1 },
    { code: '131000', percent: 0.5 },
  ],
  lostAnswerPercent: 0.2,
};

const WorkerChoice = z.object({ enabled: z.boolean(), concurrency: z.int().min(1).max(50) });
const defaultWorkers = Object.fromEntries(
  adsappQueues.map((name) => [name, { enabled: true, concurrency: queueDefaults[name].concurrency }]),
);

/**
 * What Settings keeps on this machine, without secrets. A missing field takes its default, so that a
 * newer version reads an older file.
 */
export const StoredSettings = z.object({
  connection: z
    .object({
      profile: z.enum(['embedded', 'shared']).default('embedded'),
      name: z.string().default('Local'),
      production: z.boolean().default(false),
      redisUrl: z.string().nullable().default(null),
      databaseUrl: z.string().nullable().default(null),
    })
    .prefault({}),
  whatsapp: z
    .object({
      /** Null: the Cloud API where its credentials are set, else the sandbox. */
      mode: z.enum(['sandbox', 'cloud-api']).nullable().default(null),
      phoneNumberId: z.string().nullable().default(null),
      apiBaseUrl: z.string().default('https://graph.facebook.com'),
      /** The seed guide's 12–13 a second. */
      messagesPerSecond: z.number().default(12.5),
      /** WhatsApp's limit of people within 24 hours, as earlier versions kept it: the database has it now. */
      messagingLimit: z.int().positive().nullable().default(null),
    })
    .prefault({}),
  email: z
    .object({
      mode: z.enum(['sandbox', 'resend']).nullable().default(null),
      from: z.string().nullable().default(null),
      baseUrl: z.string().default('https://api.resend.com'),
      /** The seed guide's 10 a second. */
      emailsPerSecond: z.number().default(10),
    })
    .prefault({}),
  sandbox: SandboxBehaviour.default(defaultSandbox),
  api: z.object({ enabled: z.boolean().default(false), port: z.int().default(4680) }).prefault({}),
  workers: z
    .record(AdsappQueue, WorkerChoice)
    .default(() => z.record(AdsappQueue, WorkerChoice).parse(defaultWorkers)),
  defaultCountry: z.string().nullable().default(null),
  quietHours: QuietHours.nullable().default(null),
  notifications: z.boolean().default(true),
  /** Nothing is removed from somebody's database unless they say so. */
  jobLogDays: z.int().min(1).max(3_650).nullable().default(null),
  telling: z
    .object({
      least: Severity.default('info'),
      quiet: QuietHours.nullable().default(null),
      pausedUntil: z.iso.datetime().nullable().default(null),
      tray: z.boolean().default(true),
    })
    .prefault({}),
});
export type StoredSettings = z.infer<typeof StoredSettings>;

export interface SettingsFile {
  readonly current: StoredSettings;
  /** Replaces the settings and writes them: all of the file or none of it. */
  save(next: StoredSettings): void;
  /** What was wrong with the file at the start; it was kept beside under `.broken`. */
  readonly problem: string | null;
}

/** Opens the settings file; a missing one is a fresh start, a damaged one is set aside and said so. */
export const openSettingsFile = (path: string): SettingsFile => {
  const { settings, problem } = read(path);
  let current = settings;
  return {
    problem,
    get current() {
      return current;
    },
    save(next) {
      mkdirSync(dirname(path), { recursive: true });
      const temporary = `${path}.new`;
      writeFileSync(temporary, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
      renameSync(temporary, path);
      current = next;
    },
  };
};

const read = (path: string): { settings: StoredSettings; problem: string | null } => {
  if (!existsSync(path)) return { settings: StoredSettings.parse({}), problem: null };
  try {
    return { settings: StoredSettings.parse(JSON.parse(readFileSync(path, 'utf8'))), problem: null };
  } catch (error) {
    const aside = `${path}.broken`;
    renameSync(path, aside);
    const why = error instanceof z.ZodError ? z.prettifyError(error) : 'it is not JSON';
    return {
      settings: StoredSettings.parse({}),
      problem: `The settings file could not be read (${why}). It was kept as ${aside}, and the settings start afresh.`,
    };
  }
};
