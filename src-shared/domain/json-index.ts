/** What a node of a JSON text is, by its first character. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/**
 * Where each value of a JSON text begins and ends, in the order of the text. Nothing is parsed until it is looked
 * at: a tree over megabytes costs what is in sight of it.
 */
export interface JsonIndex {
  readonly text: string;
  /** How many values there are; the first is the whole. */
  readonly size: number;
  kind(node: number): JsonKind;
  /** Its name in an object; null in a list and for the whole. */
  key(node: number): string | null;
  /** Its place in a list; null elsewhere. */
  position(node: number): number | null;
  /** The container that it is in; -1 for the whole. */
  parent(node: number): number;
  depth(node: number): number;
  children(node: number): number;
  /** The first node that is neither this one nor inside of it. */
  after(node: number): number;
  /** Its JSON. */
  slice(node: number, longest?: number): string;
  /** How long its JSON is. */
  length(node: number): number;
  /** The node whose name or value stands at a place of the text. */
  at(offset: number): number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/** Reads a text in steps, so that a long one does not hold anybody up. */
export class JsonIndexer {
  private at = 0;
  private readonly open: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly afters: number[] = [];
  private readonly parents: number[] = [];
  private readonly keys: number[] = [];
  private readonly counts: number[] = [];
  private readonly places: number[] = [];
  private readonly depths: number[] = [];

  constructor(private readonly text: string) {}

  /**
   * Goes on until all is read (then true) or `isDue` says to pause.
   * @throws SyntaxError where the text is not JSON
   */
  step(isDue: () => boolean): boolean {
    for (let count = 1; ; count += 1) {
      this.skipSpace();
      if (this.at >= this.text.length) return this.finish();
      if (this.starts.length > 0 && this.open.length === 0) throw this.problem();
      this.readNext();
      if (count % 1_024 === 0 && isDue()) return false;
    }
  }

  private finish(): true {
    if (this.open.length > 0 || this.starts.length === 0) throw this.problem();
    return true;
  }

  index(): JsonIndex {
    const { text, starts, ends, afters, parents, keys, counts, places, depths } = this;
    const of = (list: readonly number[], node: number): number => list[node] ?? 0;
    const isIn = (node: number, code: number): boolean =>
      text.charCodeAt(of(starts, of(parents, node))) === code;
    return {
      text,
      size: starts.length,
      kind: (node) => kindOf(text.charCodeAt(of(starts, node))),
      key: (node) => {
        const from = of(keys, node);
        return from < 0 ? null : String(JSON.parse(text.slice(from, closingQuote(text, from) + 1)));
      },
      position: (node) => (of(parents, node) >= 0 && isIn(node, OPEN_LIST) ? of(places, node) : null),
      parent: (node) => parents[node] ?? -1,
      depth: (node) => of(depths, node),
      children: (node) => of(counts, node),
      after: (node) => of(afters, node),
      slice: (node, longest = Infinity) =>
        text.slice(of(starts, node), Math.min(of(ends, node), of(starts, node) + longest)),
      length: (node) => of(ends, node) - of(starts, node),
      at: (offset) => {
        const begins = (node: number): number => (of(keys, node) < 0 ? of(starts, node) : of(keys, node));
        let low = 0;
        let high = starts.length - 1;
        while (low < high) {
          const middle = (low + high + 1) >> 1;
          if (begins(middle) <= offset) low = middle;
          else high = middle - 1;
        }
        return low;
      },
    };
  }

  private readNext(): void {
    const { text } = this;
    const code = text.charCodeAt(this.at);
    const container = this.open.at(-1);
    if (container !== undefined) {
      const isObject = text.charCodeAt(this.starts[container] ?? 0) === OPEN_OBJECT;
      if (code === (isObject ? CLOSE_OBJECT : CLOSE_LIST)) return this.close(container);
      if (code === COMMA) {
        this.at += 1;
        return;
      }
      if (isObject) return this.readMember(code);
    }
    this.readValue(-1);
  }

  private readMember(code: number): void {
    if (code !== QUOTE) throw this.problem();
    const key = this.at;
    this.at = this.endOfString(key);
    this.skipSpace();
    if (this.text.charCodeAt(this.at) !== COLON) throw this.problem();
    this.at += 1;
    this.skipSpace();
    this.readValue(key);
  }

