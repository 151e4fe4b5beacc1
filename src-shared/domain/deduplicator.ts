import type { E164 } from './phone';

export interface Deduplicator {
  /**
   * Claims a phone for a row; undefined where it is new, else the number of the row it doubles. Claim a row only
   * once all of it is valid: a rejected row must not win over a later good one.
   */
  readonly claim: (phone: E164, row: number) => number | undefined;
  /** Phones claimed so far. */
  readonly size: () => number;
}

/**
 * Finds doubles within one file. `first`: the first valid row wins, and all doubles cite it. `last`: each double
 * takes over, and the row returned is the one that has lost.
 */
export function createDeduplicator(wins: 'first' | 'last' = 'first'): Deduplicator {
  // Keyed by number: at most 15 digits fit exactly, and half a million strings would not stay alive.
  const rows = new Map<number, number>();
  return {
    claim: (phone, row) => {
      const key = Number(phone.slice(1));
      const other = rows.get(key);
      if (other === undefined || wins === 'last') rows.set(key, row);
      return other;
    },
    size: () => rows.size,
  };
}
