import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Begins a script that needs the time: `now` is ms since 1970 on the server's clock, with its fraction. */
export const REDIS_NOW_MS = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
`;

/**
 * Begins a script that says how long it took: `spentMs()`, whole ms. Servers from 7.2 on stop the clock while a
 * script runs; there it is 0.
 */
export const REDIS_CLOCK = `
local begun = redis.call('TIME')
local function spentMs()
  local ended = redis.call('TIME')
  return math.ceil((ended[1] - begun[1]) * 1000 + (ended[2] - begun[2]) / 1000)
end
`;

/** A lowest or highest score as a command takes it. */
export const scoreBound = (score: number): string => {
  if (Number.isFinite(score)) return String(score);
  return score < 0 ? '-inf' : '+inf';
};

/** A Lua script, sent by its hash and by its text only where the server does not know it yet. */
export class RedisScript {
  private readonly sha: string;

  constructor(private readonly lua: string) {
    this.sha = createHash('sha1').update(lua).digest('hex');
  }

  async run(client: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await client.evalsha(this.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(this.lua, keys.length, ...keys, ...args);
    }
  }
}
