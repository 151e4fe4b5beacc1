import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  captionProblem,
  mendTemplateParameter,
  templateParameterProblems,
  textBodyProblem,
} from './whatsapp-text';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const codes = (value: string): string[] => templateParameterProblems(value).map(({ code }) => code);

describe('a text message', () => {
  it('holds 1 to 4096 characters', () => {
    expect(textBodyProblem('x'.repeat(4096))).toBeUndefined();
    expect(textBodyProblem('x'.repeat(4097))).toEqual({
      code: 'too-long',
      message: 'The message has 4097 characters; WhatsApp takes at most 4096.',
    });
    expect(textBodyProblem(' \n ')?.code).toBe('empty');
    expect(captionProblem('x'.repeat(1025))?.code).toBe('too-long');
    expect(captionProblem('')).toBeUndefined();
  });
});

describe('a template parameter (132018)', () => {
  it.each<[string, string[]]>([
    ['Fatima Zahra', []],
    ['a    b', []],
    ['a     b', ['spaces']],
    ['a\nb', ['line-break']],
    ['a\r\n\tb', ['line-break', 'tab']],
    ['a\u2028b', ['line-break']],
    ['  ', ['empty']],
    ['', ['empty']],
  ])('%j', (value, expected) => {
    expect(codes(value)).toEqual(expected);
  });

  it('can always be mended, unless it is empty', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', '\r', 'ب', '\u2029') });
    fc.assert(
      fc.property(text, (value) => {
        const mended = mendTemplateParameter(value);
        expect(codes(mended)).toEqual(mended === '' ? ['empty'] : []);
        expect(mended.replace(/\s/g, '')).toBe(value.replace(/\s/g, ''));
      }),
    );
  });
});
