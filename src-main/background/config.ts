import { z } from 'zod';
import { WorkerSettings } from '@shared/contract/workers';
import type { Config } from '../config/config';
import { adsappQueues } from '@shared/domain/queues';
import { backgroundContract, type ProviderSettings } from './contract';

/** What main tells the background process at its start. Holds secrets: it travels over the channel, never on a command line. */
export const BackgroundConfig = z.object({
  version: z.string(),
  dataDir: z.string(),
  /** Null: the queues are on PGlite, in this process. */
  redisUrl: z.string().nullable(),
  /** Null: the data is on PGlite, in this process. */
  databaseUrl: z.string().nullable(),
  workers: z.array(WorkerSettings),
  /** Longest run of a job, where the environment names it. */
  timeLimitSeconds: z.number().nullable(),
  providers: backgroundContract.providers.configure.input,
});
export type BackgroundConfig = z.infer<typeof BackgroundConfig>;

/** The background process's share of a Config. */
export const backgroundConfig = (config: Config, version: string): BackgroundConfig => ({
  version,
  dataDir: config.dataDir,
  redisUrl: config.redisUrl,
  databaseUrl: config.databaseUrl,
  workers: adsappQueues.map((queue) => ({ queue, ...config.workers[queue] })),
  timeLimitSeconds: config.timeLimitSeconds,
  providers: providerSettings(config),
});

const SANDBOX_FROM = 'sandbox@adsapp.invalid';

/** How messages leave: the providers where their credentials are complete, else the sandbox. */
export const providerSettings = ({ whatsapp, email, sandbox }: Config): ProviderSettings => ({
  whatsapp:
    whatsapp.mode === 'cloud-api' && whatsapp.token !== null && whatsapp.phoneNumberId !== null
      ? {
          mode: 'cloud-api',
          apiBaseUrl: whatsapp.apiBaseUrl,
          phoneNumberId: whatsapp.phoneNumberId,
          token: whatsapp.token,
        }
      : { mode: 'sandbox' },
  email:
    email.mode === 'resend' && email.apiKey !== null && email.from !== null
      ? { mode: 'resend', baseUrl: email.baseUrl, from: email.from, apiKey: email.apiKey }
      : { mode: 'sandbox', from: email.from ?? SANDBOX_FROM },
  sandbox,
  messagesPerSecond: whatsapp.messagesPerSecond,
  emailsPerSecond: email.emailsPerSecond,
});
