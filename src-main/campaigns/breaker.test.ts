import { describe, expect, it } from 'vitest';
import { BREAKER_MIN } from '@shared/domain/campaign-safety';
import { createBreaker, stoppedBecause } from './breaker';
import { OWN_CODES } from './reasons';

const campaign = { id: 'c', stopAtFailureShare: 0.5, resumedAt: null };
const failed = { state: 'failed', errorCode: '131026' } as const;

describe('the circuit breaker of one machine', () => {
  it('trips where messages get no answer, and says so', () => {
    const breaker = createBreaker();
    const lost = { state: 'unknown', errorCode: OWN_CODES.noAnswer } as const;
    const noted = Array.from({ length: BREAKER_MIN }, () => breaker.note(campaign, lost));
    expect(noted.at(-2)).toBeNull();
    const failures = noted.at(-1);
    if (!failures) throw new Error('it has not tripped');
    expect(stoppedBecause('whatsapp', failures).reason).toContain(
      '20 of the last 20 messages failed or got no answer',
    );
  });

  it('counts nothing that an operator has seen, though another machine had stopped the campaign', () => {
    const breaker = createBreaker();
    const few = BREAKER_MIN - 1;
    for (let n = 0; n < few; n += 1) expect(breaker.note(campaign, failed)).toBeNull();
    const resumed = { ...campaign, resumedAt: new Date(1_000) };
    for (let n = 0; n < few; n += 1) expect(breaker.note(resumed, failed)).toBeNull();
    // One that was begun before the resume answers only now.
    expect(breaker.note(campaign, failed)).toBeNull();
    expect(breaker.note(resumed, failed)).toMatchObject({ failed: BREAKER_MIN });
  });
});
