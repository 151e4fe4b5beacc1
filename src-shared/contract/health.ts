import { z } from 'zod';
import { query } from '../rpc/define';
import { Count, Empty, Health, Instant } from './common';

/** How the engine keeps its jobs over a restart. `unknown` where the server does not say. */
export const Persistence = z.enum(['none', 'snapshots', 'append-only', 'files', 'unknown']);
export type Persistence = z.infer<typeof Persistence>;

/** What the queues' engine says of itself. Null: it has no such figure, or does not tell. */
export const EngineFacts = z.object({
  kind: z.enum(['redis', 'pglite']),
  version: z.string(),
  uptimeSeconds: Count.nullable(),
  memory: z.object({
    usedBytes: Count.nullable(),
    peakBytes: Count.nullable(),
    /** From which size on it evicts or refuses. */
    limitBytes: Count.nullable(),
    /** Memory that the system gave it over memory that it uses. */
    fragmentation: z.number().nullable(),
    evictionPolicy: z.string().nullable(),
    evictedKeys: Count.nullable(),
  }),
  /** What it takes on the disk, jobs and the console's own tables together. */
  storageBytes: Count.nullable(),
  persistence: Persistence,
  /** False where the last attempt to save failed. */
  savesWell: z.boolean().nullable(),
  lastSavedAt: Instant.nullable(),
  clients: Count.nullable(),
  blockedClients: Count.nullable(),
  commandsPerSecond: z.number().nullable(),
  /** Median and longest round trip of the last minute, in ms. */
  latency: z.object({ medianMs: z.number(), longestMs: z.number() }).nullable(),
});
export type EngineFacts = z.infer<typeof EngineFacts>;

export const EngineWarning = z.object({
  code: z.enum([
    'eviction-policy',
    'keys-evicted',
    'memory-high',
    'not-persistent',
    'saving-fails',
    'fragmented',
    'slow',
    'old-version',
  ]),
  /** In plain words, and what to do. */
  message: z.string(),
  action: z.string(),
});
export type EngineWarning = z.infer<typeof EngineWarning>;

/** One step of the engine's history; null where nobody was watching. */
export const EnginePoint = z.object({
  at: Instant,
  latencyMs: z.number().nullable(),
  longestMs: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  storageBytes: z.number().nullable(),
  clients: z.number().nullable(),
});
export type EnginePoint = z.infer<typeof EnginePoint>;

/** The console keeps so many days of measurements. */
export const METRICS_DAYS = 90;

export const health = {
  /** Null facts: the engine is away, or does not let us ask. */
  engine: query({
    input: Empty,
    output: z.object({
      label: z.string(),
      health: Health,
      facts: EngineFacts.nullable(),
      warnings: z.array(EngineWarning),
    }),
  }),
  engineHistory: query({
    input: z.object({
      minutes: z
        .int()
        .min(15)
        .max(METRICS_DAYS * 24 * 60),
    }),
    output: z.object({ stepSeconds: z.number().positive(), points: z.array(EnginePoint) }),
  }),
};
