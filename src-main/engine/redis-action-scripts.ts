import { CANCELLED_PREFIX } from '@shared/domain/failure-cause';
import { REDIS_CLOCK, RedisScript } from './redis-script';

/**
 * BullMQ's own scripts for one job (reprocessJob, promote, changePriority, removeJob of bullmq 6) for many at once:
 * what does not depend on the job is read once, and what can be pushed together is. KEYS: the queue's prefix, the
 * tally (or ''), the prefix of cancel requests. Each answers how many were done, flat who was not and why, and ms.
 */

/** A week: longer than any operation takes to be gone on with. */
const TALLY_SECONDS = 604_800;

const shared = `${REDIS_CLOCK}
local base, tally = KEYS[1], KEYS[2]
local refused, done = {}, 0
local function refuse(id, why)
  refused[#refused + 1] = id
  refused[#refused + 1] = why
end

local function isPausedOrMaxed(prefix)
  local meta = redis.call('HMGET', prefix .. 'meta', 'paused', 'concurrency')
  if meta[1] then return true end
  return meta[2] and redis.call('LLEN', prefix .. 'active') >= tonumber(meta[2]) or false
end

local maxEvents = redis.call('HGET', base .. 'meta', 'opts.maxLenEvents')
if not maxEvents then
  maxEvents = 10000
  redis.call('HSET', base .. 'meta', 'opts.maxLenEvents', maxEvents)
end
local function event(name, id, prev)
  redis.call('XADD', base .. 'events', 'MAXLEN', '~', maxEvents, '*', 'event', name, 'jobId', id, 'prev', prev)
end

-- Jobs that wait again, gathered so that each list is written once.
local plain, prioritized = {}, {}
local function waits(id, priority)
  if priority == 0 then
    plain[#plain + 1] = id
  else
    prioritized[#prioritized + 1] = {priority, id}
  end
end
local function release(push)
  if #plain > 0 then redis.call(push or 'LPUSH', base .. 'wait', unpack(plain)) end
  if #prioritized > 0 then
    local counter = redis.call('INCRBY', base .. 'pc', #prioritized) - #prioritized
    local pairs = {}
    for i, entry in ipairs(prioritized) do
      pairs[2 * i - 1] = string.format('%.0f', entry[1] * 4294967296 + (counter + i) % 4294967296)
      pairs[2 * i] = entry[2]
    end
    redis.call('ZADD', base .. 'prioritized', unpack(pairs))
  end
  if #plain + #prioritized > 0 and not isPausedOrMaxed(base) then
    redis.call('ZADD', base .. 'marker', 0, '0')
  end
end

-- Keys of the jobs that this step took away or put back.
local taken = {}
local function finish()
  if #taken > 0 and tally ~= '' then
    local last = tally .. ':last'
    redis.call('DEL', last)
    redis.call('RPUSH', last, unpack(taken))
    redis.call('EXPIRE', last, ${String(TALLY_SECONDS)})
  end
  if done > 0 and tally ~= '' then
    redis.call('INCRBY', tally, done)
    redis.call('EXPIRE', tally, ${String(TALLY_SECONDS)})
  end
  return {done, refused, spentMs()}
end
`;

/**
 * All in Lua: `find` sets `ids`; `stands` says whether the job `i` is a failed one still, and `isOther` whether it is
 * not the one that was meant.
 */
const retrying = ({
  find,
  stands,
  isOther,
}: Readonly<Record<'find' | 'stands' | 'isOther', string>>) => `${shared}
local leaveCancelled, failed = ARGV[1] == '1', base .. 'failed'
local ids, cancels, retried = {}, {}, {}
${find}
for i, id in ipairs(ids) do
  local key = base .. id
  local f = redis.call('HMGET', key, 'priority', 'parentKey', 'failedReason')
  if not (${stands}) then
    refuse(id, redis.call('EXISTS', key) == 1 and 'moved' or 'missing')
  elseif leaveCancelled and f[3] and string.sub(f[3], 1, ${String(CANCELLED_PREFIX.length)}) == '${CANCELLED_PREFIX}' then
    refuse(id, 'cancelled')
  elseif ${isOther} then
    refuse(id, 'changed')
  elseif redis.call('HDEL', key, 'finishedOn', 'processedOn', 'failedReason', 'atm', 'ats') == 0 then
    refuse(id, 'missing')
  else
    retried[#retried + 1] = id
    waits(id, tonumber(f[1]) or 0)
    local parent = f[2]
    if parent and redis.call('EXISTS', parent) == 1 then
      if redis.call('ZREM', parent .. ':unsuccessful', key) == 1 or redis.call('HDEL', parent .. ':failed', key) == 1 then
        redis.call('SADD', parent .. ':dependencies', key)
      end
    end
    event('waiting', id, 'failed')
    -- Who asked for its cancel meant the attempt that is over.
    cancels[#cancels + 1] = KEYS[3] .. id
  end
end
done = #retried
if done > 0 then
  redis.call('ZREM', failed, unpack(retried))
  redis.call('DEL', unpack(cancels))
end
release()
return finish()
`;

