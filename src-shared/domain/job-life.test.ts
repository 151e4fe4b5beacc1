import { describe, expect, it } from 'vitest';
import { jobLife, type LifeEvent } from './job-life';

const at = (second: number, what: LifeEvent['what'], detail: string | null = null): LifeEvent => ({
  at: new Date(second * 1_000).toISOString(),
  what,
  detail,
});
const told = (events: readonly LifeEvent[]): string[] =>
  jobLife(events).map(({ kind, from, to, attempt, outcome, error }) =>
    [kind, attempt, outcome, from / 1_000, to === null ? '…' : to / 1_000, error]
      .filter((x) => x !== null)
      .join(' '),
  );

describe("a job's life", () => {
  it('is waiting and one attempt where all goes well', () => {
    expect(told([at(0, 'added'), at(3, 'started'), at(5, 'completed')])).toEqual([
      'waited 0 3',
      'attempt 1 completed 3 5',
    ]);
  });

  it('has each attempt with its error, and the wait between', () => {
    expect(
      told([
        at(0, 'added'),
        at(0, 'delayed', 'Not before 10'),
        at(10, 'started'),
        at(11, 'failed-attempt', 'first'),
        at(13, 'started'),
        at(14, 'failed-attempt', 'second'),
        at(14.1, 'failed', 'second, in full'),
      ]),
    ).toEqual([
      'delayed 0 10',
      'attempt 1 failed 10 11 first',
      'waited 11 13',
      'attempt 2 failed 13 14 second, in full',
    ]);
  });

  it('goes on while it lasts, and after somebody retried it', () => {
    expect(told([at(0, 'added')])).toEqual(['waited 0 …']);
    expect(told([at(0, 'added'), at(2, 'started')])).toEqual(['waited 0 2', 'attempt 1 running 2 …']);
    expect(
      told([
        at(0, 'added'),
        at(1, 'started'),
        at(2, 'failed-attempt', 'x'),
        at(60, 'waiting', 'Retried by the console.'),
        at(61, 'started'),
        at(63, 'completed'),
      ]),
    ).toEqual([
      'waited 0 1',
      'attempt 1 failed 1 2 x',
      'waited 2 60',
      'waited 60 61',
      'attempt 2 completed 61 63',
    ]);
  });

  it('tells an attempt that was interrupted and went on later', () => {
    expect(
      told([
        at(0, 'added'),
        at(1, 'started'),
        at(4, 'delayed', 'shut down'),
        at(6, 'started'),
        at(7, 'cancelled', 'by me'),
      ]),
    ).toEqual([
      'waited 0 1',
      'attempt 1 interrupted 1 4 shut down',
      'delayed 4 6',
      'attempt 2 cancelled 6 7 by me',
    ]);
  });

  it('numbers attempts as the queue does where the first ones were under a worker that writes no log', () => {
    const events = [at(0, 'added'), at(9, 'started'), at(10, 'failed', 'no')];
    expect(jobLife(events, 3).map(({ kind, attempt, unseen }) => [kind, attempt, unseen])).toEqual([
      ['waited', null, 2],
      ['attempt', 3, 0],
    ]);
    expect(jobLife(events, 1).map(({ attempt, unseen }) => [attempt, unseen])).toEqual([
      [null, 0],
      [1, 0],
    ]);
  });
});

describe('runs of which nobody knows when they were', () => {
  const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const sometime = { at: at(30), what: 'failed-attempt', detail: 'no paper', timeUnknown: true } as const;

  it('are counted within the wait before the first one that is known', () => {
    const life = jobLife(
      [
        { at: at(0), what: 'added', detail: null },
        ...[sometime, sometime],
        { at: at(30), what: 'started', detail: null },
        { at: at(31), what: 'failed', detail: 'no paper' },
      ],
      3,
    );
    expect(life).toMatchObject([
      { kind: 'waited', from: Date.parse(at(0)), to: Date.parse(at(30)), unseen: 2 },
      { kind: 'attempt', attempt: 3, outcome: 'failed' },
    ]);
  });

  it('end the latest one, of which the beginning is known', () => {
    const life = jobLife([
      { at: at(0), what: 'added', detail: null },
      { at: at(30), what: 'started', detail: null },
      sometime,
    ]);
    expect(life[1]).toMatchObject({ kind: 'attempt', from: Date.parse(at(30)), outcome: 'failed' });
  });
});
