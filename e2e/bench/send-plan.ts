import { z } from 'zod';

export const Servers = z.object({ databaseUrl: z.string(), redisUrl: z.string() });
export type Servers = z.infer<typeof Servers>;

/** What a process of the sending benchmarks is told on its command line. */
export const SendPlan = z.discriminatedUnion('role', [
  /** A fake provider, which stamps what arrives: see ProviderOrder and ProviderAnswer. */
  z.object({ role: z.literal('provider'), latencyMs: z.number() }),
  /** A worker of the console on the queues and the database of others. */
  z.object({
    role: z.literal('worker'),
    queues: z.discriminatedUnion('engine', [
      z.object({ engine: z.literal('redis'), url: z.string() }),
      z.object({ engine: z.literal('postgres') }),
    ]),
    databaseUrl: z.string(),
    providerUrl: z.string(),
    concurrency: z.int(),
  }),
  /** A console on these servers: launches so many campaigns to the same recipients at each LAUNCH. */
  z.object({
    role: z.literal('console'),
    engine: z.enum(['redis', 'postgres']),
    servers: Servers,
    providerUrl: z.string(),
    recipients: z.int(),
    campaigns: z.int(),
    /** Null: no limit. */
    perSecond: z.number().nullable(),
  }),
  /** Console and worker on an embedded database of their own: sends to so many, and says how long it took. */
  z.object({
    role: z.literal('embedded'),
    providerUrl: z.string(),
    recipients: z.int(),
    /** Null: no limit. */
    perSecond: z.number().nullable(),
  }),
  /** BullMQ's own limiter, in one of several processes: one job a message. */
  z.object({
    role: z.literal('limiter'),
    redisUrl: z.string(),
    providerUrl: z.string(),
    perSecond: z.number(),
  }),
  /** A plain job that loops over its contacts: one request and one row update each. */
  z.object({
    role: z.literal('loop'),
    databaseUrl: z.string(),
    providerUrl: z.string(),
    messages: z.int(),
  }),
]);
export type SendPlan = z.infer<typeof SendPlan>;

/** What each of them says over its channel: that it is ready, and what it found. */
export const Said = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), url: z.string().optional() }),
  z.object({ type: z.literal('ended'), ms: z.number() }),
  /** Arrivals in ms since 1970. */
  z.object({ type: z.literal('arrivals'), times: z.array(z.number()) }),
  /** Processor time of the process since its start, in ms. */
  z.object({ type: z.literal('cpu'), ms: z.number() }),
]);
export type Said = z.infer<typeof Said>;

/** To the provider: tell what has arrived, and forget it. */
export const TAKE_ARRIVALS = 'arrivals';
/** To a worker: tell how much processor time you have taken. */
export const TELL_CPU = 'cpu';
/** To the console: launch, and say when all has ended. */
export const LAUNCH = 'launch';
export const LIMITER_QUEUE = 'limited';
