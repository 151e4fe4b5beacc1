import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { mendTemplateParameter, PARAMETER_FAULT, templateParameterProblems } from './whatsapp-parameters';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const codes = (value: string): string[] => templateParameterProblems(value).map(({ code }) => code);
const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', '\r', 'ب', '\u2029') });

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
    fc.assert(
      fc.property(text, (value) => {
        const mended = mendTemplateParameter(value);
        expect(codes(mended)).toEqual(mended === '' ? ['empty'] : []);
        expect(mended.replace(/\s/g, '')).toBe(value.replace(/\s/g, ''));
      }),
    );
  });

  it('has one pattern that finds what the rule finds', () => {
    expect(codes('a\u0085b')).toEqual(['line-break']);
    const fault = new RegExp(PARAMETER_FAULT);
    fc.assert(
      fc.property(text, (value) => {
        if (value.trim() !== '') expect(fault.test(value)).toBe(codes(value).length > 0);
      }),
    );
  });
});
