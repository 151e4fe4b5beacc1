import type { Redis } from 'ioredis';
import type { Persistence } from '@shared/contract/health';
import type { EngineVitals, VitalsReader } from './vitals';

/** What INFO and, where it is allowed, CONFIG tell of a Redis. */
export class RedisVitals implements VitalsReader {
  constructor(private readonly client: Redis) {}

  async read(): Promise<EngineVitals> {
    const [info, snapshots] = await Promise.all([this.client.info(), this.snapshots()]);
    return vitalsOf(info, snapshots);
  }

  /** The rule of snapshots, '' for none; undefined where a managed Redis keeps CONFIG to itself. */
  private async snapshots(): Promise<string | undefined> {
    try {
      const [, rule] = (await this.client.config('GET', 'save')) as readonly unknown[];
      return typeof rule === 'string' ? rule : undefined;
    } catch {
      return undefined;
    }
  }
}

/** From the text of INFO; what a server leaves out is null. `snapshots`: its `save` rule, where it is known. */
export function vitalsOf(info: string, snapshots: string | undefined): EngineVitals {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return line.startsWith('#') || colon === -1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
  const number = (name: string): number | null => {
    const value = Number(fields.get(name) ?? Number.NaN);
    return Number.isFinite(value) && value >= 0 ? value : null;
  };
  const savedAt = number('rdb_last_save_time');
  const statuses = [fields.get('rdb_last_bgsave_status'), fields.get('aof_last_write_status')];
  const known = statuses.filter((status) => status !== undefined);
  return {
    version: fields.get('redis_version') ?? '',
    uptimeSeconds: number('uptime_in_seconds'),
    memory: {
      usedBytes: number('used_memory'),
      peakBytes: number('used_memory_peak'),
      limitBytes: number('maxmemory') || null,
      fragmentation: number('mem_fragmentation_ratio'),
      evictionPolicy: fields.get('maxmemory_policy') ?? null,
      evictedKeys: number('evicted_keys'),
    },
    storageBytes: null,
    persistence: persistenceOf(fields.get('aof_enabled') === '1', snapshots),
    savesWell: known.length === 0 ? null : known.every((status) => status === 'ok'),
    lastSavedAt: savedAt === null ? null : new Date(savedAt * 1_000).toISOString(),
    clients: number('connected_clients'),
    blockedClients: number('blocked_clients'),
    commandsPerSecond: number('instantaneous_ops_per_sec'),
  };
}

function persistenceOf(appendOnly: boolean, snapshots: string | undefined): Persistence {
  if (appendOnly) return 'append-only';
  if (snapshots === undefined) return 'unknown';
  return snapshots === '' ? 'none' : 'snapshots';
}
