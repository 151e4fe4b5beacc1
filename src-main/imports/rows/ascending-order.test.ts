import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ascendingOrder } from './ascending-order';

it('orders numbers as comparing them does, equal ones as they came', () => {
  const number = fc.oneof(
    fc.maxSafeNat().map((value) => value % 1e15),
    fc.nat(3),
    // Phones of one country differ in their last digits only.
    fc.nat(99_999_999).map((rest) => 966_500_000_000 + rest),
  );
  fc.assert(
    fc.property(fc.array(number, { maxLength: 300 }), (numbers) => {
      const compared = numbers
        .map((value, index) => ({ value, index }))
        .sort((a, b) => a.value - b.value || a.index - b.index)
        .map(({ index }) => index);
      expect([...ascendingOrder(numbers)]).toEqual(compared);
    }),
  );
});