/** Those that are named, by so many arguments each. */
const named = (entry: number): string => `
for i = 2, #ARGV, ${String(entry)} do ids[#ids + 1] = ARGV[i] end
local scores = redis.call('ZMSCORE', failed, unpack(ids))
`;

/** ARGV: leave cancelled (1 or 0), then ids. */
export const retryScript = new RedisScript(
  retrying({ find: named(1), stands: 'scores[i]', isOther: 'false' }),
);

/** ARGV: leave cancelled, lowest and highest score, how many of the oldest to leave, and how many to retry at most. */
export const retryOldestScript = new RedisScript(
  retrying({
    find: `ids = redis.call('ZRANGEBYSCORE', failed, ARGV[2], ARGV[3], 'LIMIT', ARGV[4], ARGV[5])`,
    stands: 'true',
    isOther: 'false',
  }),
);

/** ARGV: leave cancelled, then id, SHA-1 of the payload as it was read, and the payload as it is to be, in turn. */
export const patchScript = new RedisScript(`
local function differs(key, place)
  if redis.sha1hex(redis.call('HGET', key, 'data') or '') ~= ARGV[place] then return true end
  redis.call('HSET', key, 'data', ARGV[place + 1])
  return false
end
${retrying({ find: named(3), stands: 'scores[i]', isOther: 'differs(key, 3 * i)' })}`);

/** ARGV: nothing, then id and '', in turn. */
export const promoteScript = new RedisScript(`${shared}
for i = 2, #ARGV, 2 do
  local id = ARGV[i]
  if redis.call('ZREM', base .. 'delayed', id) == 0 then
    refuse(id, redis.call('EXISTS', base .. id) == 1 and 'moved' or 'missing')
  else
    waits(id, tonumber(redis.call('HGET', base .. id, 'priority')) or 0)
    redis.call('HSET', base .. id, 'delay', 0)
    event('waiting', id, 'delayed')
    done = done + 1
  end
end
release()
return finish()
`);

/** ARGV: priority, then id and '', in turn. */
export const priorityScript = new RedisScript(`${shared}
local priority = tonumber(ARGV[1])
for i = 2, #ARGV, 2 do
  local id, key = ARGV[i], base .. ARGV[i]
  local f = redis.call('HMGET', key, 'name', 'priority')
  local before = tonumber(f[2]) or 0
  if not f[1] then
    refuse(id, 'missing')
  elseif before == priority then
    refuse(id, 'unchanged')
  else
    local waiting
    if before > 0 then
      waiting = redis.call('ZREM', base .. 'prioritized', id) == 1
    else
      waiting = redis.call('LREM', base .. 'wait', -1, id) == 1
    end
    if waiting then waits(id, priority) end
    redis.call('HSET', key, 'priority', priority)
    done = done + 1
  end
end
release()
return finish()
`);

/** Lua of who takes jobs out of the queue whose prefix is `from`, where they are in `state`. */
const takingOut = `
local function isScheduled(id, key)
  local scheduler = redis.call('HGET', key, 'rjk')
  local due = scheduler and redis.call('ZSCORE', from .. 'repeat', scheduler)
  return due and id == 'repeat:' .. scheduler .. ':' .. due
end

local function takeOut(id, mark)
  if state == 'waiting' then
    return redis.call('ZREM', from .. 'prioritized', id) == 1 or redis.call('LREM', from .. 'wait', -1, id) == 1
  elseif state == 'active' then
    return redis.call('LREM', from .. 'active', -1, id) == 1
  end
  if mark ~= '' and redis.call('ZSCORE', from .. state, id) ~= mark then return false end
  return redis.call('ZREM', from .. state, id) == 1
end

local function forgetOnce(id, key)
  local once = redis.call('HGET', key, 'deid')
  if once and redis.call('GET', from .. 'de:' .. once) == id then
    redis.call('DEL', from .. 'de:' .. once, from .. 'dn:' .. once)
  end
end
`;

