import { Redis } from 'ioredis';
import { createRedisEngine } from '../../src-main/engine/redis-engine';
import type { BullEngine } from '../../src-main/engine/bullmq-engine';
import { adsappQueues, type QueueName } from '../../src-shared/domain/queues';
import { startRedis } from '../fixtures/redis';
import type { Resources } from './resources';

/** The queue whose failures are retried and whose completed jobs are cleaned. */
export const SEEDED: QueueName = 'bulk-messages';
const JOBS_A_SCRIPT = 2_000;
const CAUSES = 25;

/** ARGV: first number, count, state, payload, newest end in ms. Jobs as a worker would have left them. */
const SEED = `
local base, first, count, state = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local stack = '\\n    at sendBatch (/app/src-main/providers/whatsapp/send.ts:118:13)\\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)\\n    at async runBatch (/app/src-main/campaigns/processor.ts:88:21)'
for i = first, first + count - 1 do
  local at = string.format('%.0f', tonumber(ARGV[5]) - 1000000 + i)
  local campaign = string.format('0e0e0e0e-0000-4000-8000-%012d', i % 7)
  local data = '{"campaignId":"' .. campaign .. '","batchNo":' .. i .. ',"recipients":1000,"text":"' .. ARGV[4] .. '"}'
  local key = base .. i
  redis.call('HSET', key, 'name', 'send-bulk-message', 'data', data, 'timestamp', at, 'delay', 0, 'priority', 0,
    'opts', '{"attempts":3,"backoff":{"type":"exponential","delay":1000}}', 'processedOn', at, 'finishedOn', at,
    'atm', 3, 'ats', 3, 'stc', 0)
  if state == 'failed' then
    local message = 'Error ' .. (131000 + i % ${String(CAUSES)}) .. ' code=' .. (i % ${String(CAUSES)}) .. ': recipient +96650' .. i .. ' refused after ' .. (i % 900) .. ' ms'
    local one = cjson.encode('Error: ' .. message .. stack)
    redis.call('HSET', key, 'failedReason', message, 'stacktrace', '[' .. one .. ',' .. one .. ',' .. one .. ']')
  else
    redis.call('HSET', key, 'returnvalue', '{"sent":1000}')
  end
  redis.call('ZADD', base .. state, at, tostring(i))
end
return count
`;

/** A private Redis, the console's engine on it, and a plain client beside. */
export interface QueueStage {
  readonly url: string;
  readonly engine: BullEngine;
  readonly client: Redis;
}

export async function startQueueStage(resources: Resources): Promise<QueueStage> {
  const redis = await startRedis();
  resources.add(redis.dispose);
  const client = new Redis(redis.url);
  resources.add(() => client.disconnect());
  const engine = createRedisEngine({ url: redis.url });
  resources.add(() => engine.close());
  await engine.ready();
  return { url: redis.url, engine, client };
}

/** Writes jobs with payloads of about 1 KB into a queue, numbered from `first`. */
export async function seedJobs(
  client: Redis,
  queue: QueueName,
  state: 'completed' | 'failed',
  count: number,
  first = 0,
): Promise<void> {
  const payload = 'x'.repeat(900);
  for (let done = 0; done < count; done += JOBS_A_SCRIPT) {
    const part = Math.min(JOBS_A_SCRIPT, count - done);
    await client.eval(SEED, 1, `bull:${queue}:`, first + done, part, state, payload, Date.now());
  }
}

/** The design's stage: four queues, so many completed and failed jobs in all, the failed ones in one. */
export async function seedQueues(client: Redis, completed: number, failed: number): Promise<void> {
  const each = Math.ceil(completed / adsappQueues.length);
  for (const queue of adsappQueues) await seedJobs(client, queue, 'completed', each, failed);
  await seedJobs(client, SEEDED, 'failed', failed);
}
