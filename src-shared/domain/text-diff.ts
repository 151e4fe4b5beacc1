/** What became of a stretch of text between two versions. */
export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Words changed beyond this are shown as one replacement: it reads better, and the search stays short. */
const MAX_CHANGES = 1_000;

/** A template's variable is one word, whatever is in it. */
const WORDS = /\{\{[^{}]*\}\}|\s+|[\p{L}\p{M}\p{N}_]+|[^]/gu;

/**
 * The difference between two texts, word by word. `same` and `removed` parts together are `before`, `same`
 * and `added` ones are `after`; neighbours of one kind are joined, and what was removed stands before what
 * was added in its place.
 */
export function diffWords(before: string, after: string): DiffPart[] {
  const old = before.match(WORDS) ?? [];
  const next = after.match(WORDS) ?? [];
  const start = commonLength(old, next, (words, index) => words[index]);
  const rest = { old: old.slice(start), next: next.slice(start) };
  const end = commonLength(rest.old, rest.next, (words, index) => words[words.length - 1 - index]);
  const middle = changes(
    rest.old.slice(0, rest.old.length - end),
    rest.next.slice(0, rest.next.length - end),
  );
  return joined([
    ...old.slice(0, start).map(same),
    ...middle,
    ...rest.old.slice(rest.old.length - end).map(same),
  ]);
}

const same = (text: string): DiffPart => ({ kind: 'same', text });
const removed = (text: string): DiffPart => ({ kind: 'removed', text });
const added = (text: string): DiffPart => ({ kind: 'added', text });

function commonLength(
  a: readonly string[],
  b: readonly string[],
  at: (words: readonly string[], index: number) => string | undefined,
): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && at(a, length) === at(b, length)) length += 1;
  return length;
}

/** Myers' greedy algorithm: the shortest script of removals and additions. */
function changes(old: readonly string[], next: readonly string[]): DiffPart[] {
  const trace = search(old, next);
  if (trace === null) return [...old.map(removed), ...next.map(added)];
  const parts: DiffPart[] = [];
  let x = old.length;
  let y = next.length;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const reach = reachOf(trace[d]);
    const k = x - y;
    const isAddition = k === -d || (k !== d && reach(k - 1) < reach(k + 1));
    const from = d === 0 ? 0 : isAddition ? reach(k + 1) : reach(k - 1) + 1;
    for (; x > from; x -= 1, y -= 1) parts.push(same(old[x - 1] ?? ''));
    if (d === 0) break;
    if (isAddition) parts.push(added(next[--y] ?? ''));
    else parts.push(removed(old[--x] ?? ''));
  }
  return parts.reverse();
}

/** How far each diagonal gets with 0, 1, 2… changes; null where more than `MAX_CHANGES` are needed. */
function search(old: readonly string[], next: readonly string[]): Int32Array[] | null {
  const trace: Int32Array[] = [new Int32Array(3)];
  for (let d = 0; d <= MAX_CHANGES; d += 1) {
    const reach = reachOf(trace[d]);
    const reached = new Int32Array(2 * d + 5);
    for (let k = -d; k <= d; k += 2) {
      let x =
        d === 0 ? 0 : k === -d || (k !== d && reach(k - 1) < reach(k + 1)) ? reach(k + 1) : reach(k - 1) + 1;
      while (x < old.length && x - k < next.length && old[x] === next[x - k]) x += 1;
      reached[k + d + 2] = x;
      if (x >= old.length && x - k >= next.length) return trace;
    }
    trace.push(reached);
  }
  return null;
}

/** Diagonals are counted from the middle of the list. */
const reachOf =
  (reached: Int32Array | undefined) =>
  (k: number): number =>
    reached?.[k + (reached.length - 1) / 2] ?? 0;

function joined(parts: readonly DiffPart[]): DiffPart[] {
  const result: DiffPart[] = [];
  let change = { removed: '', added: '' };
  const flush = (): void => {
    if (change.removed !== '') result.push(removed(change.removed));
    if (change.added !== '') result.push(added(change.added));
    change = { removed: '', added: '' };
  };
  let unchanged = '';
  for (const { kind, text } of parts) {
    if (kind === 'same') {
      flush();
      unchanged += text;
      continue;
    }
    if (unchanged !== '') result.push(same(unchanged));
    unchanged = '';
    change[kind] += text;
  }
  flush();
  if (unchanged !== '') result.push(same(unchanged));
  return result;
}