/** ARGV: state, then id and time of the end (or ''), in turn. */
export const removeScript = new RedisScript(`${shared}
local state, from = ARGV[1], base
${takingOut}
-- A parent that waited for this job alone runs now.
local function leaveParent(key)
  local parent = redis.call('HGET', key, 'parentKey')
  if not parent or parent == '' or redis.call('SREM', parent .. ':dependencies', key) == 0 then return end
  if redis.call('SCARD', parent .. ':dependencies') > 0 then return end
  local id = string.match(parent, '.*:(.*)')
  local prefix = string.sub(parent, 1, #parent - #id)
  if redis.call('ZREM', prefix .. 'waiting-children', id) == 0 then return end
  redis.call('RPUSH', prefix .. 'wait', id)
  if not isPausedOrMaxed(prefix) then redis.call('ZADD', prefix .. 'marker', 0, '0') end
  redis.call('XADD', prefix .. 'events', '*', 'event', 'waiting', 'jobId', id, 'prev', 'waiting-children')
end

for i = 2, #ARGV, 2 do
  local id, key = ARGV[i], base .. ARGV[i]
  if redis.call('EXISTS', key) == 0 then
    refuse(id, 'missing')
  elseif redis.call('EXISTS', key .. ':lock') == 1 then
    refuse(id, 'locked')
  elseif isScheduled(id, key) then
    refuse(id, 'scheduled')
  elseif redis.call('SCARD', key .. ':dependencies') > 0 then
    refuse(id, 'has-children')
  elseif not takeOut(id, ARGV[i + 1]) then
    refuse(id, 'moved')
  else
    leaveParent(key)
    forgetOnce(id, key)
    redis.call('DEL', key, key .. ':logs', key .. ':dependencies', key .. ':processed', key .. ':failed',
      key .. ':unsuccessful')
    event('removed', id, state)
    done = done + 1
    taken[done] = key
  end
end
return finish()
`);

/**
 * KEYS[1] is the prefix of the queue that they go to. ARGV: JSON of their state, the prefix that they come from and
 * the line that says so, before and after the id; then id and time of the end (or ''), in turn. An id that a queue
 * counted itself is counted anew: the other one has, or will have, a job of that number, which would be lost.
 */
export const moveScript = new RedisScript(`${shared}
local given = cjson.decode(ARGV[1])
local state, from = given.state, given.from
${takingOut}
local function belongsToFlow(key)
  local parent = redis.call('HGET', key, 'parentKey')
  return (parent and parent ~= '') or redis.call('EXISTS', key .. ':dependencies', key .. ':processed',
    key .. ':failed', key .. ':unsuccessful') > 0
end

local delayed = false
for i = 2, #ARGV, 2 do
  local id, old = ARGV[i], from .. ARGV[i]
  local isCounted = string.match(id, '^%d+$')
  local due = state == 'delayed' and redis.call('ZSCORE', from .. 'delayed', id)
  if redis.call('EXISTS', old) == 0 then
    refuse(id, 'missing')
  elseif redis.call('EXISTS', old .. ':lock') == 1 then
    refuse(id, 'locked')
  elseif isScheduled(id, old) then
    refuse(id, 'scheduled')
  elseif belongsToFlow(old) then
    refuse(id, 'in-flow')
  elseif not isCounted and redis.call('EXISTS', base .. id) == 1 then
    refuse(id, 'id-taken')
  elseif not takeOut(id, ARGV[i + 1]) then
    refuse(id, 'moved')
  else
    forgetOnce(id, old)
    local there = isCounted and string.format('%.0f', redis.call('INCR', base .. 'id')) or id
    while isCounted and redis.call('EXISTS', base .. there) == 1 do
      there = string.format('%.0f', redis.call('INCR', base .. 'id'))
    end
    local new = base .. there
    redis.call('RENAME', old, new)
    if redis.call('EXISTS', old .. ':logs') == 1 then redis.call('RENAME', old .. ':logs', new .. ':logs') end
    redis.call('RPUSH', new .. ':logs', given.before .. id .. given.after)
    redis.call('HDEL', new, 'finishedOn', 'processedOn', 'failedReason', 'atm', 'ats', 'deid', 'rjk', 'nrjid')
    redis.call('DEL', KEYS[3] .. id)
    if due then
      redis.call('ZADD', base .. 'delayed', due, there)
      delayed = true
    else
      waits(there, tonumber(redis.call('HGET', new, 'priority')) or 0)
    end
    redis.call('XADD', from .. 'events', 'MAXLEN', '~', maxEvents, '*', 'event', 'removed', 'jobId', id, 'prev', state)
    event(due and 'delayed' or 'waiting', there, state)
    done = done + 1
  end
end
if delayed then
  local first = redis.call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')
  redis.call('ZADD', base .. 'marker', math.floor(tonumber(first[2]) / 4096), '1')
end
release()
return finish()
`);

/**
 * KEYS: the queue's prefix. ARGV: ids. Each job that is there with all that belongs to it; whether its parent waits for
 * it, and until when no other of its kind is taken: '', 'always' or ms since 1970.
 */
