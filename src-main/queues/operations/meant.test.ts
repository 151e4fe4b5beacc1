import { describe, expect, it } from 'vitest';
import { jobsMeant, planOf } from './meant';

const at = new Date('2026-03-01T00:00:00Z');
const to = at.toISOString();

describe('the jobs that an operation means', () => {
  it('are failed ones that nobody cancelled, up to now, for a retry', () => {
    const action = { type: 'retry', canary: null } as const;
    expect(jobsMeant(action, { queues: ['a'] }, at)).toEqual({
      ok: true,
      value: { queues: ['a'], states: ['failed'], finishedAt: { to }, cancelled: false },
    });
    const named = { jobs: [{ queue: 'a', id: '1' }] };
    expect(jobsMeant(action, named, at)).toMatchObject({ value: { ...named, states: ['failed'] } });
    expect(jobsMeant(action, named, at)).not.toHaveProperty('value.cancelled');
  });

  it('keep an earlier end that was asked for, and never reach past the moment', () => {
    const action = { type: 'remove', keep: true } as const;
    const from = '2026-01-01T00:00:00.000Z';
    const early = { states: ['failed' as const], finishedAt: { from, to: '2026-02-01T00:00:00.000Z' } };
    expect(jobsMeant(action, early, at)).toEqual({ ok: true, value: early });
    const late = { states: ['failed' as const], finishedAt: { to: '2027-01-01T00:00:00.000Z' } };
    expect(jobsMeant(action, late, at)).toMatchObject({ value: { finishedAt: { to } } });
  });

  it('never run, and are bound by their arrival where they have not ended', () => {
    const meant = jobsMeant({ type: 'remove', keep: true }, {}, at);
    expect(meant).toMatchObject({ value: { addedAt: { to } } });
    expect(meant.ok && meant.value.states).not.toContain('active');
    expect(jobsMeant({ type: 'promote' }, { states: ['failed'] }, at)).toMatchObject({
      ok: false,
      error: { code: 'invalid_input' },
    });
  });

  it('are told from cancelled ones by who acts, so that no reason has to be read', () => {
    const retry = { type: 'retry', canary: null } as const;
    expect(planOf(retry, { states: ['failed'], cancelled: false }, 'Dana')).toEqual({
      filter: { states: ['failed'] },
      action: { type: 'retry', leaveCancelled: true },
    });
    expect(planOf(retry, { cancelled: true }, 'Dana')).toMatchObject({ action: { leaveCancelled: false } });
  });
});
