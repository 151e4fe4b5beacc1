import { describe, expect, test } from 'vitest';
import { DatabaseHealth } from './health';
import { SET_UP_MS, openTestHost } from './testing/databases';

describe('the health of a database', () => {
  test(
    'is up while it answers, down at once when it goes, with the reason',
    { timeout: SET_UP_MS },
    async () => {
      const host = await openTestHost();
      const pool = host.createPool();
      const health = new DatabaseHealth(pool, { intervalMs: 100, timeoutMs: 2_000 });
      const states: string[] = [];
      health.onChange(({ state }) => states.push(state));
      health.start();
      await expect.poll(() => states, { timeout: 5_000 }).toEqual(['up']);
      expect(health.status.latencyMs).toBeGreaterThan(0);
      await host.close();
      await expect.poll(() => states, { timeout: 5_000 }).toEqual(['up', 'down']);
      expect(health.status.lastError).toContain('shutting down');
      health.stop();
      await pool.end();
    },
  );
});
