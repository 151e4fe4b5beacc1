import { REDIS_CLOCK, RedisScript } from './redis-script';

/**
 * Read-only Lua for selections (keys as in redis-scripts.ts): which jobs stand where. What is in them is fetched
 * beside, with plain commands: those cost the server a fifth of what a script costs for the same.
 */

/** KEYS: a sorted set or list of jobs. ARGV: lowest and highest score. Answers how many there are. */
export const sizeScript = new RedisScript(`
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'list' then return redis.call('LLEN', KEYS[1]) end
if kind ~= 'zset' then return 0 end
return redis.call('ZCOUNT', KEYS[1], ARGV[1], ARGV[2])
`);

/**
 * KEYS: the state's set or list. ARGV: newest (1 or 0), lowest and highest score, offset, count, the last job of the
 * page before and its score, and whether all scores are wanted (1 or 0), which takes three times as long. Answers the
 * offset it began at, ids or id and score in turn, ms, the first one's rank in the whole set or list from the end that
 * is walked from, and the last one's score.
 */
export const walkScript = new RedisScript(`${REDIS_CLOCK}
local key, newest = KEYS[1], ARGV[1] == '1'
local lowest, highest, offset, count = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local anchor, anchorScore, scored = ARGV[6], ARGV[7], ARGV[8] == '1'

local before, lastScore = 0, ''
local function fromSet()
  local size = redis.call('ZCOUNT', key, lowest, highest)
  if newest then
    if highest ~= '+inf' then before = redis.call('ZCOUNT', key, '(' .. highest, '+inf') end
  elseif lowest ~= '-inf' then
    before = redis.call('ZCOUNT', key, '-inf', '(' .. lowest)
  end
  -- The job that the page before ended with says where this one begins, if it is still where it was.
  if anchor ~= '' and redis.call('ZSCORE', key, anchor) == anchorScore then
    offset = redis.call(newest and 'ZREVRANK' or 'ZRANK', key, anchor) - before + 1
  end
  local last = math.min(offset + count, size) - 1
  if last < offset then return {} end
  local command = newest and 'ZREVRANGE' or 'ZRANGE'
  if scored then return redis.call(command, key, before + offset, before + last, 'WITHSCORES') end
  local ids = redis.call(command, key, before + offset, before + last)
  lastScore = redis.call('ZSCORE', key, ids[#ids]) or ''
  return ids
end

-- A list's head is its newest entry, and workers take from its tail.
local function fromList()
  if anchor ~= '' then
    local at = newest and offset - 1 or -offset
    if redis.call('LINDEX', key, at) ~= anchor then
      local found = redis.call('LPOS', key, anchor, 'RANK', newest and 1 or -1, 'MAXLEN', 20000)
      if found then offset = newest and found + 1 or redis.call('LLEN', key) - found end
    end
  end
  if newest then return redis.call('LRANGE', key, offset, offset + count - 1) end
  local ids = redis.call('LRANGE', key, -(offset + count), -(offset + 1))
  for i = 1, math.floor(#ids / 2) do ids[i], ids[#ids + 1 - i] = ids[#ids + 1 - i], ids[i] end
  return ids
end

local kind = redis.call('TYPE', key).ok
if kind == 'none' then return {offset, {}, 0, 0, ''} end
local found = kind == 'list' and fromList() or fromSet()
if scored and #found > 0 then lastScore = found[#found] end
return {offset, found, spentMs(), before + offset, lastScore}
`);

/** KEYS: the queue's prefix. ARGV: ids. Id, state and score in turn of each that is there, and ms. */
export const placesScript = new RedisScript(`${REDIS_CLOCK}
local base, out = KEYS[1], {}
local sets = {'failed', 'completed', 'delayed', 'prioritized', 'waiting-children'}
for _, id in ipairs(ARGV) do
  if redis.call('EXISTS', base .. id) == 1 then
    local state, score = false, false
    for _, set in ipairs(sets) do
      score = redis.call('ZSCORE', base .. set, id)
      if score then
        state = set == 'prioritized' and 'waiting' or set
        break
      end
    end
    -- A list would have to be searched through: who runs a job holds its lock.
    if not state then state = redis.call('EXISTS', base .. id .. ':lock') == 1 and 'active' or 'waiting' end
    out[#out + 1] = id
    out[#out + 1] = state
    out[#out + 1] = score or ''
  end
end
return {out, spentMs()}
`);
