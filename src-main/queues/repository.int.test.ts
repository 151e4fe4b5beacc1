import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METRICS_DAYS } from '@shared/contract/health';
import { createDatabase, type Database } from '../database/database';
import { migrate } from '../database/migrate';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from '../database/testing/databases';
import { createEngineMetricsRepository } from '../health/repository';
import { readSeries } from './charts/series';
import { addInto, count, type Histogram } from './histogram';
import {
  ADDED_UP,
  EACH_NAME,
  createQueueMetricsRepository,
  type MinuteRow,
  type QueueMetricsRepository,
} from './repository';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

describe.each(['postgres', 'pglite'] as const)('measurements on %s', (kind) => {
  let stores: TestDatabase;
  let db: Database;
  let repository: QueueMetricsRepository;
  beforeAll(async () => {
    stores = await openTestDatabase(kind);
    await migrate(stores.pool);
    db = createDatabase(stores.pool);
    repository = createQueueMetricsRepository(db);
  }, SET_UP_MS);
  afterAll(() => stores.close());

  const organization = async (): Promise<string> => {
    const row = await db
      .insertInto('organizations')
      .values({ name: 'Mill' })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  };

  const minute = (at: string | Date, completed: number, more: Partial<MinuteRow> = {}): MinuteRow => ({
    queue: 'bulk-messages',
    name: '',
    minute: new Date(at),
    ...{ completed, failed: 1, cancelled: 0, wait: [0, 2, 5], run: [1], watchedSeconds: 60 },
    ...{ backlog: 12, active: 1, delayed: 0, oldestMs: 4_000 },
    ...more,
  });

  it('come back as they were written, oldest first, of the queue, the name and the time that were asked for', async () => {
    const id = await organization();
    await repository.saveMinutes(id, [
      minute('2026-11-24T10:01:00Z', 7),
      minute('2026-11-24T10:01:00Z', 4, { name: 'send', backlog: null }),
      minute('2026-11-24T10:01:00Z', 3, { name: 'check', backlog: null }),
      minute('2026-11-24T10:00:00Z', 5, { backlog: null, watchedSeconds: 20 }),
      minute('2026-11-24T10:00:00Z', 9, { queue: 'contact-import' }),
    ]);
    const from = new Date('2026-11-24T10:00:00Z');
    const range = { from, to: new Date('2026-11-24T11:00:00Z'), stepSeconds: 60 as const };
    const rows = await repository.steps(id, { ...range, queue: 'bulk-messages' });
    expect(rows.map((row) => [row.completed, row.backlog, row.watchedSeconds])).toEqual([
      [5, null, 20],
      [7, 12, 60],
    ]);
    expect(rows[1]).toMatchObject({ failed: 1, wait: [0, 2, 5], run: [1], oldestMs: 4_000, delayed: 0 });
    const named = await repository.steps(id, { ...range, queue: 'bulk-messages' }, 'send');
    expect(named.map(({ name, completed }) => [name, completed]).sort()).toEqual([
      ['', 5],
      ['', 7],
      ['send', 4],
    ]);
    expect(await repository.steps(id, range)).toHaveLength(3);
    expect(await repository.steps(id, { ...range, to: from })).toEqual([]);
    await repository.saveMinutes(id, []);
  });

  it('of a minute that two consoles saw are those of the one that saw more, and writing twice adds nothing', async () => {
    const id = await organization();
    const at = '2026-11-24T12:00:00Z';
    const read = async () => {
      const range = { from: new Date(at), to: new Date('2026-11-24T12:01:00Z'), stepSeconds: 60 as const };
      return (await repository.steps(id, range)).map((row) => row.completed);
    };
    await repository.saveMinutes(id, [minute(at, 10)]);
    await repository.saveMinutes(id, [minute(at, 10)]);
    expect(await read()).toEqual([10]);
    await repository.saveMinutes(id, [minute(at, 4)]);
    expect(await read()).toEqual([10]);
    await repository.saveMinutes(id, [minute(at, 15)]);
    expect(await read()).toEqual([15]);
  });

  it('were watched for as long as the console that watched longest did, though none saw more', async () => {
    const id = await organization();
    const at = '2026-11-24T12:00:00Z';
    await repository.saveMinutes(id, [minute(at, 10, { cancelled: 1 })]);
    await repository.saveMinutes(id, [minute(at, 10, { cancelled: 1, watchedSeconds: 20 })]);
    const range = { from: new Date(at), to: new Date('2026-11-24T12:01:00Z'), stepSeconds: 60 as const };
    expect(await repository.steps(id, range)).toMatchObject([{ watchedSeconds: 60, cancelled: 1 }]);
    await repository.addUp(id, range.from, range.to);
    expect(await repository.steps(id, { ...range, stepSeconds: 300 })).toMatchObject([{ cancelled: 1 }]);
  });

  it('of each name are read together where that is asked for', async () => {
    const id = await organization();
    const at = '2026-11-24T12:00:00Z';
    await repository.saveMinutes(id, [
      minute(at, 9),
      ...['send', 'check'].map((name) => minute(at, 4, { name })),
    ]);
    const range = { from: new Date(at), to: new Date('2026-11-24T12:01:00Z'), stepSeconds: 60 as const };
    const rows = await repository.steps(id, range, EACH_NAME);
    expect(rows.map(({ name }) => name).sort()).toEqual(['', 'check', 'send']);
  });

  it('keep what one console read though another had no look in that minute', async () => {
    const id = await organization();
    const at = '2026-11-24T12:00:00Z';
    const none = { backlog: null, active: null, delayed: null, oldestMs: null };
    await repository.saveMinutes(id, [minute(at, 10)]);
    await repository.saveMinutes(id, [minute(at, 12, none)]);
    const range = { from: new Date(at), to: new Date('2026-11-24T12:01:00Z'), stepSeconds: 60 as const };
    expect(await repository.steps(id, range)).toMatchObject([
      { completed: 12, backlog: 12, oldestMs: 4_000 },
    ]);
  });

  it('add up for a name as for a queue, and tell which names there were lately', async () => {
    const id = await organization();
    const at = (time: string) => `2026-11-24T${time}:00Z`;
    const stood = { failed: 0, active: null, delayed: null };
    await repository.saveMinutes(id, [
      minute(at('10:00'), 0, { ...stood, name: 'send', backlog: 30, oldestMs: 9_000 }),
      minute(at('10:01'), 0, { ...stood, name: 'send', backlog: 4, oldestMs: 2_000 }),
      minute(at('10:02'), 7, { ...stood, name: 'send', backlog: null, oldestMs: null }),
      minute(at('10:02'), 0, { ...stood, name: 'nothing', backlog: 0, oldestMs: 0 }),
    ]);
    await repository.addUp(id, new Date(at('10:00')), new Date(at('10:03')));
    const range = { from: new Date(at('10:00')), to: new Date(at('10:05')), stepSeconds: 300 as const };
    expect(await repository.steps(id, range, 'send')).toMatchObject([
      { name: 'send', completed: 7, backlog: 4, oldestMs: 9_000, active: null },
    ]);
    const seen = { queue: 'bulk-messages', name: 'send', lastAt: new Date(at('10:00')) };
    expect(await repository.namesSince(id, new Date(at('09:00')))).toEqual([seen]);
    expect(await repository.namesSince(id, new Date(at('11:00')))).toEqual([]);
    // Who never ended anything, and waited, is one to choose; who had nothing at all is not.
    expect((await repository.names(id, range, 60)).names).toEqual([
      { name: 'send', completed: 7, failed: 0 },
    ]);
  });

  it('add up to longer steps: sums, merged histograms, the last gauges and the highest age', async () => {
    const id = await organization();
    const start = Date.parse('2026-11-24T00:00:00Z');
    const all: Histogram = [];
    const rows = Array.from({ length: 12 * 60 }, (_, index) => {
      const wait: Histogram = [];
      for (let job = 0; job <= index % 7; job += 1) count(wait, (index * 37 + job * 911) % 60_000);
      addInto(all, wait);
      return minute(new Date(start + index * MINUTE_MS), 2, {
        wait,
        backlog: index,
        oldestMs: 1_000 - index,
      });
    });
    // An hour that nobody watched.
    const kept = rows.filter((_, index) => index < 60 || index >= 120);
    for (let index = 60; index < 120; index += 1)
      for (const row of [rows[index]]) subtract(all, row?.wait ?? []);
    await repository.saveMinutes(id, kept);
    expect(await repository.notAddedUpSince(id)).toEqual(new Date(start));
    const end = new Date(start + 12 * 60 * MINUTE_MS);
    await repository.addUp(id, new Date(start), end);
    // Safe to repeat, whatever part.
    await repository.addUp(id, new Date(start + 3 * MINUTE_MS), new Date(start + 4 * MINUTE_MS));
    for (const stepSeconds of ADDED_UP) {
      const steps = await repository.steps(id, { from: new Date(start), to: end, stepSeconds });
      expect(steps.reduce((sum, step) => sum + step.completed, 0)).toBe(2 * kept.length);
      expect(steps.reduce((sum, step) => sum + step.watchedSeconds, 0)).toBe(60 * kept.length);
      const merged: Histogram = [];
      for (const { wait } of steps) addInto(merged, wait);
      expect(trimmed(merged)).toEqual(trimmed(all));
      expect(steps.at(-1)?.backlog).toBe(719);
      expect(steps[0]?.oldestMs).toBe(1_000);
    }
    const byTen = await repository.steps(id, { from: new Date(start), to: end, stepSeconds: 1_800 });
    // The unwatched hour has no steps of its own.
    expect(byTen).toHaveLength(22);
    const since = await repository.notAddedUpSince(id);
    expect(since?.getTime()).toBeGreaterThanOrEqual(end.getTime() - 300_000);
  });

  it('tell the names of jobs by what ended under them, and what ended without a name', async () => {
    const id = await organization();
    const at = '2026-11-24T10:00:00Z';
    await repository.saveMinutes(id, [
      minute(at, 99),
      minute(at, 9, { name: 'check', failed: 0 }),
      minute(at, 80, { name: 'send' }),
      minute(at, 5, { queue: 'contact-import' }),
      minute(at, 5, { queue: 'contact-import', name: 'import' }),
    ]);
    const range = { from: new Date(at), to: new Date('2026-11-24T11:00:00Z'), stepSeconds: 60 as const };
    expect(await repository.names(id, { ...range, queue: 'bulk-messages' }, 60)).toEqual({
      names: [
        { name: 'send', completed: 80, failed: 1 },
        { name: 'check', completed: 9, failed: 0 },
      ],
      ended: 100,
      named: 90,
    });
    expect((await repository.names(id, range, 2)).names.map(({ name }) => name)).toEqual(['send', 'check']);
  });

  it('of 90 days are drawn from at most 400 steps a queue, and nothing older is left', async () => {
    const id = await organization();
    const now = Date.parse('2026-11-24T10:00:30Z');
    // What the minutes of 90 days add up to, written as they are kept: to write 129,600 minutes takes long.
    await stores.pool.query(
      `INSERT INTO queue_metrics_steps (organization_id, step_seconds, queue_name, job_name, begins, completed, failed,
                                        wait_histogram, run_histogram, backlog, active, delayed, oldest_ms, watched_seconds)
       SELECT $1, step, queue, '', begins, step, 1, array_fill(3, ARRAY[60]), array_fill(3, ARRAY[60]), 5, 1, 0, 100, step
         FROM unnest(ARRAY[300, 1800, 7200, 21600]) AS step
        CROSS JOIN unnest(ARRAY['bulk-messages', 'contact-import']) AS queue
        CROSS JOIN LATERAL generate_series(to_timestamp(floor(extract(epoch FROM $2::timestamptz) / step) * step)
                                           - interval '95 days', $2::timestamptz, step * interval '1 second') AS begins`,
      [id, new Date(now)],
    );
    const parts = {
      recorder: {
        measure: () => expect.unreachable('nothing is in memory'),
        gauges: () => expect.unreachable('nothing is in memory'),
        queues: () => [],
        watched: () => 0,
        unsavedFrom: () => now / 1_000,
      },
      repository,
      organizationId: id,
      now: () => now,
    };
    for (const days of [1, 7, 30, METRICS_DAYS]) {
      const { points, stepSeconds } = await readSeries(parts, {
        window: { kind: 'last', minutes: days * 1_440 },
      });
      expect(points.length).toBeLessThanOrEqual(400);
      expect(points.every((point) => point.completed === 2 * stepSeconds && point.backlog === 10)).toBe(true);
    }
    const removed = await createEngineMetricsRepository(db).removeBefore(
      id,
      new Date(now - METRICS_DAYS * DAY_MS),
    );
    expect(removed).toBeGreaterThan(2 * 5 * 288);
    const range = { from: new Date(0), to: new Date(now - METRICS_DAYS * DAY_MS), stepSeconds: 300 as const };
    expect(await repository.steps(id, range)).toEqual([]);
  });
});

const subtract = (sum: Histogram, less: readonly number[]): void => {
  for (const [bucket, n] of less.entries()) sum[bucket] = (sum[bucket] ?? 0) - n;
};

const trimmed = (histogram: readonly number[]): readonly number[] => {
  const last = histogram.reduce((found, n, bucket) => (n > 0 ? bucket : found), -1);
  return histogram.slice(0, last + 1);
};
