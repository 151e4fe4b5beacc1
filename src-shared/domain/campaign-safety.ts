/** How a campaign is kept from doing harm: who goes first, and when failures stop it. Pure. */

/** A campaign stops by itself where half of its last messages have failed, unless told otherwise. */
export const DEFAULT_FAILURE_SHARE = 0.5;
/** The canary of a campaign: 1 %, 50 at least. */
const CANARY_SHARE = 0.01;
const CANARY_MIN = 50;
/** The share of failures is taken over this many of the last settled messages … */
export const BREAKER_WINDOW = 100;
/** … and over no fewer than this many: two failures out of three say nothing yet. */
export const BREAKER_MIN = 20;

/** How many go first; null where so few are reached that a canary would be all of them. */
export function canarySize(recipients: number): number | null {
  const size = Math.max(CANARY_MIN, Math.ceil(recipients * CANARY_SHARE));
  return size < recipients ? size : null;
}

/** What the last messages of one campaign say about it. */
export interface FailureWindow {
  /** A message is under way from now on. */
  begin(): WindowPlace;
  /** The failures where they are at least `share` of the window, null where they are not. */
  over(share: number): WindowFailures | null;
}

/** The place of one message among the others, in the order in which they were begun. */
export interface WindowPlace {
  /** `code` is null for one that did not fail. */
  settle(code: string | null): void;
  /** It was not settled: it is tried again later, and says nothing. */
  leave(): void;
}

export interface WindowFailures {
  readonly failed: number;
  readonly of: number;
  /** The code that most of them failed with. */
  readonly mainCode: string;
}

interface Entry {
  state: 'under way' | 'left' | 'settled';
  /** Null for one that did not fail, and while that is not known. */
  code: string | null;
}

/** Old entries are dropped when so many times the window's size have been dealt with. */
const KEPT_WINDOWS = 8;

/**
 * The last `BREAKER_WINDOW` messages in the order in which they were begun, not answered: a failure often answers
 * sooner than a success, and would weigh more. It is over the share where that is so for the last ones up to the
 * newest answer, with those still under way taken as successes, or for the last of those before whom nobody is under
 * way any more: the first sees at once when all fail, the second when failures answer last.
 */
export function createFailureWindow(size = BREAKER_WINDOW, min = BREAKER_MIN): FailureWindow {
  let entries: Entry[] = [];
  /** Before this index nobody is under way. */
  let dealtWith = 0;

  const moveOn = (): void => {
    while (dealtWith < entries.length && entries[dealtWith]?.state !== 'under way') dealtWith += 1;
    if (dealtWith < size * KEPT_WINDOWS) return;
    const kept = entries
      .slice(0, dealtWith)
      .filter(({ state }) => state === 'settled')
      .slice(-size);
    entries = [...kept, ...entries.slice(dealtWith)];
    dealtWith = kept.length;
  };

  /** The last `size` entries that count before index `end`. */
  const lastBefore = (end: number): Entry[] => {
    const last: Entry[] = [];
    for (let index = end - 1; index >= 0 && last.length < size; index -= 1) {
      const entry = entries[index];
      if (entry !== undefined && entry.state !== 'left') last.push(entry);
    }
    return last;
  };

  const judge = (last: readonly Entry[], share: number): WindowFailures | null => {
    const settled = last.flatMap((entry) => (entry.state === 'settled' ? [entry.code] : []));
    const codes = settled.filter((code) => code !== null);
    if (settled.length < min || codes.length < share * last.length) return null;
    const mainCode = mostFrequent(codes);
    return mainCode === undefined ? null : { failed: codes.length, of: last.length, mainCode };
  };

  return {
    begin() {
      const entry: Entry = { state: 'under way', code: null };
      entries.push(entry);
      const end = (state: 'left' | 'settled', code: string | null): void => {
        if (entry.state !== 'under way') return;
        entry.state = state;
        entry.code = code;
        moveOn();
      };
      return { settle: (code) => end('settled', code), leave: () => end('left', null) };
    },
    over(share) {
      let end = entries.length;
      while (end > 0 && entries[end - 1]?.state !== 'settled') end -= 1;
      return judge(lastBefore(end), share) ?? judge(lastBefore(dealtWith), share);
    },
  };
}

function mostFrequent(codes: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0];
}
