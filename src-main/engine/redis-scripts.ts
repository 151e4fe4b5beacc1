import { RedisScript } from './redis-script';

/**
 * Read-only Lua over BullMQ's keys (bullmq 6: `wait` and `active` are lists, the other states sorted
 * sets; a prioritized job's score is priority * 2^32 + a counter of arrivals; a delayed job's score is
 * its due time * 4096 + a counter). KEYS are the queues' prefixes, for example `bull:contact-import:`.
 */

const rows = `
-- Fields of each job of a list of {id, score}. Of one whose data is gone, evicted or deleted by hand, only the id is
-- left in its state: it is left out, unless what is listed has to have as many rows as are counted.
local function describe(base, entries, state, maxData, listsAll)
  local out = {}
  for _, entry in ipairs(entries) do
    local key = base .. entry[1]
    local f = redis.call('HMGET', key, 'name', 'opts', 'progress', 'priority', 'atm', 'ats', 'timestamp',
      'processedOn', 'finishedOn', 'failedReason')
    if f[1] or listsAll then
      local data = false
      if redis.call('HSTRLEN', key, 'data') <= maxData then data = redis.call('HGET', key, 'data') end
      out[#out + 1] = {base, entry[1], state, entry[2] or '', data, f[1] or '', f[2], f[3], f[4], f[5], f[6], f[7],
        f[8], f[9], f[10] and string.sub(f[10], 1, 4000) or false}
    end
  end
  return out
end
local function pairsOf(flat)
  local out = {}
  for i = 1, #flat, 2 do out[#out + 1] = {flat[i], flat[i + 1]} end
  return out
end
`;

/** ARGV: none. Answers per queue: 7 counts, paused, and the oldest waiting job's timestamp or ''. */
export const snapshotScript = new RedisScript(`
local out = {}
for _, base in ipairs(KEYS) do
  local prioritized = redis.call('ZCARD', base .. 'prioritized')
  local wait = redis.call('LLEN', base .. 'wait')
  local oldest = ''
  local function consider(id)
    -- Other programs write what they like.
    local added = redis.call('HGET', base .. id, 'timestamp')
    local at = added and tonumber(added)
    if at and (oldest == '' or at < tonumber(oldest)) then oldest = added end
  end
  if wait > 0 then consider(redis.call('LINDEX', base .. 'wait', -1)) end
  -- The first of each priority is that priority's oldest.
  local from, classes = 0, 0
  while prioritized > 0 and classes < 16 do
    local first = redis.call('ZRANGEBYSCORE', base .. 'prioritized', from, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
    if #first == 0 then break end
    consider(first[1])
    from = (math.floor(tonumber(first[2]) / 4294967296) + 1) * 4294967296
    classes = classes + 1
  end
  out[#out + 1] = {wait, prioritized, redis.call('LLEN', base .. 'active'),
    redis.call('ZCARD', base .. 'delayed'), redis.call('ZCARD', base .. 'waiting-children'),
    redis.call('ZCARD', base .. 'completed'), redis.call('ZCARD', base .. 'failed'),
    redis.call('HEXISTS', base .. 'meta', 'paused'), oldest}
end
return out
`);

