import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import {
  RECOVERY_PER_SECOND,
  SAME_CUT_MS,
  SLOWEST_SHARE,
  type Lowered,
  type Pace,
  type PairPace,
  type Reservation,
} from './coordination';
import { REDIS_NOW_MS, RedisScript } from './redis-script';

/**
 * A line is a hash: `due` of GCRA and the mean `step` of what is reserved until then, `share`, `at`, `since` and `code`
 * of the last cut, `hold` until when.
 */
const lowered = `${REDIS_NOW_MS}
local function lowered(key)
  local known = redis.call('HMGET', key, 'share', 'at', 'hold')
  local share = 1
  if known[1] then share = math.min(1, tonumber(known[1]) + (now - tonumber(known[2])) * ${RECOVERY_PER_SECOND / 1_000}) end
  return share, tonumber(known[3] or 0)
end
local function keep(key, ms)
  redis.call('PEXPIRE', key, math.ceil(math.max(ms, redis.call('PTTL', key))))
end
`;
/** Longer than the deepest cut takes to recover. */
const KEEP_MS = 120_000;

/**
 * Machines may ask at different rates while an edited one gets around. What is reserved ahead is counted in permits, so
 * that a faster rate moves the line forward by no more than it would have reserved itself.
 * KEYS: the line, the wider one if there is one. ARGV: ms a permit, burst, longest wait in ms, permits a place, places.
 */
const reserveScript = new RedisScript(`${lowered}
local step, burst, maxWait = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local weight, count = tonumber(ARGV[4]), tonumber(ARGV[5])
local share, hold = lowered(KEYS[1])
local wideShare, wideHold = 1, 0
if KEYS[2] then wideShare, wideHold = lowered(KEYS[2]) end
step = step / (share * wideShare)
local from = math.max(now, hold, wideHold)
local known = redis.call('HMGET', KEYS[1], 'due', 'step')
local due, was = tonumber(known[1] or 0), tonumber(known[2] or step)
local ahead = math.max(0, due - from) / was
if was > step then due = math.min(due, from + ahead * step) end
local answer = {string.format('%.3f', now), '0'}
for place = 1, count do
  local line = math.max(due, from)
  local start = math.max(from, line - (burst - 1) * step)
  if start - now > maxWait then
    answer[2] = string.format('%.3f', start - now - maxWait)
    break
  end
  due = line + weight * step
  ahead = ahead + weight
  answer[place + 2] = string.format('%.3f', start)
end
if #answer > 2 then
  redis.call('HSET', KEYS[1], 'due', string.format('%.3f', due), 'step', string.format('%.6f', (due - from) / ahead))
  keep(KEYS[1], due - now + ${KEEP_MS})
end
return answer
`);

/** KEYS: the line. ARGV: factor, code. */
const slowDownScript = new RedisScript(`${lowered}
local at = tonumber(redis.call('HGET', KEYS[1], 'at') or 0)
if now - at < ${SAME_CUT_MS} then return 0 end
local share = lowered(KEYS[1])
if share == 1 then redis.call('HSET', KEYS[1], 'since', string.format('%.0f', now)) end
redis.call('HSET', KEYS[1], 'share', tostring(math.max(${SLOWEST_SHARE}, share * ARGV[1])),
  'at', string.format('%.3f', now), 'code', ARGV[2])
keep(KEYS[1], ${KEEP_MS})
return 1
`);

/** KEYS: the line. ARGV: ms. */
const holdScript = new RedisScript(`${lowered}
local _, hold = lowered(KEYS[1])
redis.call('HSET', KEYS[1], 'hold', string.format('%.3f', math.max(hold, now + ARGV[1])))
keep(KEYS[1], ARGV[1] + ${KEEP_MS})
return 1
`);

/** KEYS: the lines. */
const loweredScript = new RedisScript(`${lowered}
local answer = {}
for _, key in ipairs(KEYS) do
  local share, hold = lowered(key)
  local cause = redis.call('HMGET', key, 'code', 'since')
  table.insert(answer, {tostring(share), string.format('%.3f', math.max(0, hold - now)), cause[1] or '', cause[2] or '0'})
end
return answer
`);