  private readValue(key: number): void {
    const { text, at: start } = this;
    const code = text.charCodeAt(start);
    const parent = this.open.at(-1) ?? -1;
    const node = this.starts.length;
    this.starts.push(start);
    this.parents.push(parent);
    this.keys.push(key);
    this.counts.push(0);
    this.depths.push(this.open.length);
    this.places.push(parent < 0 ? 0 : (this.counts[parent] ?? 0));
    if (parent >= 0) this.counts[parent] = (this.counts[parent] ?? 0) + 1;
    if (code === OPEN_OBJECT || code === OPEN_LIST) {
      this.ends.push(0);
      this.afters.push(0);
      this.open.push(node);
      this.at += 1;
      return;
    }
    this.at = code === QUOTE ? this.endOfString(start) : this.endOfWord(start);
    this.ends.push(this.at);
    this.afters.push(node + 1);
  }

  private close(container: number): void {
    this.at += 1;
    this.ends[container] = this.at;
    this.afters[container] = this.starts.length;
    this.open.pop();
  }

  private endOfString(from: number): number {
    const end = closingQuote(this.text, from);
    if (end === -1) throw this.problem();
    return end + 1;
  }

  private endOfWord(from: number): number {
    const word = WORD;
    word.lastIndex = from;
    if (!word.test(this.text)) throw this.problem();
    return word.lastIndex;
  }

  private skipSpace(): void {
    while (isSpace(this.text.charCodeAt(this.at))) this.at += 1;
  }

  private problem(): SyntaxError {
    return new SyntaxError(`Not JSON at character ${String(this.at + 1)}`);
  }
}

const WORD = /(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

/** Of a string that begins at `from`, the quote that ends it; -1 where there is none. */
function closingQuote(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

function kindOf(code: number): JsonKind {
  if (code === OPEN_OBJECT) return 'object';
  if (code === OPEN_LIST) return 'array';
  if (code === QUOTE) return 'string';
  if (code === 110) return 'null';
  return code === 116 || code === 102 ? 'boolean' : 'number';
}

/** The index of a text that is short enough to read at once. @throws SyntaxError where it is not JSON */
export function indexJson(text: string): JsonIndex {
  const indexer = new JsonIndexer(text);
  indexer.step(() => false);
  return indexer.index();
}

/** The nodes on screen: those whose containers are all open. */
export function visibleNodes(index: JsonIndex, isOpen: (node: number) => boolean): number[] {
  const nodes: number[] = [];
  for (let node = 0; node < index.size;) {
    nodes.push(node);
    node = index.children(node) > 0 && isOpen(node) ? node + 1 : index.after(node);
  }
  return nodes;
}

const PLAIN_KEY = /^[^\s.:"[\]]+$/;

/** Where a node is, as a search takes it: `data.contacts[2].phone`. */
export function jsonPath(index: JsonIndex, node: number, root: string): string {
  const parts: string[] = [];
  for (let at = node; at > 0; at = index.parent(at)) {
    const place = index.position(at);
    const key = index.key(at) ?? '';
    parts.push(
      place === null ? (PLAIN_KEY.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`) : `[${String(place)}]`,
    );
  }
  return root + parts.reverse().join('');
}

/** What a node is, parsed. */
export const jsonValue = (index: JsonIndex, node: number): unknown => JSON.parse(index.slice(node));

/** Nodes whose name or value has a text, upper or lower case: in steps, at most `most`. */
export class JsonFinder {
  private readonly pattern: RegExp;
  readonly found: number[] = [];

  constructor(
    private readonly index: JsonIndex,
    text: string,
    private readonly most: number,
  ) {
    const inJson = JSON.stringify(text).slice(1, -1);
    this.pattern = new RegExp(inJson.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  }

  /** Goes on until all is looked at (then true) or `isDue` says to pause. */
  step(isDue: () => boolean): boolean {
    for (let count = 1; this.found.length < this.most; count += 1) {
      const match = this.pattern.exec(this.index.text);
      if (match === null) return true;
      const node = this.index.at(match.index);
      if (this.found.at(-1) !== node) this.found.push(node);
      if (count % 128 === 0 && isDue()) return false;
    }
    return true;
  }
}
