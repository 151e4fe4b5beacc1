import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inAnyCase } from './any-case';

/** Letters whose lower case is another length, depends on what stands beside, or is shared; and what patterns escape. */
const awkward = fc
  .array(
    fc.constantFrom(
      'a',
      'A',
      'i',
      'İ',
      '\u0307',
      'K',
      'k',
      'Σ',
      'ς',
      'σ',
      'ß',
      'ẞ',
      '𐐀',
      '𐐨',
      '😀',
      '.',
      '[',
      '^',
      '-',
      '\\',
    ),
    {
      maxLength: 6,
    },
  )
  .map((letters) => letters.join(''));
const anyText = fc.oneof(awkward, fc.string({ unit: 'binary', maxLength: 6 }), fc.string({ maxLength: 6 }));

describe('a text in any case', () => {
  it('is found wherever it stands in lower case', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (before, text, after) => {
        const lower = `${before}${text}${after}`.toLowerCase();
        for (let from = 0; from < lower.length; from += 1) {
          for (let to = from + 1; to <= lower.length; to += 1) {
            expect(`${before}${text}${after}`).toMatch(new RegExp(inAnyCase(lower.slice(from, to))));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is not found where it does not stand', () => {
    const pattern = new RegExp(inAnyCase('was paused. (42)'));
    expect('Template WAS Paused. (42)').toMatch(pattern);
    expect('Template was paused, (42)').not.toMatch(pattern);
    expect('Template was paused. 42').not.toMatch(pattern);
  });
});
