import { Redis, type RedisOptions } from 'ioredis';

/** Without jitter many consoles would return in the same millisecond. Ms, at most about 1 s. */
const retryStrategy = (attempt: number): number =>
  Math.min(1_000, 50 * 2 ** Math.min(attempt, 5)) * (0.8 + Math.random() * 0.2);

const common: RedisOptions = {
  retryStrategy,
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // A replica that was a master a moment ago: connect again, the name resolves to the new master.
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
};

/**
 * For commands of the console and for reading events: fails at once while there is no connection, and never sends a command
 * twice. What was under way when the connection broke is refused, not repeated.
 */
export const commandClient = (url: string, name: string): Redis =>
  new Redis(url, {
    ...common,
    connectionName: name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  });

/** For workers: a worker's result waits for the connection to come back, so that no finished job is lost. */
export const workerClient = (url: string): Redis => new Redis(url, { ...common, maxRetriesPerRequest: null });

/** "127.0.0.1:6379": where a Redis is, without user, password and options. */
export const redisLabel = (url: string): string => {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? '6379' : port}`;
};

const KNOWN_PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nothing answers at this address'],
  [/ENOTFOUND|EAI_AGAIN/, 'the host name is not known'],
  [/ETIMEDOUT|timed out/i, 'it does not answer in time'],
  [/ECONNRESET|EPIPE|closed|writeable/i, 'the connection was lost'],
  [/WRONGPASS|NOAUTH|invalid password/i, 'the user name or password is wrong'],
  [/NOPERM/, 'this user may not run the commands the queues need'],
  [/LOADING/, 'it is loading its data'],
  [/MASTERDOWN|READONLY/, 'it is a replica without its master'],
  [/certificate|SSL|TLS/i, 'the encrypted connection was refused'],
];

/** A connection error in plain words; nothing of the URL but host and port is ever in it. */
export const redisProblem = (error: Error, label: string): string => {
  const known = KNOWN_PROBLEMS.find(([pattern]) => pattern.test(error.message));
  return `Redis at ${label}: ${known?.[1] ?? 'the connection failed'}`;
};
