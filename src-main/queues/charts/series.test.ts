import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_NAMED_BACKLOG, type ChartWanted } from '@shared/contract/charts';
import type { QueueName } from '@shared/domain/queues';
import { AppFailure } from '@shared/errors';
import { ObservedTime } from '../metrics-ring';
import { NamePlaces } from '../name-rings';
import { QueueRings } from '../queue-rings';
import type { KeptRange, StepRow } from '../repository';
import { readSeries } from './series';
import { stepsOf } from './steps';

const now = Date.parse('2026-11-24T10:00:30Z');
const second = now / 1_000;
const DAY_MINUTES = 1_440;
const BULK = 'bulk-messages' as const;

const stage = (rows: readonly (Partial<StepRow> & { readonly begins: Date })[] = []) => {
  const observed = new ObservedTime();
  const rings = new QueueRings(observed, new NamePlaces());
  const asked: KeptRange[] = [];
  const kept = rows.map((row): StepRow => ({
    queue: BULK,
    name: '',
    ...{ completed: 0, failed: 0, cancelled: 0, wait: [], run: [], watchedSeconds: 60 },
    ...{ backlog: null, active: null, delayed: null, oldestMs: null },
    ...row,
  }));
  const parts = {
    recorder: {
      measure: (_queue: QueueName, from: number, to: number, name = '') =>
        rings.measure(name, from, to, second),
      gauges: (_queue: QueueName, from: number, to: number, name = '') => rings.stood(name, from, to),
      watched: (from: number, to: number) => rings.watched(from, to, second),
      queues: (): QueueName[] => [BULK],
      unsavedFrom: () => Math.floor(second / 60) * 60,
    },
    repository: {
      steps: (_organization: string, range: KeptRange, name = '') => {
        asked.push(range);
        const isIn = ({ begins }: StepRow) => begins >= range.from && begins < range.to;
        return Promise.resolve(kept.filter((row) => isIn(row) && ['', name].includes(row.name)));
      },
    },
    organizationId: 'mill',
    now: () => now,
  };
  const read = (minutes: number, wanted: Partial<ChartWanted> = {}) =>
    readSeries(parts, { queue: BULK, window: { kind: 'last', minutes }, ...wanted });
  return { observed, rings, asked, read };
};

const gauges = (backlog: number, oldestMs = 0) => ({ backlog, active: 0, delayed: 0, oldestMs });

