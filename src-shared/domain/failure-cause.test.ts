import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likeMessage, normaliseErrorMessage } from './error-fingerprint';
import { causeReader, failureCause, isCancelled } from './failure-cause';

const words = fc.constantFrom(
  'code=131026',
  'Code: 7',
  'status 503',
  '#131026',
  'https://a.example/code=5/77',
  '2026-01-02T03:04:05Z',
  '+966 50 123 4567',
  '10.0.0.12:443',
  '0x1f',
  'deadbeef42',
  '12',
  '1,234.5',
  '"quoted 12"',
  'refused',
  'x9',
  '1234567',
);
const messages = fc.array(words, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(' '));

describe('why a job failed', () => {
  it('is read the same from memory as at first sight', () => {
    const read = causeReader();
    const stacks = fc.constantFrom(null, 'TypeError: x\n    at send (/app/src/a.ts:1:2)', 'Error: y');
    fc.assert(
      fc.property(messages, stacks, (message, stack) => {
        expect(read(message, stack)).toEqual(failureCause(message, stack));
      }),
      { numRuns: 500 },
    );
  });

  it('is alike only for messages that are normalised to the same', () => {
    fc.assert(
      fc.property(messages, messages, (one, other) => {
        if (likeMessage(one) === likeMessage(other))
          expect(normaliseErrorMessage(one)).toBe(normaliseErrorMessage(other));
      }),
      { numRuns: 500 },
    );
    expect(likeMessage('code=131026 after 17 ms')).toBe(likeMessage('code=131026 after 42 ms'));
    expect(likeMessage('code=131026')).not.toBe(likeMessage('code=131047'));
  });

  it('names the kind of error, and tells a cancelled job from a failed one', () => {
    const stack = 'RangeError: Out of range\n    at send (/app/src/a.ts:1:2)';
    expect(failureCause('Out of range', stack).title).toBe('RangeError: Out of range');
    expect(isCancelled('Cancelled by Dana')).toBe(true);
    expect(isCancelled('It was Cancelled by Dana')).toBe(false);
    expect(isCancelled(null)).toBe(false);
  });
});
