import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { QueueName } from '@shared/domain/queues';
import type {
  CancelRequest,
  Coordination,
  Heartbeat,
  Lowered,
  Pace,
  PairPace,
  Reservation,
} from './coordination';
import { HeartbeatShape } from './heartbeat-shape';
import { parseJson } from './job-row';
import { RedisPacing } from './redis-pacing';
import { REDIS_NOW_MS as nowMs, RedisScript } from './redis-script';

const PREFIX = 'adsapp';
const HOSTS = `${PREFIX}:hosts`;
const HOSTS_UNTIL = `${PREFIX}:hosts:until`;
const CANCEL_SECONDS = 3_600;

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

/** Coordination over a few keys under `adsapp:`, on the server's clock. */
export class RedisCoordination implements Coordination {
  private readonly pacing: RedisPacing;

  constructor(private readonly client: Redis) {
    this.pacing = new RedisPacing(client, PREFIX);
  }

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

  reserve(key: string, pace: Pace, count = 1): Promise<Reservation> {
    return this.pacing.reserve(key, pace, count);
  }

  slowDown(key: string, factor: number, code: string): Promise<void> {
    return this.pacing.slowDown(key, factor, code);
  }

  hold(key: string, ms: number): Promise<void> {
    return this.pacing.hold(key, ms);
  }

  lowered(keys: readonly string[]): Promise<Lowered[]> {
    return this.pacing.lowered(keys);
  }

  admit(scope: string, members: readonly string[], pace: PairPace): Promise<number[]> {
    return this.pacing.admit(scope, members, pace);
  }
}

export const cancelKey = (queue: string, jobId: string): string => `${PREFIX}:cancel:${queue}:${jobId}`;