describe('a chart of a queue', () => {
  it('shows a gap where nobody watched and a zero where nothing happened', async () => {
    const { observed, rings, read } = stage();
    observed.begin(second - 60);
    rings.all.finished(second - 20, 4, 1);
    const { stepSeconds, points } = await read(5);
    expect([stepSeconds, points.length]).toEqual([5, 60]);
    expect(points.filter((point) => point.completed === null)).toHaveLength(60 - 13);
    expect(points.filter((point) => point.completed === 0)).toHaveLength(12);
    expect(points.find((point) => point.completed === 4)?.failed).toBe(1);
    expect(points.at(-1)?.at).toBe('2026-11-24T10:00:30.000Z');
    // A rate is counted over the seconds that have passed of it.
    expect(points.at(-1)?.watchedSeconds).toBe(1);
    expect(points.at(-2)?.watchedSeconds).toBe(5);
  });

  it('of an hour comes from the database, and its running minute from memory', async () => {
    const { observed, rings, read } = stage([
      { begins: new Date('2026-11-24T09:30:00Z'), completed: 100, backlog: 7 },
      { begins: new Date('2026-11-24T09:59:00Z'), completed: 50 },
    ]);
    observed.begin(second - 100);
    rings.all.finished(second - 5, 3, 0);
    rings.all.finished(second - 40, 999, 0); // in 09:59, which the database has already
    const { stepSeconds, points } = await read(60);
    expect([stepSeconds, points.length]).toEqual([60, 60]);
    const at = (time: string) => points.find((point) => point.at === `2026-11-24T${time}:00.000Z`);
    expect(at('09:30')).toMatchObject({ completed: 100, backlog: 7 });
    expect(at('09:31')?.completed).toBeNull();
    expect(at('09:59')?.completed).toBe(50);
    expect(at('10:00')).toMatchObject({ completed: 3, watchedSeconds: 31 });
  });

  it('of a day has five-minute steps, with the running minute in the last', async () => {
    const { observed, rings, asked, read } = stage([
      { begins: new Date('2026-11-24T08:00:00Z'), completed: 15, wait: [0, 4], watchedSeconds: 120 },
    ]);
    observed.begin(second - 100);
    rings.all.finished(second - 5, 3, 0);
    const { stepSeconds, points } = await read(DAY_MINUTES);
    expect([stepSeconds, points.length]).toEqual([300, 288]);
    expect(asked).toMatchObject([{ stepSeconds: 300 }]);
    const found = points.filter((point) => point.completed !== null);
    expect(found).toMatchObject([
      { at: '2026-11-24T08:00:00.000Z', completed: 15, watchedSeconds: 120 },
      { at: '2026-11-24T10:00:00.000Z', completed: 3, watchedSeconds: 31 },
    ]);
    expect(found[0]?.wait?.p50).toBeGreaterThan(0);
  });

  it('shows the backlog as a gauge: summed over queues, never over time', async () => {
    const other = { queue: 'contact-import' as const };
    const { read } = stage([
      { begins: new Date('2026-11-24T08:00:00Z'), backlog: 500, oldestMs: 9_000 },
      { begins: new Date('2026-11-24T08:00:00Z'), ...other, backlog: 3, oldestMs: 60_000 },
      // The other queue has no reading here: its last one stands for two minutes.
      { begins: new Date('2026-11-24T08:05:00Z'), backlog: 400 },
      { begins: new Date('2026-11-24T08:20:00Z'), backlog: 0 },
    ]);
    const { points } = await read(DAY_MINUTES, { queue: undefined });
    const at = (time: string) => points.find((point) => point.at === `2026-11-24T${time}:00.000Z`);
    const backlogs = ['08:00', '08:05', '08:10', '08:20'].map((time) => at(time)?.backlog);
    expect(backlogs).toEqual([503, 403, null, 0]);
    expect(at('08:00')?.oldestSeconds).toBe(60);
  });

  it('keeps the last backlog in a watched step that has no reading yet', async () => {
    const { observed, rings, read } = stage([{ begins: new Date('2026-11-24T09:55:00Z'), backlog: 8 }]);
    observed.begin(second - 30);
    const day = await read(DAY_MINUTES);
    expect(day.points.at(-1)).toMatchObject({ at: '2026-11-24T10:00:00.000Z', completed: 0, backlog: 8 });
    rings.gauges.read(second - 12, gauges(6));
    const live = await read(5);
    expect(live.points.slice(-4).map(({ backlog }) => backlog)).toEqual([6, 6, 6, 6]);
    // A step before the first reading, and one that nobody watched, has none.
    expect(live.points.slice(-8, -4).every(({ backlog }) => backlog === null)).toBe(true);
  });

  it('says when the backlog will be gone, at the rate of the last minute', async () => {
    const { observed, rings, read } = stage();
    observed.begin(second - 299);
    for (let ago = 60; ago <= 240; ago += 1) rings.all.finished(second - ago, 2, 0);
    for (let ago = 0; ago < 300; ago += 5) rings.gauges.read(second - ago, gauges(120));
    const { points } = await read(5);
    expect(points[40]?.etaSeconds).toBe(60);
    // Nothing moves any more: no time can be told.
    expect(points.at(-1)?.etaSeconds).toBeNull();
  });
});

