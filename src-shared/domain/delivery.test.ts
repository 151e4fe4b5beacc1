import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  campaignOutcome,
  canTransition,
  DELIVERY_STATES,
  FINAL_STATES,
  isFinal,
  isRetryable,
  isSettled,
  outcomeOfCounts,
  stateAfterReports,
  statesBefore,
  webhookStatusSchema,
  type DeliveryState,
  type WebhookStatus,
} from './delivery';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const state = fc.constantFrom(...DELIVERY_STATES);
const status = fc.constantFrom(...webhookStatusSchema.options);

/** Statuses of one message that come one by one, each seen with all that came before it. */
function merge(start: DeliveryState, statuses: readonly WebhookStatus[]): DeliveryState {
  return statuses.reduce(
    (state, _, index) =>
      stateAfterReports(state, [{ statuses: statuses.slice(0, index + 1), current: true }]),
    start,
  );
}

describe('transitions', () => {
  it('walks the normal way', () => {
    const way: DeliveryState[] = ['pending', 'sending', 'accepted'];
    way.slice(1).forEach((to, i) => expect(canTransition(way[i] ?? 'read', to)).toBe(true));
  });

  it('never goes from a request that may have left back to one that may be sent again', () => {
    expect(canTransition('sending', 'pending')).toBe(false);
    expect(canTransition('unknown', 'pending')).toBe(false);
    expect(canTransition('unknown', 'retry_wait')).toBe(false);
  });

  it('reaches `sending` only from where no request is under way, and a sent message is never touched again', () => {
    expect(statesBefore('sending')).toEqual(['pending', 'retry_wait']);
    for (const from of ['accepted', 'sent', 'delivered', 'read'] as const) {
      for (const to of DELIVERY_STATES) expect(canTransition(from, to)).toBe(false);
    }
  });

  it('lets an operator retry the failed, and resolve the unknown, but nothing else that is settled', () => {
    expect(DELIVERY_STATES.filter(isRetryable)).toEqual(['failed']);
    expect(statesBefore('pending')).toEqual(['failed', 'retry_wait', 'skipped']);
    expect(isSettled('unknown')).toBe(true);
    expect(isFinal('unknown')).toBe(false);
    expect(FINAL_STATES).toEqual(['accepted', 'sent', 'delivered', 'read', 'failed', 'skipped', 'cancelled']);
  });
});

describe('webhook statuses', () => {
  it.each<[DeliveryState, WebhookStatus, DeliveryState]>([
    ['accepted', 'sent', 'sent'],
    ['sent', 'delivered', 'delivered'],
    ['delivered', 'sent', 'delivered'],
    ['read', 'delivered', 'read'],
    ['read', 'failed', 'read'],
    ['delivered', 'failed', 'delivered'],
    ['accepted', 'failed', 'failed'],
    // Our own word or an operator's: the provider knows better.
    ['failed', 'sent', 'sent'],
    ['failed', 'delivered', 'delivered'],
    ['unknown', 'sent', 'sent'],
    ['unknown', 'failed', 'failed'],
    ['sending', 'delivered', 'delivered'],
    ['retry_wait', 'delivered', 'delivered'],
    ['retry_wait', 'failed', 'retry_wait'],
    ['pending', 'failed', 'pending'],
    ['pending', 'sent', 'sent'],
  ])('%s + %s = %s', (current, arrived, expected) => {
    expect(merge(current, [arrived])).toBe(expected);
  });

  it('a failure takes back the "sent" of its message, whichever comes first', () => {
    expect(merge('accepted', ['sent', 'failed'])).toBe('failed');
    expect(merge('accepted', ['failed', 'sent'])).toBe('failed');
  });

  it('a failure of an earlier attempt fails nothing, and its message counts where it was delivered after all', () => {
    const earlier = (statuses: WebhookStatus[]) => ({ statuses, current: false });
    expect(stateAfterReports('accepted', [earlier(['failed'])])).toBe('accepted');
    expect(stateAfterReports('sending', [earlier(['sent', 'failed'])])).toBe('sending');
    expect(stateAfterReports('pending', [earlier(['delivered'])])).toBe('delivered');
  });

  it('does not depend on doubles, and ends the same in any order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<DeliveryState>('accepted', 'unknown', 'sending'),
        fc
          .array(status)
          .chain((statuses) =>
            fc.tuple(
              fc.constant(statuses),
              fc.shuffledSubarray([...statuses, ...statuses], { minLength: statuses.length * 2 }),
            ),
          ),
        (start, [statuses, doubled]) => {
          expect(merge(start, doubled)).toBe(merge(start, statuses));
        },
      ),
    );
  });

  it('never goes back', () => {
    const rank = (of: DeliveryState): number => ['sent', 'delivered', 'read'].indexOf(of);
    fc.assert(
      fc.property(state, fc.array(status), status, (start, before, next) => {
        const [from, to] = [merge(start, before), merge(start, [...before, next])];
        if (rank(from) > 0) expect(rank(to)).toBeGreaterThanOrEqual(rank(from));
        if (from === 'sent') expect(['sent', 'delivered', 'read', 'failed']).toContain(to);
      }),
    );
  });

  it('never takes delivered or read away', () => {
    fc.assert(
      fc.property(state, fc.array(status), (start, statuses) => {
        const end = merge(start, statuses);
        if (start === 'read' || statuses.includes('read')) expect(end).toBe('read');
        else if (start === 'delivered' || statuses.includes('delivered')) expect(end).toBe('delivered');
      }),
    );
  });
});

describe('outcome', () => {
  it.each([
    [0, 0, 0, 'success'],
    [10, 0, 0, 'success'],
    [5, 5, 0, 'partial_success'],
    [9, 1, 0, 'partial_success'],
    [4, 5, 0, 'partial_failure'],
    [0, 5, 0, 'failed'],
    [9, 0, 1, 'partial_success'],
    [0, 0, 1, 'partial_failure'],
    [2, 1, 2, 'partial_failure'],
  ])('%i succeeded, %i failed, %i unknown: %s', (succeeded, failed, unknown, outcome) => {
    expect(campaignOutcome({ succeeded, failed, unknown })).toBe(outcome);
  });

  it('counts every successful state, and neither skipped nor cancelled', () => {
    expect(outcomeOfCounts({ accepted: 1, sent: 1, delivered: 1, read: 1, failed: 4, skipped: 99 })).toBe(
      'partial_success',
    );
    expect(outcomeOfCounts({ skipped: 3, cancelled: 2 })).toBe('success');
  });
});
