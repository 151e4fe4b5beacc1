import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppFailure } from '@shared/errors';
import { CsvTokenizer } from './csv-tokenizer';

const split = (text: string, delimiter = ',', pieces: readonly number[] = []): string[][] => {
  const tokenizer = new CsvTokenizer(delimiter);
  const rows: string[][] = [];
  let rest = text;
  for (const length of pieces) {
    rows.push(...tokenizer.push(rest.slice(0, length)));
    rest = rest.slice(length);
  }
  return [...rows, ...tokenizer.push(rest), ...tokenizer.end()];
};

describe('a text file', () => {
  it('keeps every cell the text it is', () => {
    expect(split('a,b\n+966512345678,01234\n1E5, x \n')).toEqual([
      ['a', 'b'],
      ['+966512345678', '01234'],
      ['1E5', ' x '],
    ]);
  });

  it('has rows of any length and blank lines, each with its own number', () => {
    expect(split('title\n\na,b,c\n1\n1,2,3,4\n')).toEqual([
      ['title'],
      [''],
      ['a', 'b', 'c'],
      ['1'],
      ['1', '2', '3', '4'],
    ]);
  });

  it('takes any line end, also a mixture', () => {
    expect(split('a\r\nb\rc\nd')).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  it('reads quotes as people write them', () => {
    expect(split('"a,b","say ""hi""","x\ny"\n5" pipe,"a"b,""\n')).toEqual([
      ['a,b', 'say "hi"', 'x\ny'],
      ['5" pipe', 'ab', ''],
    ]);
  });

  it('is refused where a quotation mark is never closed, with the row', () => {
    expect(() => split('a,b\n1,"two\n3,4\n')).toThrow(AppFailure);
    expect(() => split('a,b\n1,"two\n3,4\n')).toThrow('row 2');
  });

  it('is refused where a row never ends, and no quotation mark is blamed for it', () => {
    const endless = 'name,"quoted",'.repeat(100_000);
    expect(() => split(`a,b\n${endless}`, ',', [4, 1_200_000])).toThrow(
      'Row 2 goes on for more than a million characters.',
    );
  });

  it('comes out the same however it is cut into pieces, and as it was written', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r', ' ', '٣', ';') });
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.array(fc.nat(7)), (cells, pieces) => {
        const quoted = cells
          .map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))
          .join('\r\n');
        expect(split(quoted)).toEqual(cells);
        expect(split(quoted, ',', pieces)).toEqual(cells);
      }),
    );
  });
});
