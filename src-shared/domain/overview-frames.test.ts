import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Overview, OverviewFrame, type QueueOverview } from '../contract/queues';
import { overviewTeller, withFrame } from './overview-frames';
import { QueueName } from './queues';

const queue = (name: string, waiting: number): QueueOverview => ({
  name: QueueName.parse(name),
  counts: { waiting, active: 0, delayed: 0, waitingChildren: 0, completed: 0, failed: 0, paused: 0 },
  paused: false,
  workers: null,
  completedPerSecond: 0,
  failedPerSecond: 0,
  oldestWaitingAt: null,
  backlogEtaSeconds: null,
  wait: null,
  run: null,
  spark: [{ completed: waiting, failed: 0 }],
});
const overview = (queues: QueueOverview[], ms = 0): Overview => ({
  at: new Date(Date.parse('2026-11-24T10:00:00Z') + ms).toISOString(),
  engine: { state: 'up', since: '2026-11-24T09:00:00.000Z', problem: null },
  queues,
});

const queues = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'))
  .chain((names) => fc.tuple(...names.map((name) => fc.nat(2).map((waiting) => queue(name, waiting)))));

describe('an overview told in frames', () => {
  it('is the same at the other end, whatever changed', () => {
    fc.assert(
      fc.property(fc.array(queues, { minLength: 1, maxLength: 8 }), (told) => {
        const tell = overviewTeller();
        let seen: Overview | undefined;
        told.forEach((each, index) => {
          const whole = overview(each, index * 1_000);
          seen = withFrame(seen, OverviewFrame.parse(tell(whole)));
          expect(seen).toEqual(whole);
        });
      }),
    );
  });

  it('carries what changed and nothing else', () => {
    const tell = overviewTeller();
    const first = tell(overview([queue('a', 1), queue('b', 1)]));
    expect(first.order).toEqual(['a', 'b']);
    const next = tell(overview([queue('a', 1), queue('b', 2)]));
    expect(next).toMatchObject({ order: null, changed: [{ name: 'b' }] });
    expect(next.changed).toHaveLength(1);
  });

  it('leaves alone what did not change, and all of it within a second', () => {
    const tell = overviewTeller();
    const first = withFrame(undefined, tell(overview([queue('a', 1), queue('b', 1)])));
    expect(withFrame(first, tell(overview([queue('a', 1), queue('b', 1)], 90)))).toBe(first);
    const later = withFrame(first, tell(overview([queue('a', 1), queue('b', 1)], 1_000)));
    expect(later.queues).toBe(first.queues);
    const changed = withFrame(later, tell(overview([queue('a', 1), queue('b', 2)], 1_090)));
    expect(changed.queues[0]).toBe(first.queues[0]);
    expect(changed.queues[1]?.counts.waiting).toBe(2);
  });
});