/**
 * Lines of pairs are packed: one hash for every 256th of a scope's members, small enough to stay a listpack.
 * A field is a fingerprint of the member, its value when the next permit is due, in tenths of a second round
 * a circle of nine days: 10 bytes a member. Two members with one fingerprint share a line, which the burst
 * of a pair swallows.
 */
const CIRCLE = 2 ** 23;
/** A hash with more fields than this lets go of those whose lines are empty again. */
const PRUNE_FROM = 40;

/** KEYS: hashes. ARGV: ms a permit, burst, then for each member the number of its hash and its field. */
const admitScript = new RedisScript(`${REDIS_NOW_MS}
local step, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local tenth = math.floor(now / 100) % ${CIRCLE}
local function ahead(value)
  local tenths = (tonumber(value) - tenth) % ${CIRCLE}
  if tenths >= ${CIRCLE / 2} then return 0 end
  return tenths * 100
end
local waits = {}
for place = 3, #ARGV, 2 do
  local key, field = KEYS[tonumber(ARGV[place])], ARGV[place + 1]
  local value = redis.call('HGET', key, field)
  local due = value and ahead(value) or 0
  local wait = math.max(0, math.ceil(due - (burst - 1) * step))
  if wait == 0 then redis.call('HSET', key, field, (tenth + math.ceil((due + step) / 100)) % ${CIRCLE}) end
  table.insert(waits, wait)
end
for _, key in ipairs(KEYS) do
  if redis.call('HLEN', key) > ${PRUNE_FROM} then
    local all = redis.call('HGETALL', key)
    for place = 1, #all, 2 do
      if ahead(all[place + 1]) == 0 then redis.call('HDEL', key, all[place]) end
    end
  end
  redis.call('PEXPIRE', key, math.ceil((burst + 1) * step))
end
return waits
`);

const Lines = z.array(z.tuple([z.string(), z.string(), z.string(), z.string()]));

/** The pacing of {@link Coordination} in Lua, on the server's clock. */
export class RedisPacing {
  constructor(
    private readonly client: Redis,
    private readonly prefix: string,
  ) {}

  async reserve(key: string, pace: Pace, count: number): Promise<Reservation> {
    const answer = await reserveScript.run(
      this.client,
      [key, ...(pace.within === undefined ? [] : [pace.within])].map((each) => this.line(each)),
      [1_000 / pace.perSecond, pace.burst, pace.maxWaitMs, pace.weight ?? 1, count],
    );
    const [nowMs = 0, retryInMs = 0, ...startsMs] = z.array(z.coerce.number()).min(2).parse(answer);
    return { nowMs, startsMs, retryInMs: Math.ceil(retryInMs) };
  }

  async slowDown(key: string, factor: number, code: string): Promise<void> {
    await slowDownScript.run(this.client, [this.line(key)], [factor, code]);
  }

  async hold(key: string, ms: number): Promise<void> {
    await holdScript.run(this.client, [this.line(key)], [ms]);
  }

  async lowered(keys: readonly string[]): Promise<Lowered[]> {
    const answer = await loweredScript.run(
      this.client,
      keys.map((key) => this.line(key)),
      [],
    );
    return Lines.parse(answer).map(([share, heldForMs, code, since]) => ({
      share: Number(share),
      cause: Number(share) < 1 ? { code, sinceMs: Number(since) } : null,
      heldForMs: Math.ceil(Number(heldForMs)),
    }));
  }

  async admit(scope: string, members: readonly string[], pace: PairPace): Promise<number[]> {
    if (members.length === 0) return [];
    const keys = new Map<string, number>();
    const places = members.flatMap((member) => {
      const digest = createHash('sha1').update(member).digest();
      const key = `${this.prefix}:pairs:${scope}:${digest.readUInt8(0)}`;
      const place = keys.get(key) ?? keys.size + 1;
      keys.set(key, place);
      return [place, digest.readUIntBE(1, 3) % CIRCLE];
    });
    const args = [1_000 / pace.perSecond, pace.burst, ...places];
    return z.array(z.number()).parse(await admitScript.run(this.client, [...keys.keys()], args));
  }

  private line(key: string): string {
    return `${this.prefix}:line:${key}`;
  }
}
