import fc from 'fast-check';
import type { Correction } from '@shared/contract/imports';

const phone = fc.constantFrom(
  ...['', '+966512345601', '0512345601', '00966512345602', '512345603', '+966512345604', 'x', '12'],
);
const column = fc.integer({ min: 0, max: 2 });

/** Rows of phone, name and email, with every kind of trouble. */
export const troubledRows = (maxLength: number): fc.Arbitrary<string[][]> =>
  fc.array(fc.tuple(phone, fc.constantFrom('', 'Ann', 'Ben'), fc.constantFrom('', 'a@example.com', 'bad')), {
    minLength: 1,
    maxLength,
  });

/** Corrections of rows 2 to `lastRow`. */
export const someCorrections = (lastRow: number, maxLength: number): fc.Arbitrary<Correction[]> => {
  const row = fc.integer({ min: 2, max: lastRow });
  return fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('cell' as const), row, column, value: phone }),
      fc.record({
        kind: fc.constant('replace' as const),
        column,
        find: fc.constantFrom('', '0', 'ann', 'x'),
        replacement: fc.constantFrom('', '+966512345604', '5'),
        whole: fc.boolean(),
        matchCase: fc.boolean(),
      }),
      row.map((first): Correction => ({ kind: 'exclude', rows: [[first, first + 2]] })),
      row.map((first): Correction => ({ kind: 'include', rows: [[first, first]] })),
    ),
    { maxLength },
  );
};

export const someOptions = fc.record({
  updateExisting: fc.boolean(),
  skipDuplicates: fc.boolean(),
  validatePhone: fc.boolean(),
  duplicateWins: fc.constantFrom('first' as const, 'last' as const),
  defaultCountry: fc.constantFrom('SA', null),
});
