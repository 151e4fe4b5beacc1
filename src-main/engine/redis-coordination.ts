import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { QueueName } from '@shared/domain/queues';
import type { CancelRequest, Coordination, Heartbeat, Pace } from './coordination';
import { HeartbeatShape } from './heartbeat-shape';
import { parseJson } from './job-row';
import { RedisScript } from './redis-script';

const PREFIX = 'adsapp';
const HOSTS = `${PREFIX}:hosts`;
const HOSTS_UNTIL = `${PREFIX}:hosts:until`;
const CANCEL_SECONDS = 3_600;

const nowMs = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
`;

/** KEYS: hosts, until. ARGV: id, heartbeat, time to live in ms. */
const announceScript = new RedisScript(`${nowMs}
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
return 1
`);

/** KEYS: hosts, until. Forgets who was silent too long, answers the others. */
const hostsScript = new RedisScript(`${nowMs}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('ZREM', KEYS[2], id)
  redis.call('HDEL', KEYS[1], id)
end
local ids = redis.call('ZRANGE', KEYS[2], 0, -1)
if #ids == 0 then return {} end
table.sort(ids)
return redis.call('HMGET', KEYS[1], unpack(ids))
`);

/**
 * KEYS: the pace's key. ARGV: ms a permit, burst, longest wait in ms. GCRA: the key holds when the next
 * permit is due; a permit may be used up to burst - 1 steps before that.
 */
const acquireScript = new RedisScript(`${nowMs}
local step, burst, maxWait = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = math.max(0, due - (burst - 1) * step - now)
if wait > maxWait then return {0, tostring(wait - maxWait)} end
local nextDue = due + step
redis.call('SET', KEYS[1], string.format('%.3f', nextDue), 'PX', math.ceil(nextDue - now + 1000))
return {1, tostring(wait)}
`);

/** Coordination over a few keys under `adsapp:`, on the server's clock. */
export class RedisCoordination implements Coordination {
  constructor(private readonly client: Redis) {}

  async announce(heartbeat: Heartbeat, ttlMs: number): Promise<void> {
    await announceScript.run(
      this.client,
      [HOSTS, HOSTS_UNTIL],
      [heartbeat.id, JSON.stringify(heartbeat), ttlMs],
    );
  }

  async withdraw(hostId: string): Promise<void> {
    await Promise.all([this.client.hdel(HOSTS, hostId), this.client.zrem(HOSTS_UNTIL, hostId)]);
  }

  async hosts(): Promise<Heartbeat[]> {
    const answer = await hostsScript.run(this.client, [HOSTS, HOSTS_UNTIL], []);
    return z
      .array(z.string().nullable())
      .parse(answer)
      .flatMap((text) => {
        const parsed = HeartbeatShape.safeParse(parseJson(text));
        return parsed.success ? [parsed.data] : [];
      });
  }

  async requestCancel(queue: QueueName, jobId: string, by = 'an operator'): Promise<void> {
    await this.client.set(cancelKey(queue, jobId), by, 'EX', CANCEL_SECONDS);
  }

  async cancelRequests(queue: QueueName, jobIds: readonly string[]): Promise<CancelRequest[]> {
    if (jobIds.length === 0) return [];
    const found = await this.client.mget(jobIds.map((jobId) => cancelKey(queue, jobId)));
    return jobIds.flatMap((jobId, index) => {
      const by = found[index];
      return by == null ? [] : [{ jobId, by }];
    });
  }

  async clearCancel(queue: QueueName, jobId: string): Promise<void> {
    await this.client.del(cancelKey(queue, jobId));
  }

  async acquire(key: string, pace: Pace): Promise<{ granted: boolean; waitMs: number }> {
    const answer = await acquireScript.run(
      this.client,
      [`${PREFIX}:pace:${key}`],
      [1_000 / pace.perSecond, pace.burst, pace.maxWaitMs],
    );
    const [granted, wait] = z.tuple([z.number(), z.string()]).parse(answer);
    return { granted: granted === 1, waitMs: Math.ceil(Number(wait)) };
  }
}

const cancelKey = (queue: QueueName, jobId: string): string => `${PREFIX}:cancel:${queue}:${jobId}`;
