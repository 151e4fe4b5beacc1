import { describe, expect, it } from 'vitest';
import type { EngineFacts } from '../contract/health';
import { engineWarnings } from './engine-warnings';

const GIGABYTE = 1024 ** 3;

const well: EngineFacts = {
  kind: 'redis',
  version: '7.2.4',
  uptimeSeconds: 3_600,
  memory: {
    ...{ usedBytes: GIGABYTE, peakBytes: GIGABYTE, limitBytes: 4 * GIGABYTE, fragmentation: 1.1 },
    ...{ evictionPolicy: 'noeviction', evictedKeys: 0 },
  },
  storageBytes: null,
  ...{ persistence: 'append-only', savesWell: true, lastSavedAt: null },
  ...{ clients: 12, blockedClients: 4, commandsPerSecond: 900 },
  latency: { medianMs: 0.4, longestMs: 3 },
};
const memory = (change: Partial<EngineFacts['memory']>): EngineFacts => ({
  ...well,
  memory: { ...well.memory, ...change },
});
const codes = (facts: EngineFacts): string[] => engineWarnings(facts).map(({ code }) => code);

describe('warnings about the engine', () => {
  it('are none where all is well, and none about what it does not tell', () => {
    expect(codes(well)).toEqual([]);
    const silent = memory({ usedBytes: null, limitBytes: null, fragmentation: null, evictionPolicy: null });
    expect(codes({ ...silent, persistence: 'unknown', savesWell: null, latency: null })).toEqual([]);
  });

  it.each<readonly [string, EngineFacts]>([
    ['eviction-policy', memory({ evictionPolicy: 'allkeys-lru' })],
    ['keys-evicted', memory({ evictedKeys: 1 })],
    ['memory-high', memory({ usedBytes: 0.8 * 4 * GIGABYTE })],
    ['not-persistent', { ...well, persistence: 'none' }],
    ['saving-fails', { ...well, savesWell: false }],
    ['fragmented', memory({ fragmentation: 1.5 })],
    ['slow', { ...well, latency: { medianMs: 50, longestMs: 80 } }],
    ['old-version', { ...well, version: '6.0.16' }],
    ['old-version', { ...well, version: '5.0' }],
  ])('%s is told', (code, facts) => {
    expect(codes(facts)).toEqual([code]);
  });

  it('begins with what loses jobs, and says what to do about each', () => {
    const warnings = engineWarnings({
      ...memory({ evictionPolicy: 'volatile-ttl', fragmentation: 3 }),
      latency: { medianMs: 100, longestMs: 100 },
    });
    expect(warnings.map(({ code }) => code)).toEqual(['eviction-policy', 'slow', 'fragmented']);
    for (const { message, action } of warnings) expect(`${message} ${action}`).toMatch(/\. .*\.$/);
  });

  it('is not of little memory, however scattered', () => {
    expect(codes(memory({ usedBytes: 1024 ** 2, fragmentation: 9 }))).toEqual([]);
  });
});
