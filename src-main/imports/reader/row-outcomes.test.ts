import { describe, expect, test } from 'vitest';
import type { CellValue } from '@shared/domain/cell';
import { ImportOptions } from '@shared/contract/imports';
import { RowJudge } from './row-outcomes';

const options = ImportOptions.parse({ defaultCountry: 'SA' });

const judgeAll = (judge: RowJudge, phones: readonly CellValue[]) =>
  phones.map((phone, index) => judge.judge(index + 2, [phone]));

describe('doubles within a file', () => {
  test('are found whatever their format, and cite the first valid row', () => {
    const judge = new RowJudge([{ field: 'phone' }], options, ['Mobile']);
    const outcomes = judgeAll(judge, ['05', '0512345678', '+966 51 234 5678', 966_512_345_678, '0512345679']);
    expect(outcomes.map((outcome) => outcome?.kind)).toEqual([
      ...['invalid', 'valid', 'duplicate', 'duplicate', 'valid'],
    ]);
    expect(outcomes[3]).toMatchObject({
      of: 3,
      reason: { column: 'Mobile', message: 'Row 3 has the same phone number and comes first.' },
    });
  });

  test('can be won by a later row, named beforehand', () => {
    const wins = ImportOptions.parse({ defaultCountry: 'SA', duplicateWins: 'last' });
    const judge = new RowJudge([{ field: 'phone' }], wins, ['Mobile'], new Map([[966_512_345_678, 3]]));
    expect(judgeAll(judge, ['0512345678', '0512345678', '0512345679'])).toMatchObject([
      { kind: 'duplicate', of: 3, reason: { message: 'Row 3 has the same phone number and comes last.' } },
      { kind: 'valid' },
      { kind: 'valid' },
    ]);
  });
});
