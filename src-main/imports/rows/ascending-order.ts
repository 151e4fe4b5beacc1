/** Of what is ordered, a number takes up to 50 bits, which 15 digits do, and its index the rest of 64. */
const INDEX_BITS = 14;
const MAX_COUNT = 2 ** INDEX_BITS;
const LOW_BITS = 32 - INDEX_BITS;

/**
 * The indexes of up to 16,384 whole numbers of at most 15 digits, the smallest first; of equal ones the first comes
 * first. Number and index are put into one integer of 64 bits: those are ordered without a call for each comparison.
 * @throws RangeError where there are more
 */
export function ascendingOrder(numbers: readonly number[]): Uint16Array {
  const { length } = numbers;
  if (length > MAX_COUNT) throw new RangeError(`${length} numbers are more than ${MAX_COUNT}.`);
  const keys = new BigUint64Array(length);
  // Every processor that this runs on writes the lower half first.
  const halves = new Uint32Array(keys.buffer);
  for (let index = 0; index < length; index += 1) {
    const number = numbers[index] ?? 0;
    const high = Math.floor(number / 2 ** LOW_BITS);
    halves[2 * index] = (number - high * 2 ** LOW_BITS) * MAX_COUNT + index;
    halves[2 * index + 1] = high;
  }
  keys.sort();
  const order = new Uint16Array(length);
  for (let rank = 0; rank < length; rank += 1) order[rank] = (halves[2 * rank] ?? 0) % MAX_COUNT;
  return order;
}
