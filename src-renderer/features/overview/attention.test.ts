import { describe, expect, it } from 'vitest';
import type { Incident } from '@shared/contract/alerts';
import type { QueueOverview } from '@shared/contract/queues';
import { AlertRuleId, IncidentId } from '@shared/domain/ids';
import { attentionOf, SLOW_MS } from './attention';

const NOW = Date.UTC(2026, 10, 24, 12);
const idle: QueueOverview = {
  name: 'bulk-messages',
  counts: { waiting: 0, active: 0, delayed: 0, waitingChildren: 0, completed: 9, failed: 0, paused: 0 },
  paused: false,
  workers: 5,
  completedPerSecond: 0,
  failedPerSecond: 0,
  oldestWaitingAt: null,
  backlogEtaSeconds: null,
  wait: null,
  run: null,
  spark: [],
};
const waitingSince = (ms: number): Partial<QueueOverview> => ({
  counts: { ...idle.counts, waiting: 3 },
  oldestWaitingAt: new Date(NOW - ms).toISOString(),
});
const kinds = (change: Partial<QueueOverview>): readonly string[] =>
  attentionOf(undefined, [{ ...idle, ...change }], NOW).map(({ kind }) => kind);

describe('what needs attention', () => {
  it('is nothing while the queues run', () => {
    expect(kinds({})).toEqual([]);
    expect(kinds(waitingSince(SLOW_MS))).toEqual([]);
  });

  it('is a paused queue only while jobs wait in it', () => {
    expect(kinds({ paused: true })).toEqual([]);
    const held = { ...idle, paused: true, counts: { ...idle.counts, waiting: 2, paused: 2 } };
    expect(attentionOf(undefined, [held], NOW)).toEqual([{ kind: 'paused', queue: held.name, waiting: 2 }]);
  });

  it('is said once: no workers, not also slow', () =>
    expect(kinds({ ...waitingSince(SLOW_MS * 2), workers: 0 })).toEqual(['noWorkers']));

  it('is a job that waits too long although workers run', () =>
    expect(kinds(waitingSince(SLOW_MS + 1))).toEqual(['slow']));

  it('is a question that nobody answered, before work that stands still', () => {
    const late = { id: 'a', name: 'Weekly', dueAt: '2026-11-24T09:00:00.000Z' };
    const held = { ...idle, paused: true, ...waitingSince(0) };
    expect(attentionOf(undefined, [held], NOW, [late]).map(({ kind }) => kind)).toEqual([
      'overdue',
      'paused',
    ]);
  });

  it('names failures', () => expect(kinds({ counts: { ...idle.counts, failed: 1 } })).toEqual(['failed']));

  it('is an alert that the figures here do not show themselves', () => {
    const incident = (kind: Incident['kind']): Incident => ({
      id: IncidentId.parse('3f2b8a52-6c1d-4f0e-9a57-0d5b8f6f1c11'),
      ruleId: AlertRuleId.parse('3f2b8a52-6c1d-4f0e-9a57-0d5b8f6f1c12'),
      ruleName: 'Rule',
      kind,
      severity: 'critical',
      subject: { type: 'engine', label: 'redis' },
      threshold: 80,
      value: 90,
      peak: 90,
      detail: null,
      notify: true,
      beganAt: '2026-11-24T11:00:00.000Z',
      openedAt: '2026-11-24T11:01:00.000Z',
      resolvedAt: null,
      resolution: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      snoozedUntil: null,
      notes: [],
    });
    const seen = attentionOf(undefined, [idle], NOW, [], [incident('memory'), incident('no-workers')]);
    expect(seen.map((item) => item.kind === 'alert' && item.incident.kind)).toEqual(['memory']);
  });
});
