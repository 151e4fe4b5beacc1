/**
 * The name that somebody probably meant: the known one that differs only in case and separators, else the
 * one with the fewest typing mistakes, at most one in three characters. Null where none comes near.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  const wanted = plain(name);
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const offered = plain(candidate);
    const most = Math.floor(Math.max(wanted.length, offered.length) / 3);
    // Changing its length alone takes as many mistakes.
    if (Math.abs(wanted.length - offered.length) > most) continue;
    const distance = mistakes(wanted, offered);
    if (distance <= most && distance < (best?.distance ?? Infinity)) best = { name: candidate, distance };
  }
  return best?.name ?? null;
}

const plain = (name: string): string => name.toLowerCase().replace(/[\s_.-]/g, '');

/** Typing mistakes between two words: a character too many, too few, another one, or two swapped. */
function mistakes(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(last, j) + 1,
          at(row, j - 1) + 1,
          at(last, j - 1) + (isSame ? 0 : 1),
          isSwapped ? at(beforeLast, j - 2) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
