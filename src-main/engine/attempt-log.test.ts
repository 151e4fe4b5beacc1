import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLifeLine, parseLifeLine, type LifeLine } from './attempt-log';

const at = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
const words = fc
  .stringMatching(/^[A-Za-zäöü漢 ,:'"]{1,40}$/)
  .map((text) => text.trim().replace(/\s+/g, ' ') || 'x');
const line: fc.Arbitrary<LifeLine> = fc.oneof(
  fc.record({
    type: fc.constant('failed-attempt' as const),
    at,
    attempt: fc.nat(9),
    runMs: fc.nat(),
    error: words,
  }),
  fc.record({
    type: fc.constant('interrupted' as const),
    at,
    attempt: fc.nat(9),
    runMs: fc.nat(),
    why: words,
  }),
  fc.record({ type: fc.constant('stalled' as const), at }),
  fc.record({ type: fc.constant('retried' as const), at, by: words }),
  fc.record({
    type: fc.constant('moved' as const),
    at,
    from: fc.constantFrom('bulk-messages', 'tenant-01:mail'),
    id: fc.constantFrom('42', 'repeat:daily:1764000000000'),
    by: words,
  }),
  fc.record({ type: fc.constant('cancel-requested' as const), at, by: words }),
);

describe('the life of a job in its log', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(line, (written) => {
        expect(parseLifeLine(formatLifeLine(written))).toEqual(written);
      }),
    );
  });

  it('is one line each, whatever an error says', () => {
    const error = `first\nsecond\r\n${'x'.repeat(5_000)}`;
    const text = formatLifeLine({ type: 'failed-attempt', at: new Date(0), attempt: 1, runMs: 5, error });
    expect(text).not.toMatch(/[\r\n]/);
    expect(text.length).toBeLessThan(700);
  });

  it('is not seen in lines that a processor wrote', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseLifeLine(text)).toBeUndefined();
      }),
    );
    expect(parseLifeLine('[2026-11-24T10:00:00.000Z] 100 of 1,000 sent')).toBeUndefined();
  });
});