export const copyScript = new RedisScript(`${REDIS_CLOCK}
local base, out, spent = KEYS[1], {}, 0
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function aloneUntil(id, key)
  local once = redis.call('HGET', key, 'deid')
  if not once or redis.call('GET', base .. 'de:' .. once) ~= id then return '' end
  local left = redis.call('PTTL', base .. 'de:' .. once)
  return left < 0 and 'always' or string.format('%.0f', now + left)
end

for i, id in ipairs(ARGV) do
  local key = base .. id
  local fields = redis.call('HGETALL', key)
  if #fields > 0 then
    local state, score = 'waiting', false
    for _, set in ipairs({'failed', 'completed', 'delayed', 'prioritized', 'waiting-children'}) do
      score = redis.call('ZSCORE', base .. set, id)
      if score then
        state = set
        break
      end
    end
    local parent = redis.call('HGET', key, 'parentKey')
    local isOwed = parent and parent ~= '' and redis.call('SISMEMBER', parent .. ':dependencies', key) or 0
    for _, field in ipairs(fields) do spent = spent + #field end
    out[#out + 1] = {id, state, score or '', fields, redis.call('LRANGE', key .. ':logs', 0, -1),
      redis.call('HGETALL', key .. ':processed'), redis.call('HGETALL', key .. ':failed'),
      redis.call('ZRANGE', key .. ':unsuccessful', 0, -1, 'WITHSCORES'), isOwed, aloneUntil(id, key)}
    if spent > 2000000 then return {i, out, spentMs()} end
  end
end
return {#ARGV, out, spentMs()}
`);

/** ARGV: nothing, then id and its copy as JSON, in turn: of waiting jobs the last of the line first. */
export const restoreScript = new RedisScript(`${shared}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function fill(command, key, list)
  for i = 1, #list, 1000 do redis.call(command, key, unpack(list, i, math.min(i + 999, #list))) end
end
local function turned(list)
  local out = {}
  for i = 1, #list, 2 do out[i], out[i + 1] = list[i + 1], list[i] end
  return out
end

-- Before all of its priority, as the others are put before all that wait: they may have been counted anew since then.
local function foremost(priority)
  local own = priority * 4294967296
  local first = redis.call('ZRANGEBYSCORE', base .. 'prioritized', own - 2147483648, own + 2147483647, 'WITHSCORES',
    'LIMIT', 0, 1)
  return string.format('%.0f', (tonumber(first[2]) or own + 1) - 1)
end

local function keepAlone(id, key, untilMs)
  local once = redis.call('HGET', key, 'deid')
  if not once then return end
  if untilMs == 'always' then
    redis.call('SET', base .. 'de:' .. once, id, 'NX')
  elseif untilMs and untilMs ~= '' and tonumber(untilMs) > now then
    redis.call('SET', base .. 'de:' .. once, id, 'NX', 'PX', string.format('%.0f', tonumber(untilMs) - now))
  end
end

local ordered = false
for i = 2, #ARGV, 2 do
  local id, key, copy = ARGV[i], base .. ARGV[i], cjson.decode(ARGV[i + 1])
  if redis.call('EXISTS', key) == 1 then
    refuse(id, 'there-again')
  else
    fill('HSET', key, copy.fields)
    fill('RPUSH', key .. ':logs', copy.logs)
    fill('HSET', key .. ':processed', copy.processed)
    fill('HSET', key .. ':failed', copy.failed)
    fill('ZADD', key .. ':unsuccessful', turned(copy.unsuccessful))
    local state = copy.state
    if state == 'waiting' then
      waits(id, 0)
    elseif state == 'prioritized' then
      redis.call('ZADD', base .. state, foremost(tonumber(redis.call('HGET', key, 'priority')) or 0), id)
      ordered = true
    else
      redis.call('ZADD', base .. state, copy.score, id)
    end
    if state == 'delayed' then
      local first = redis.call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')
      redis.call('ZADD', base .. 'marker', math.floor(tonumber(first[2]) / 4096), '1')
    end
    -- Its parent waits for it again, if it still waits. Earlier copies do not say whether it did.
    local isOwed = copy.isOwed
    if isOwed == nil then isOwed = state ~= 'failed' and state ~= 'completed' end
    local parent = redis.call('HGET', key, 'parentKey')
    local parentId = parent and string.match(parent, '.*:(.*)')
    if parentId and isOwed
      and redis.call('ZSCORE', string.sub(parent, 1, #parent - #parentId) .. 'waiting-children', parentId) then
      redis.call('SADD', parent .. ':dependencies', key)
    end
    keepAlone(id, key, copy.aloneUntil)
    event('added', id, 'removed')
    done = done + 1
    taken[done] = key
  end
end
-- It has waited already: before those that came meanwhile.
release('RPUSH')
if ordered and not isPausedOrMaxed(base) then redis.call('ZADD', base .. 'marker', 0, '0') end
return finish()
`);
