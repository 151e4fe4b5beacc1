import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { diffWords, type DiffPart } from './text-diff';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const marked = (before: string, after: string): string =>
  diffWords(before, after)
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `[+${text}+]`))
    .join('');

describe('what changed between two texts', () => {
  it('is told word by word', () => {
    expect(marked('Hi {{name}}, your order is ready', 'Hello {{name}}, your order is here')).toBe(
      '[-Hi-][+Hello+] {{name}}, your order is [-ready-][+here+]',
    );
    expect(marked('a b c', 'a c')).toBe('a [-b -]c');
    expect(marked('', 'new')).toBe('[+new+]');
    expect(marked('old', '')).toBe('[-old-]');
    expect(marked('same', 'same')).toBe('same');
    expect(marked('', '')).toBe('');
  });

  it('takes a variable and a word of any script as one', () => {
    expect(marked('{{name}}!', '{{name|you}}!')).toBe('[-{{name}}-][+{{name|you}}+]!');
    expect(marked('مرحبا صديقي', 'مرحبا أخي')).toBe('مرحبا [-صديقي-][+أخي+]');
  });

  it('finds the shortest script', () => {
    expect(marked('x a b c', 'a b c y')).toBe('[-x -]a b c[+ y+]');
  });

  it('takes texts that have nothing in common, however long', () => {
    const before = 'a '.repeat(50_000);
    const after = 'b,'.repeat(50_000);
    const started = performance.now();
    const parts = diffWords(before, after);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(textOf(parts, 'added')).toBe(before);
    expect(textOf(parts, 'removed')).toBe(after);
  });

  it('loses nothing and adds nothing', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', ' ', '\n', '{{x}}', '{{', '😀', ','))
      .map((p) => p.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = diffWords(before, after);
        expect(textOf(parts, 'added')).toBe(before);
        expect(textOf(parts, 'removed')).toBe(after);
        for (const [index, { kind, text: part }] of parts.entries()) {
          expect(part).not.toBe('');
          expect(parts[index + 1]?.kind).not.toBe(kind);
        }
      }),
    );
  });
});

const textOf = (parts: readonly DiffPart[], without: DiffPart['kind']): string =>
  parts.map(({ kind, text }) => (kind === without ? '' : text)).join('');