describe('a chart of the jobs of one name', () => {
  it('counts those only, and knows from the whole queue when somebody watched', async () => {
    const minute = (time: string) => new Date(`2026-11-24T${time}:00Z`);
    const { observed, rings, read } = stage([
      { begins: minute('09:30'), completed: 100, backlog: 7 },
      { begins: minute('09:30'), name: 'send', completed: 30, wait: [1], backlog: 4, oldestMs: 2_000 },
      { begins: minute('09:30'), name: 'check', completed: 70 },
      { begins: minute('09:31'), completed: 5 },
    ]);
    observed.begin(second - 100);
    rings.all.finished(second - 5, 9, 0);
    rings.names.of('send', second).finished(second - 5, 2, 0);
    const { points } = await read(60, { name: 'send' });
    const at = (time: string) => points.find((point) => point.at === `2026-11-24T${time}:00.000Z`);
    expect(at('09:30')).toMatchObject({ completed: 30, backlog: 4, oldestSeconds: 2, delayed: null });
    expect(at('09:30')?.wait).not.toBeNull();
    expect(at('09:31')?.completed).toBe(0);
    expect(at('09:32')?.completed).toBeNull();
    expect(at('10:00')?.completed).toBe(2);
    // What waits under the name gets less by what ends under it.
    expect(at('09:30')?.etaSeconds).toBeCloseTo(4 / (30 / 60));
  });

  const minute = (time: string) => new Date(`2026-11-24T${time}:00Z`);
  const backlogs = (points: readonly { at: string; backlog: number | null }[], times: readonly string[]) =>
    times.map((time) => points.find(({ at }) => at === `2026-11-24T${time}:00.000Z`)?.backlog);

  it('has nothing where nothing waits in the queue, and else what was read, for two minutes', async () => {
    const { read } = stage([
      { begins: minute('09:30'), backlog: 0, oldestMs: 0 },
      { begins: minute('09:31'), backlog: 9 },
      { begins: minute('09:31'), name: 'send', backlog: 4, oldestMs: 3_000 },
      ...['09:32', '09:33', '09:34'].map((time) => ({ begins: minute(time), backlog: 8 })),
      { begins: minute('09:40'), backlog: 0, oldestMs: 5_000 },
      { begins: minute('09:40'), name: 'send', backlog: 2, oldestMs: 4_000 },
    ]);
    const { points, tooMany } = await read(60, { name: 'send' });
    expect(backlogs(points, ['09:30', '09:31', '09:32', '09:33', '09:34'])).toEqual([0, 4, 4, 4, null]);
    // What was read of the name is older than the queue's own word that nothing waits any more.
    expect(points.find(({ at }) => at === '2026-11-24T09:40:00.000Z')).toMatchObject({
      ...{ backlog: 0, oldestSeconds: 4, etaSeconds: 0 },
    });
    expect(tooMany).toBe(0);
  });

  it('has a gap, and says why, where more wait than are looked at', async () => {
    const other = { queue: 'contact-import' as const };
    const rows = [
      { begins: minute('09:30'), backlog: MOST_NAMED_BACKLOG },
      { begins: minute('09:30'), name: 'send', backlog: 4_000 },
      { begins: minute('09:31'), backlog: MOST_NAMED_BACKLOG + 1 },
      // It was looked at before there were too many.
      { begins: minute('09:32'), backlog: MOST_NAMED_BACKLOG + 1 },
      { begins: minute('09:32'), name: 'send', backlog: 4_500 },
      { begins: minute('09:33'), backlog: MOST_NAMED_BACKLOG + 1 },
      { begins: minute('09:33'), ...other, backlog: 3 },
      { begins: minute('09:33'), ...other, name: 'send', backlog: 3 },
    ];
    const { read } = stage(rows);
    const { points, tooMany } = await read(60, { name: 'send', queue: undefined });
    // The rest of the queues would not be a sum.
    const drawn = backlogs(points, ['09:30', '09:31', '09:32', '09:33']);
    expect([drawn, tooMany]).toEqual([[4_000, null, 4_500, null], 2]);
    expect(points.find(({ at }) => at === '2026-11-24T09:31:00.000Z')).toMatchObject({
      ...{ completed: 0, oldestSeconds: null, etaSeconds: null },
    });
    const whole = await read(60);
    expect([whole.tooMany, backlogs(whole.points, ['09:31'])]).toEqual([0, [MOST_NAMED_BACKLOG + 1]]);
  });

  it('draws what was read in the last minutes from memory', async () => {
    const { observed, rings, read } = stage();
    observed.begin(second - 299);
    for (let ago = 0; ago < 300; ago += 5) rings.gauges.read(second - ago, gauges(10));
    const readAt = (ago: number, waiting: number) =>
      rings.names.waited(now - ago * 1_000, new Map([['send', { waiting, oldest: now - 200_000 }]]));
    readAt(80, 6);
    readAt(20, 3);
    rings.names.of('send', second).finished(second - 30, 30, 0);
    const { stepSeconds, points } = await read(5, { name: 'send' });
    const known = points.filter(({ backlog }) => backlog !== null).map(({ backlog }) => backlog);
    expect([stepSeconds, known]).toEqual([10, [6, 6, 6, 6, 6, 6, 3, 3, 3]]);
    expect(points.at(-1)).toMatchObject({ oldestSeconds: 180 });
    expect(points.at(-1)?.etaSeconds).toBeCloseTo(3 / (30 / 51));
  });

  it('is as fine as ten seconds where that is kept', async () => {
    const { read } = stage();
    expect((await read(15, { name: 'send' })).stepSeconds).toBe(10);
    expect((await read(30, { name: 'send' })).stepSeconds).toBe(60);
  });
});

