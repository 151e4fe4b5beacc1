/** A title that matches what was typed: how well, and which characters to mark. */
export interface Match {
  readonly score: number;
  readonly positions: readonly number[];
}

const WORD_START = 8;
const CONSECUTIVE = 6;
const PLAIN = 1;
const GAP_COST = 0.15;

const isBoundary = (text: string, index: number): boolean =>
  index === 0 || /[\s:/·-]/.test(text[index - 1] ?? '');

/**
 * Fuzzy match: every character of `query` in order, better at word starts and in runs. Null where one
 * is missing. An empty query matches everything with score 0. Case and surrounding spaces do not matter.
 */
export function fuzzyMatch(query: string, text: string): Match | null {
  const wanted = query.trim().toLowerCase().replace(/\s+/g, '');
  if (wanted === '') return { score: 0, positions: [] };
  const lower = text.toLowerCase();
  let best: Match | null = null;
  // Starting at each place of the first character finds "rt" in "start: Retry" at the R.
  for (
    let start = lower.indexOf(wanted[0] ?? '');
    start !== -1;
    start = lower.indexOf(wanted[0] ?? '', start + 1)
  ) {
    const found = matchFrom(wanted, lower, start);
    if (found && (best === null || found.score > best.score)) best = found;
  }
  return best;
}

function matchFrom(wanted: string, lower: string, start: number): Match | null {
  const positions: number[] = [];
  let score = 0;
  let from = start;
  for (const character of wanted) {
    const next = nextPosition(character, lower, from, positions.length > 0);
    if (next === -1) return null;
    const last = positions[positions.length - 1];
    if (last !== undefined && next === last + 1) score += CONSECUTIVE;
    else score += isBoundary(lower, next) ? WORD_START : PLAIN;
    if (last !== undefined) score -= (next - last - 1) * GAP_COST;
    positions.push(next);
    from = next + 1;
  }
  return { score: score - start * 0.05, positions };
}

/** The next place of a character: right here, else at a word's start, else anywhere. */
function nextPosition(character: string, lower: string, from: number, mayJump: boolean): number {
  const plain = lower.indexOf(character, from);
  if (plain === -1 || plain === from || !mayJump) return plain;
  for (let at = plain; at !== -1; at = lower.indexOf(character, at + 1)) {
    if (isBoundary(lower, at)) return at;
  }
  return plain;
}
