import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellText, type CellValue } from './cell';
import { type Correction, Corrections, rangesOf, replacer } from './corrections';

const apply = (list: readonly Correction[], row: number, cells: readonly CellValue[]) =>
  new Corrections(list).apply(row, cells);

const replace = (rule: Partial<Extract<Correction, { kind: 'replace' }>>): Correction => ({
  ...{ kind: 'replace', column: 0, find: '', replacement: '', whole: false, matchCase: false },
  ...rule,
});

describe('corrections', () => {
  test('a row that none concerns is the very same row', () => {
    const cells = ['Sara', 5];
    expect(apply([{ kind: 'cell', row: 3, column: 0, value: 'x' }], 2, cells).cells).toBe(cells);
  });

  test('a cell beyond the end of the row is added', () => {
    expect(apply([{ kind: 'cell', row: 2, column: 2, value: 'x' }], 2, ['a'])).toEqual({
      ...{ cells: ['a', null, 'x'], changed: [2], excluded: false },
    });
  });

  test('later ones work on what earlier ones left', () => {
    const list: Correction[] = [
      { kind: 'cell', row: 2, column: 0, value: 'one' },
      replace({ find: 'one', replacement: 'two' }),
      { kind: 'cell', row: 2, column: 1, value: 'b' },
    ];
    expect(apply(list, 2, ['zero', 'a'])).toMatchObject({ cells: ['two', 'b'], changed: [0, 1] });
    expect(apply(list, 3, ['one', 'a'])).toMatchObject({ cells: ['two', 'a'], changed: [0] });
  });

  test('a cell that is written as it was is not changed', () => {
    expect(apply([{ kind: 'cell', row: 2, column: 0, value: '5' }], 2, [5]).changed).toEqual([]);
  });

  test('numbers are replaced as the text that is seen', () => {
    const list = [replace({ find: '966', replacement: '+966' })];
    expect(apply(list, 2, [966_512_345_678]).cells).toEqual(['+966512345678']);
  });

  test('whole cells only, and blank ones when nothing is looked for', () => {
    expect(replacer({ find: 'n/a', replacement: '', whole: true, matchCase: false })('N/A')).toBe('');
    expect(replacer({ find: 'n/a', replacement: '', whole: true, matchCase: false })('n/a?')).toBe('n/a?');
    expect(replacer({ find: '', replacement: 'SA', whole: true, matchCase: false })(null)).toBe('SA');
  });

  test('what is looked for is text, not a pattern, and the replacement neither', () => {
    const rule = { find: '(.)', replacement: '$1$&', whole: false, matchCase: true };
    expect(replacer(rule)('a(.)b')).toBe('a$1$&b');
    expect(replacer(rule)('abc')).toBe('abc');
  });

  test('the last word on a row decides whether it is left out', () => {
    const list: Correction[] = [
      { kind: 'exclude', rows: [[2, 10]] },
      { kind: 'include', rows: [[4, 5]] },
      { kind: 'exclude', rows: [[5, 5]] },
    ];
    const excluded = [1, 2, 4, 5, 10, 11].filter((row) => apply(list, row, []).excluded);
    expect(excluded).toEqual([2, 5, 10]);
  });

  test('ranges hold exactly the rows they were made of', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200 })), (rows) => {
        const sorted = [...rows].sort((a, b) => a - b);
        const corrections = new Corrections([{ kind: 'exclude', rows: rangesOf(sorted) }]);
        const all = Array.from({ length: 202 }, (_, row) => row);
        expect(all.filter((row) => corrections.apply(row, []).excluded)).toEqual(sorted);
      }),
    );
  });

  test('a replacement leaves nothing to find, unless it brings it along itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.boolean(), (text, find, matchCase) => {
        const result = replacer({ find, replacement: '', whole: false, matchCase })(text);
        const once = cellText(result);
        // Taking a part out may join two halves into a new one; what was there before is gone.
        expect(once.length).toBeLessThanOrEqual(cellText(text).length);
        if (!cellText(text).includes(find) && matchCase) expect(result).toBe(text);
      }),
    );
  });
});