/** ARGV: state, start, count, newest (1 or 0), largest payload. Answers the total and the rows. */
export const pageScript = new RedisScript(`${rows}
local base, state = KEYS[1], ARGV[1]
local start, count, newest, maxData = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1', tonumber(ARGV[5])

local function fromSet(key)
  local command = newest and 'ZREVRANGE' or 'ZRANGE'
  return redis.call('ZCARD', key), pairsOf(redis.call(command, key, start, start + count - 1, 'WITHSCORES'))
end

-- A list's head is its newest entry.
local function fromList(key, start, count)
  local ids, out = {}, {}
  if count <= 0 then return out end
  if newest then
    ids = redis.call('LRANGE', key, start, start + count - 1)
    for i = 1, #ids do out[i] = {ids[i]} end
  else
    ids = redis.call('LRANGE', key, -(start + count), -(start + 1))
    for i = 1, #ids do out[i] = {ids[#ids + 1 - i]} end
  end
  return out
end

local SPAN = 4294967296
local function priorities(key)
  local out, from = {}, 0
  while #out < 32 do
    local first = redis.call('ZRANGEBYSCORE', key, from, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
    if #first == 0 then return out end
    local priority = math.floor(tonumber(first[2]) / SPAN)
    out[#out + 1] = priority
    from = (priority + 1) * SPAN
  end
  return out
end

-- Prioritized jobs in the order of arrival over all priorities. The counter in the score is shared by
-- them, so the place of a page is found by a binary search over it and not by walking to it.
local function byArrival(key, total, start, count)
  local out = {}
  if count <= 0 or start >= total then return out end
  local classes = priorities(key)
  local rank = newest and total - 1 - start or start
  local low, high = 0, SPAN - 1
  if start == 0 then
    low = newest and SPAN - 1 or 0
  else
    while low < high do
      local middle, before = math.floor((low + high) / 2), 0
      for _, priority in ipairs(classes) do
        before = before + redis.call('ZCOUNT', key, priority * SPAN, priority * SPAN + middle)
      end
      if before >= rank + 1 then high = middle else low = middle + 1 end
    end
  end
  for _, priority in ipairs(classes) do
    local found
    if newest then
      found = redis.call('ZREVRANGEBYSCORE', key, priority * SPAN + low, priority * SPAN, 'WITHSCORES', 'LIMIT', 0, count)
    else
      found = redis.call('ZRANGEBYSCORE', key, priority * SPAN + low, priority * SPAN + SPAN - 1, 'WITHSCORES', 'LIMIT', 0, count)
    end
    for i = 1, #found, 2 do out[#out + 1] = {found[i], nil, tonumber(found[i + 1]) % SPAN} end
  end
  table.sort(out, function(a, b)
    if newest then return a[3] > b[3] end
    return a[3] < b[3]
  end)
  for i = #out, count + 1, -1 do out[i] = nil end
  return out
end

local total, entries
if state == 'waiting' then
  local wait, prioritized = redis.call('LLEN', base .. 'wait'), redis.call('ZCARD', base .. 'prioritized')
  total, entries = wait + prioritized, {}
  -- Oldest first: the plain list, which runs before every priority, then the prioritized ones.
  local firstTotal = newest and prioritized or wait
  local inFirst = math.max(0, math.min(count, firstTotal - start))
  local inSecond, secondStart = count - inFirst, math.max(0, start - firstTotal)
  local a, b
  if newest then
    a = byArrival(base .. 'prioritized', prioritized, start, inFirst)
    b = fromList(base .. 'wait', secondStart, inSecond)
  else
    a = fromList(base .. 'wait', start, inFirst)
    b = byArrival(base .. 'prioritized', prioritized, secondStart, inSecond)
  end
  for _, entry in ipairs(a) do entries[#entries + 1] = entry end
  for _, entry in ipairs(b) do entries[#entries + 1] = entry end
elseif state == 'active' then
  total, entries = redis.call('LLEN', base .. 'active'), fromList(base .. 'active', start, count)
else
  total, entries = fromSet(base .. state)
end
return {total, describe(base, entries, state, maxData, true)}
`);

/** ARGV: start, count, largest payload. Failed jobs of all KEYS, the latest first; totals per queue first. */
export const failuresScript = new RedisScript(`${rows}
local start, count, maxData = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local totals, high = {}, 0
for i, base in ipairs(KEYS) do
  totals[i] = redis.call('ZCARD', base .. 'failed')
  local last = redis.call('ZREVRANGE', base .. 'failed', 0, 0, 'WITHSCORES')
  if #last > 0 then high = math.max(high, tonumber(last[2])) end
end
-- The latest moment with at most start later failures, by a binary search: deep pages cost no more.
local low, skip = 0, start
if start == 0 then
  low = high
else
  while low < high do
    local middle, later = math.floor((low + high) / 2), 0
    for _, base in ipairs(KEYS) do later = later + redis.call('ZCOUNT', base .. 'failed', '(' .. middle, '+inf') end
    if later <= start then high = middle else low = middle + 1 end
  end
  for _, base in ipairs(KEYS) do skip = skip - redis.call('ZCOUNT', base .. 'failed', '(' .. low, '+inf') end
end
local merged = {}
for order, base in ipairs(KEYS) do
  local found = redis.call('ZREVRANGEBYSCORE', base .. 'failed', low, '-inf', 'WITHSCORES', 'LIMIT', 0, skip + count)
  for i = 1, #found, 2 do merged[#merged + 1] = {found[i], tonumber(found[i + 1]), base, order, i} end
end
table.sort(merged, function(a, b)
  if a[2] ~= b[2] then return a[2] > b[2] end
  if a[4] ~= b[4] then return a[4] < b[4] end
  return a[5] < b[5]
end)
local out = {}
for i = skip + 1, math.min(skip + count, #merged) do
  local row = describe(merged[i][3], {{merged[i][1], tostring(merged[i][2])}}, 'failed', maxData, true)[1]
  out[#out + 1] = row
end
return {totals, out}
`);

