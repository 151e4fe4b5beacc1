import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { QueueName } from '@shared/domain/queues';
import type { QueueChange, QueueSnapshot } from '../engine/engine';
import { MetricsRecorder, type RecorderParts } from './metrics-recorder';
import { OverviewFeed } from './overview-feed';
import type { MinuteRow } from './repository';

const QUEUE = QueueName.parse('bulk-messages');
const HOUR = 3_600_000;
const START = Date.parse('2030-05-01T10:00:00Z');

const snapshot = (waiting: number): QueueSnapshot => ({
  queue: QUEUE,
  counts: { waiting, active: 0, delayed: 0, completed: 0, failed: 0, waitingChildren: 0, paused: 0 },
  paused: false,
  oldestWaitingAt: null,
});

/** An engine in which `waiting` jobs wait, and a recorder and an overview of it. */
const stage = () => {
  const heard: ((changes: readonly QueueChange[]) => void)[] = [];
  const rows: MinuteRow[] = [];
  const world = { waiting: 0, reads: 0 };
  const engine = {
    onChanges: (listener: (changes: readonly QueueChange[]) => void) => {
      heard.push(listener);
      return () => undefined;
    },
    onHealth: () => () => undefined,
    health: () => ({ state: 'up', since: '', problem: null }),
    timings: () => Promise.resolve([]),
    snapshot: () => {
      world.reads += 1;
      return Promise.resolve([snapshot(world.waiting)]);
    },
    selection: { scan: () => Promise.resolve({ scanned: 0, total: 0, complete: true }) },
    coordination: { hosts: () => Promise.resolve([]) },
    workerClients: () => Promise.resolve(null),
  } as unknown as RecorderParts['engine'] & ConstructorParameters<typeof OverviewFeed>[0]['engine'];
  const parts = {
    engine,
    organizationId: 'o',
    now: () => Date.now(),
    onProblem: (what: string, error: unknown) => {
      throw new Error(what, { cause: error });
    },
    repository: {
      saveMinutes: (_: string, saved: readonly MinuteRow[]) => {
        rows.push(...saved);
        return Promise.resolve();
      },
      addUp: () => Promise.resolve(),
      steps: () => Promise.resolve([]),
      notAddedUpSince: () => Promise.resolve(null),
      namesSince: () => Promise.resolve([]),
    } as unknown as RecorderParts['repository'],
  };
  const recorder = new MetricsRecorder(parts);
  const overview = new OverviewFeed({ ...parts, recorder });
  return { recorder, overview, rows, world };
};

const minutesOf = (rows: readonly MinuteRow[]): Record<string, number> =>
  Object.fromEntries(
    rows
      .filter(({ name }) => name === '')
      .map((row) => [row.minute.toISOString().slice(11, 16), row.watchedSeconds]),
  );

describe('a clock that jumps', () => {
  beforeEach(() => void vi.useFakeTimers({ now: START }));
  afterEach(() => void vi.useRealTimers());

  it('leaves a gap where the machine slept, and no time in which nothing ended', async () => {
    const { recorder, rows } = stage();
    recorder.start();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    // Nothing runs while it sleeps.
    vi.setSystemTime(Date.now() + 20 * 60_000);
    await vi.advanceTimersByTimeAsync(3 * 60_000);
    await recorder.stop();
    const minutes = minutesOf(rows);
    expect(minutes['10:03']).toBe(60);
    expect(Object.keys(minutes).filter((minute) => minute > '10:05' && minute < '10:25')).toEqual([]);
    expect(minutes['10:26']).toBe(60);
  });

  it('is watched on where it was set back', async () => {
    const { recorder, rows } = stage();
    recorder.start();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    vi.setSystemTime(Date.now() - HOUR);
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    await recorder.stop();
    const minutes = minutesOf(rows);
    expect(minutes['10:03']).toBe(60);
    expect(minutes['09:08']).toBe(60);
    expect(Math.max(...rows.map((row) => row.watchedSeconds))).toBe(60);
    expect(rows.at(-1)?.backlog).toBe(0);
  });

  it('does not stop the overview where it was set back', async () => {
    const { overview, world } = stage();
    const seen: number[] = [];
    const stop = overview.watch(({ queues }) => seen.push(queues[0]?.counts.waiting ?? -1));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(seen.at(-1)).toBe(0);
    vi.setSystemTime(Date.now() - HOUR);
    world.waiting = 7;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(seen.at(-1)).toBe(7);
    world.waiting = 8;
    vi.setSystemTime(Date.now() - HOUR);
    const fresh = await overview.recent(2_000);
    expect(fresh?.queues[0]?.counts.waiting).toBe(8);
    stop();
  });
});
