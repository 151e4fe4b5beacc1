import { describe, expect, it } from 'vitest';
import { vitalsOf } from './redis-vitals';

const info = (fields: Readonly<Record<string, string | number>>): string =>
  ['# Server', ...Object.entries(fields).map(([name, value]) => `${name}:${value}`), ''].join('\r\n');

describe('what INFO says of a Redis', () => {
  it('is read field by field', () => {
    const read = vitalsOf(
      info({
        ...{ redis_version: '7.0.15', uptime_in_seconds: 60, used_memory: 1_000, used_memory_peak: 2_000 },
        ...{ maxmemory: 0, mem_fragmentation_ratio: 1.25, maxmemory_policy: 'noeviction', evicted_keys: 0 },
        ...{ aof_enabled: 1, rdb_last_save_time: 1_700_000_000, rdb_last_bgsave_status: 'ok' },
        ...{ aof_last_write_status: 'ok', connected_clients: 3, blocked_clients: 1 },
        instantaneous_ops_per_sec: 12,
      }),
      '',
    );
    expect(read).toEqual({
      version: '7.0.15',
      uptimeSeconds: 60,
      memory: {
        ...{ usedBytes: 1_000, peakBytes: 2_000, limitBytes: null, fragmentation: 1.25 },
        ...{ evictionPolicy: 'noeviction', evictedKeys: 0 },
      },
      storageBytes: null,
      ...{ persistence: 'append-only', savesWell: true, lastSavedAt: '2023-11-14T22:13:20.000Z' },
      ...{ clients: 3, blockedClients: 1, commandsPerSecond: 12 },
    });
  });

  it('is null where a managed server leaves it out', () => {
    const read = vitalsOf(info({ redis_version: '6.2.0' }), undefined);
    expect([read.persistence, read.savesWell, read.memory.evictionPolicy, read.clients]).toEqual([
      ...['unknown', null, null, null],
    ]);
  });

  it.each([
    [{ aof_enabled: 0 }, '', 'none'],
    [{ aof_enabled: 0 }, '3600 1 300 100', 'snapshots'],
    [{ aof_enabled: 1 }, '3600 1', 'append-only'],
    [{ aof_enabled: 0 }, undefined, 'unknown'],
  ])('%o with the rule "%s" is kept by %s', (fields, rule, kind) => {
    expect(vitalsOf(info(fields), rule).persistence).toBe(kind);
  });

  it('tells a save that failed', () => {
    expect(vitalsOf(info({ rdb_last_bgsave_status: 'err', aof_last_write_status: 'ok' }), '').savesWell).toBe(
      false,
    );
  });
});