/**
 * KEYS are queues, ARGV the prefix of a cancelled job's reason and, for each queue, a moment. Answers per queue how
 * many failed after it, when the newest failure of all ended or '', and the reason of the newest counted one or ''.
 */
export const failedSinceScript = new RedisScript(`
local prefix, out = ARGV[1], {}
for i, base in ipairs(KEYS) do
  local since = '(' .. ARGV[i + 1]
  local count, reason = redis.call('ZCOUNT', base .. 'failed', since, '+inf'), ''
  local last = redis.call('ZREVRANGE', base .. 'failed', 0, 0, 'WITHSCORES')
  if count > 0 then
    local ids = redis.call('ZREVRANGEBYSCORE', base .. 'failed', '+inf', since, 'LIMIT', 0, 200)
    for _, id in ipairs(ids) do
      local why = redis.call('HGET', base .. id, 'failedReason') or ''
      if string.sub(why, 1, #prefix) == prefix then
        count = count - 1
      elseif reason == '' then
        reason = string.sub(why, 1, 1000)
      end
    end
  end
  out[i] = {count, last[2] or '', reason}
end
return out
`);

const found = `${rows}
-- Adds the job with its state to out, if there is one.
local function find(base, id, maxData, out)
  if redis.call('EXISTS', base .. id) == 0 then return end
  local state, score = false, ''
  for _, set in ipairs({'completed', 'failed', 'delayed', 'waiting-children', 'prioritized'}) do
    local found = redis.call('ZSCORE', base .. set, id)
    if found then
      state = set == 'prioritized' and 'waiting' or set
      score = found
      break
    end
  end
  if not state and redis.call('LPOS', base .. 'active', id) then state = 'active' end
  if not state and redis.call('LPOS', base .. 'wait', id) then state = 'waiting' end
  if state then out[#out + 1] = describe(base, {{id, score}}, state, maxData)[1] end
end
`;

/** ARGV: id, largest payload. The job of each queue that has it, with its state. */
export const findScript = new RedisScript(`${found}
local out = {}
for _, base in ipairs(KEYS) do find(base, ARGV[1], tonumber(ARGV[2]), out) end
return out
`);

/** ARGV: largest payload, ids. Those that are there, with their states. */
export const namedScript = new RedisScript(`${found}
local out = {}
for i = 2, #ARGV do find(KEYS[1], ARGV[i], tonumber(ARGV[1]), out) end
return out
`);

/** ARGV: largest payload, ids. Those of them that have failed. */
export const failedScript = new RedisScript(`${rows}
local base, maxData, entries = KEYS[1], tonumber(ARGV[1]), {}
for i = 2, #ARGV do
  local score = redis.call('ZSCORE', base .. 'failed', ARGV[i])
  if score then entries[#entries + 1] = {ARGV[i], score} end
end
return describe(base, entries, 'failed', maxData)
`);

/** ARGV: ids. Names and times of finished jobs. */
export const timingsScript = new RedisScript(`
local out = {}
for _, id in ipairs(ARGV) do
  local f = redis.call('HMGET', KEYS[1] .. id, 'name', 'timestamp', 'opts', 'processedOn',
    'finishedOn', 'ats')
  if f[2] then out[#out + 1] = {id, f[1] or '', f[2], f[3], f[4], f[5], f[6]} end
end
return out
`);
