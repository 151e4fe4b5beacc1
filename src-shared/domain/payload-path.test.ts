import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPathPredicate, globMatcher, parsePathPredicate, pathMatcher } from './payload-path';

describe('a path into a payload', () => {
  it('reads `path:pattern` and writes it again', () => {
    const text = 'data.contacts[].phone:+966*';
    const predicate = parsePathPredicate(text);
    expect(predicate).toEqual({ path: 'data.contacts[].phone', pattern: '+966*' });
    expect(predicate && formatPathPredicate(predicate)).toBe(text);
  });

  it.each(['', ':x', 'a..b:x', 'a[b:x', 'a[x]:y', 'no colon'])('does not read %j', (text) => {
    expect(parsePathPredicate(text)).toBeUndefined();
  });

  it('reaches lists in lists, and numbers and truth as their text', () => {
    const data = { rows: [[{ n: 1 }], [{ n: 25, done: true }]] };
    expect(pathMatcher({ path: 'rows[][].n', pattern: '25' })(data)).toBe(true);
    expect(pathMatcher({ path: 'rows[1][0].done', pattern: 'TRUE' })(data)).toBe(true);
    expect(pathMatcher({ path: 'rows[0][].n', pattern: '25' })(data)).toBe(false);
  });

  it('does not take inherited properties for data', () => {
    expect(pathMatcher({ path: 'constructor', pattern: '*' })({})).toBe(false);
  });
});

describe('a pattern', () => {
  it('takes every text that is made from it', () => {
    const words = fc.array(fc.stringMatching(/^[a-c ]{0,4}$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(words, fc.array(fc.stringMatching(/^[a-c ]{0,4}$/), { minLength: 3 }), (parts, fill) => {
        const text = parts
          .map((part, index) => (index === 0 ? part : `${fill[index - 1] ?? ''}${part}`))
          .join('');
        expect(globMatcher(parts.join('*'))(text)).toBe(true);
      }),
    );
  });

  it('does not take the overlap of its ends for a match', () => {
    expect(globMatcher('ab*ba')('aba')).toBe(false);
    expect(globMatcher('ab*ba')('abba')).toBe(true);
    expect(globMatcher('a*b*c')('acb')).toBe(false);
  });
});