describe('a comparison', () => {
  it('puts the same time of the day before beside each step', async () => {
    const { read } = stage([
      { begins: new Date('2026-11-23T09:30:00Z'), completed: 4 },
      { begins: new Date('2026-11-17T09:30:00Z'), completed: 7 },
      { begins: new Date('2026-11-24T09:30:00Z'), completed: 100 },
    ]);
    for (const [compare, then, completed] of [
      ['day', '2026-11-23', 4],
      ['week', '2026-11-17', 7],
    ] as const) {
      const { points, compared } = await read(60, { compare });
      const place = points.findIndex((point) => point.completed === 100);
      expect(compared).toHaveLength(points.length);
      expect(compared?.[place]).toMatchObject({ at: `${then}T09:30:00.000Z`, completed });
      expect(compared?.filter((point) => point.completed !== null)).toHaveLength(1);
    }
    // What is finer than a minute is not kept for a day.
    expect((await read(5, { compare: 'day' })).stepSeconds).toBe(60);
    expect((await read(5)).compared).toBeNull();
  });
});

describe('the steps of a chart', () => {
  it('are at most 400, lie on multiples of their length, hold the time, and fit a day', () => {
    const minutes = fc.integer({ min: 5, max: 90 * DAY_MINUTES });
    const ago = fc.integer({ min: 0, max: 89 * DAY_MINUTES });
    fc.assert(
      fc.property(minutes, ago, fc.boolean(), fc.boolean(), (length, before, isNamed, isKept) => {
        const to = now - before * 60_000;
        const from = Math.max(to - length * 60_000, now - 90 * 86_400_000);
        const between = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
        for (const window of [
          { kind: 'last', minutes: length } as const,
          { kind: 'between', ...between } as const,
        ]) {
          const { start, end, stepSeconds } = stepsOf({ window, isNamed, isKept }, now);
          expect((end - start) / stepSeconds).toBeLessThanOrEqual(402);
          expect([start % stepSeconds, end % stepSeconds, 86_400 % stepSeconds]).toEqual([0, 0, 0]);
          if (isKept) expect(stepSeconds).toBeGreaterThanOrEqual(60);
          if (window.kind === 'last') continue;
          expect(start).toBeLessThanOrEqual(from / 1_000);
          expect(end).toBeGreaterThanOrEqual(Math.floor(to / 1_000));
        }
      }),
    );
  });

  it('are refused for less than a minute and for what is not kept any more', () => {
    const between = (from: string, to: string) => () =>
      stepsOf({ window: { kind: 'between', from, to }, isNamed: false, isKept: false }, now);
    expect(between('2026-11-24T09:00:00Z', '2026-11-24T09:00:30Z')).toThrow(AppFailure);
    expect(between('2026-11-24T09:00:00Z', '2026-11-24T08:00:00Z')).toThrow(AppFailure);
    expect(between('2025-11-24T09:00:00Z', '2025-11-25T08:00:00Z')).toThrow(AppFailure);
  });
});
