import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aboutOf, lastStack } from './redis-job-texts';
import { MAX_LABEL, MAX_STACK } from './selection';

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** With what marks texts and lists in JSON more often than by chance. */
const anyText = fc.oneof(
  fc.string({ maxLength: 40, unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('"', ',', '\\', '\n', '\u0001', ']', 'é', '😀', 'at'), { maxLength: 12 })
    .map((parts) => parts.join('')),
);

describe('texts of a job as Redis keeps them', () => {
  it('gives the last stack, whatever it and those before hold', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), (all) => {
        expect(lastStack(bytesOf(all))).toBe(all.at(-1));
      }),
    );
    expect(lastStack(bytesOf([]))).toBe('');
  });

  it('gives the beginning of a long stack', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 3_000 }), (text, times) => {
        const stack = `Error: ${text.repeat(times)}`;
        expect(lastStack(bytesOf(['before', stack]))).toBe(stack.slice(0, MAX_STACK));
      }),
      { numRuns: 40 },
    );
  });

  it('gives nothing where another producer wrote something else', () => {
    for (const json of ['', '{}', '[1]', 'no JSON at all', '["a"'])
      expect(lastStack(Buffer.from(json))).toBe('');
  });

  it('finds the campaign and its name', () => {
    const campaignId = 'c0ffee00-0000-4000-8000-000000000001';
    const label = 'Spring "sale" \\ 1';
    expect(aboutOf(bytesOf({ campaignId, label }))).toEqual({ campaignId, importId: null, label });
    expect(aboutOf(bytesOf({ version: 0 }))).toBeNull();
    expect(aboutOf(bytesOf({ campaignId, x: 'x'.repeat(20_000) }))).toBeNull();
  });

  it('gives any label, cut to what is read of one', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 30 }), (text, times) => {
        const label = text.repeat(times);
        const about = aboutOf(bytesOf({ importId: 'i1', label }));
        expect(about).toEqual({ campaignId: null, importId: 'i1', label: label.slice(0, MAX_LABEL) });
      }),
    );
  });
});
