import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { oneByteSource } from './one-byte-source';

const value = (code: string): unknown => runInNewContext(code);

it('leaves nothing that V8 would keep two bytes for, and nothing else changed', () => {
  expect(oneByteSource('const a = "é – 你😀";')).toBe('const a = "é \\u2013 \\u4f60\\ud83d\\ude00";');
});

it.each([
  ['a string', '"–"'],
  ['a template', '`${1}–\n${2}😀`'],
  ['a character that was escaped for no purpose', String.raw`"\–"`],
  ['a backslash before the character', String.raw`"\\–"`],
  ['both', String.raw`"\\\–"`],
  ['a regular expression', '/[–—]+/.exec("a—–b")[0]'],
  ['a regular expression of code points', '/^[😀-😂]$/u.test("😁")'],
  ['a comment', '1 // – \n + 1'],
])('means the same: %s', (_what, code) => {
  const narrow = oneByteSource(code);
  expect(narrow).toMatch(/^[\0-\xff]*$/);
  expect(value(narrow)).toEqual(value(code));
});

it('means the same for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(value(oneByteSource(JSON.stringify(text)))).toBe(text);
    }),
  );
});
