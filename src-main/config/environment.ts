import { z } from 'zod';
import { LEAST_TIME_LIMIT, LONGEST_TIME_LIMIT } from '@shared/contract/workers';
import { fail, ok, type AppError, type Result } from '@shared/errors';

const text = z.string().trim().min(1);
const redisUrl = text.regex(/^rediss?:\/\/\S+$/, 'must begin with redis:// or rediss://');
const databaseUrl = text.regex(/^postgres(ql)?:\/\/\S+$/, 'must begin with postgres:// or postgresql://');
const httpUrl = text.regex(/^https?:\/\/\S+$/, 'must begin with https:// (or http:// on this machine)');

const webhookSecret = text.regex(
  /^whsec_[A-Za-z0-9+/]+={0,2}$/,
  'must be the signing secret of the webhook, which begins with whsec_',
);

const Variables = z.object({
  REDIS_URL: redisUrl.optional(),
  UPSTASH_REDIS_REST_URL: text
    .regex(/^(https?|rediss?):\/\/\S+$/, 'must be the https:// address of the Upstash database')
    .optional(),
  UPSTASH_REDIS_REST_TOKEN: text.optional(),
  DATABASE_URL: databaseUrl.optional(),
  WHATSAPP_ACCESS_TOKEN: text.optional(),
  WHATSAPP_PHONE_NUMBER_ID: text
    .regex(/^\d+$/, 'must be digits only: the id of the phone number, not the number')
    .optional(),
  WHATSAPP_API_BASE_URL: httpUrl.optional(),
  WHATSAPP_APP_SECRET: text.optional(),
  WHATSAPP_WEBHOOK_VERIFY_TOKEN: text.optional(),
  RESEND_API_KEY: text.optional(),
  RESEND_FROM_EMAIL: text.includes('@', { message: 'must be an email address' }).optional(),
  RESEND_BASE_URL: httpUrl.optional(),
  RESEND_WEBHOOK_SECRET: webhookSecret.optional(),
  ADSAPP_DATA_DIR: text.optional(),
  ADSAPP_JOB_TIME_LIMIT: z.coerce
    .number('must be a number of seconds')
    .int('must be a whole number of seconds')
    .min(LEAST_TIME_LIMIT, `must be at least ${LEAST_TIME_LIMIT} seconds`)
    .max(LONGEST_TIME_LIMIT, `must be at most ${LONGEST_TIME_LIMIT} seconds`)
    .optional(),
});

/** The environment, checked once. Everything is optional: with nothing set the embedded profile runs. */
export interface Environment {
  readonly redisUrl: string | null;
  readonly databaseUrl: string | null;
  readonly whatsapp: {
    readonly token: string | null;
    readonly phoneNumberId: string | null;
    readonly apiBaseUrl: string | null;
    readonly appSecret: string | null;
    readonly verifyToken: string | null;
  };
  readonly resend: {
    readonly apiKey: string | null;
    readonly from: string | null;
    readonly baseUrl: string | null;
    readonly webhookSecret: string | null;
  };
  readonly dataDir: string | null;
  /** Longest run of a job. */
  readonly jobTimeLimitSeconds: number | null;
}

/** Reads the variables of the seed guide and the design; an empty one counts as not set. No value is ever quoted in an error. */
export const parseEnvironment = (
  variables: Readonly<Record<string, string | undefined>>,
): Result<Environment> => {
  const set = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = Variables.safeParse(set);
  if (!parsed.success) return fail(problemOf(parsed.error));
  const env = parsed.data;
  const upstash = upstashUrl(env.UPSTASH_REDIS_REST_URL, env.UPSTASH_REDIS_REST_TOKEN);
  if (!upstash.ok) return upstash;
  return ok({
    redisUrl: env.REDIS_URL ?? upstash.value,
    databaseUrl: env.DATABASE_URL ?? null,
    whatsapp: {
      token: env.WHATSAPP_ACCESS_TOKEN ?? null,
      phoneNumberId: env.WHATSAPP_PHONE_NUMBER_ID ?? null,
      apiBaseUrl: env.WHATSAPP_API_BASE_URL ?? null,
      appSecret: env.WHATSAPP_APP_SECRET ?? null,
      verifyToken: env.WHATSAPP_WEBHOOK_VERIFY_TOKEN ?? null,
    },
    resend: {
      apiKey: env.RESEND_API_KEY ?? null,
      from: env.RESEND_FROM_EMAIL ?? null,
      baseUrl: env.RESEND_BASE_URL ?? null,
      webhookSecret: env.RESEND_WEBHOOK_SECRET ?? null,
    },
    dataDir: env.ADSAPP_DATA_DIR ?? null,
    jobTimeLimitSeconds: env.ADSAPP_JOB_TIME_LIMIT ?? null,
  });
};

const problemOf = (error: z.ZodError): AppError => ({
  code: 'invalid_input',
  message: `The environment is not right: ${error.issues.map((issue) => `${issue.path.map(String).join('.')} ${issue.message}`).join('; ')}.`,
  action: 'Correct the variable, or unset it, and start again.',
  issues: error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message })),
});

/** The host from the REST address, the token as the password, TLS on 6379 (design, "Engines and stores"). */
const upstashUrl = (url: string | undefined, token: string | undefined): Result<string | null> => {
  if (url === undefined && token === undefined) return ok(null);
  if (url === undefined || token === undefined) {
    const missing = url === undefined ? 'UPSTASH_REDIS_REST_URL' : 'UPSTASH_REDIS_REST_TOKEN';
    return fail({
      code: 'invalid_input',
      message: `The environment is not right: ${missing} is missing; the two UPSTASH variables go together.`,
      action: 'Set both, or use REDIS_URL.',
      issues: [{ path: missing, message: 'is missing' }],
    });
  }
  const { hostname } = new URL(url);
  return ok(`rediss://default:${encodeURIComponent(token)}@${hostname}:6379`);
};
