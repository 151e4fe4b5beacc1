import { describe, expect, it } from 'vitest';
import { linesOf } from './marked-text-area';

describe('the lines of a marked text', () => {
  it('cut stretches at line breaks and keep their places', () => {
    expect(
      linesOf([
        { kind: 'text', text: 'a\n\nb ', offset: 0 },
        { kind: 'error', text: '{{x\ny', offset: 5 },
      ]),
    ).toEqual([
      [{ kind: 'text', text: 'a', offset: 0 }],
      [],
      [
        { kind: 'text', text: 'b ', offset: 3 },
        { kind: 'error', text: '{{x', offset: 5 },
      ],
      [{ kind: 'error', text: 'y', offset: 9 }],
    ]);
  });

  it('are one, empty, where there is no text', () => {
    expect(linesOf([])).toEqual([[]]);
  });
});
