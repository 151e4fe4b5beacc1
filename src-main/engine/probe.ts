import { Redis } from 'ioredis';

/** What a test of a Redis address found. */
export interface RedisProbe {
  readonly reachable: boolean;
  readonly detail: string;
  readonly latencyMs: number | null;
}

const TIMEOUT_MS = 5_000;

/** Connects once, asks for a PING and the server's facts, and disconnects. Never rejects; never quotes the address. */
export const probeRedis = async (url: string): Promise<RedisProbe> => {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The failure is the rejection below; without a listener ioredis prints it as well.
  const errors: Error[] = [];
  redis.on('error', (error: Error) => errors.push(error));
  try {
    await redis.connect();
    const started = performance.now();
    await redis.ping();
    const latencyMs = performance.now() - started;
    return { reachable: true, detail: describe(await redis.info()), latencyMs };
  } catch (error) {
    return { reachable: false, detail: (errors.at(-1) ?? (error as Error)).message, latencyMs: null };
  } finally {
    redis.disconnect();
  }
};

/** BullMQ loses jobs where Redis may evict keys, so that is said here, before anything is queued. */
const describe = (info: string): string => {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const policy = field('maxmemory_policy');
  const version = `Redis ${field('redis_version') ?? '(unknown version)'}`;
  if (policy === undefined || policy === 'noeviction') return version;
  return `${version}. Warning: its eviction policy is ${policy}; set maxmemory-policy to noeviction, or it may drop jobs.`;
};
