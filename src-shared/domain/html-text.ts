/**
 * HTML of an email: its text twin, and where variables stand in it. Not a browser's parser; it reads what
 * people write into emails and never throws.
 */

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
  copy: '©',
  euro: '€',
};
/** Elements whose content nobody reads. */
const INVISIBLE: ReadonlySet<string> = new Set(['style', 'script', 'head', 'title', 'template']);
/** Elements whose content is not HTML. */
const NOT_MARKUP: ReadonlySet<string> = new Set(['style', 'script']);
const BLOCKS: ReadonlySet<string> = new Set(
  'p div h1 h2 h3 h4 h5 h6 tr table section article ul ol blockquote'.split(' '),
);
const MAX_CODE_POINT = 0x10ffff;
const BRACE = 0x7b;

export type HtmlToken =
  | { readonly type: 'text'; readonly text: string; readonly offset: number }
  | {
      readonly type: 'tag';
      readonly name: string;
      readonly closes: boolean;
      readonly text: string;
      readonly offset: number;
    }
  /** A style sheet, a script or another element that is not read, with its content. */
  | { readonly type: 'hidden'; readonly name: string; readonly text: string; readonly offset: number };

/**
 * The tags and texts of HTML, comments left out; elements named `hidden` come whole.
 * Reads HTML once from the beginning to the end, so that hostile input takes no longer than any other.
 */
export function* tokensOf(html: string, hidden: ReadonlySet<string>): Generator<HtmlToken> {
  const lower = html.toLowerCase();
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    const textEnd = open === -1 ? html.length : open;
    if (textEnd > at) yield { type: 'text', text: html.slice(at, textEnd), offset: at };
    if (open === -1) return;
    if (html.startsWith('<!--', open)) {
      const close = html.indexOf('-->', open + 4);
      at = close === -1 ? html.length : close + 3;
      continue;
    }
    const name = /^<\/?([a-z!][a-z0-9]*)/.exec(lower.slice(open, open + 32))?.[1];
    if (name === undefined) {
      yield { type: 'text', text: '<', offset: open };
      at = open + 1;
      continue;
    }
    const closes = html[open + 1] === '/';
    at = tagEnd(html, open);
    if (closes || !hidden.has(name)) {
      yield { type: 'tag', name, closes, text: html.slice(open, at), offset: open };
      continue;
    }
    const end = lower.indexOf(`</${name}`, at);
    at = end === -1 ? html.length : tagEnd(html, end);
    yield { type: 'hidden', name, text: html.slice(open, at), offset: open };
  }
}

/** Behind the `>` of the tag at `open`; one in quotes does not count. */
function tagEnd(html: string, open: number): number {
  let quote: string | null = null;
  for (let at = open + 1; at < html.length; at += 1) {
    const character = html.charAt(at);
    if (quote !== null) quote = character === quote ? null : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
  }
  return html.length;
}

/** The text twin of an HTML body, for readers that show no HTML. Variables stay where they stand. */
export function textOfHtml(html: string): string {
  let text = '';
  let link: { readonly href: string; readonly from: number } | null = null;
  for (const token of tokensOf(html, INVISIBLE)) {
    if (token.type === 'text') text += token.text.replace(/\s+/g, ' ');
    if (token.type !== 'tag') continue;
    if (token.name === 'a') {
      if (link !== null) text = withAddress(text, link);
      link = token.closes ? null : { href: attribute(token.text, 'href'), from: text.length };
    } else text += spaceOf(token);
  }
  return decodeEntities(link === null ? text : withAddress(text, link))
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** What a tag is in a text: a line, a dash, the words of an image. */
function spaceOf({ name, closes, text }: Extract<HtmlToken, { type: 'tag' }>): string {
  if (name === 'br') return '\n';
  if (name === 'hr') return '\n\n---\n\n';
  if (name === 'img') return attribute(text, 'alt');
  if (name === 'li') return closes ? '' : '\n- ';
  if (name === 'td' || name === 'th') return closes ? ' ' : '';
  return closes && BLOCKS.has(name) ? '\n\n' : '';
}

/** A link's address stands behind its words, unless they are the address. */
function withAddress(text: string, { href, from }: { readonly href: string; readonly from: number }): string {
  const words = text.slice(from).trim();
  if (href === '' || words === href) return text;
  return words === '' ? text + href : `${text} (${href})`;
}

function attribute(tag: string, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag);
  return found?.[1] ?? found?.[2] ?? '';
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (all, hex, decimal, name) => {
    if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? all;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    // A brace that was written as an entity must not begin a variable in the text.
    return code > 0 && code <= MAX_CODE_POINT && code !== BRACE ? String.fromCodePoint(code) : all;
  });
}

export type HtmlProblemCode = 'script' | 'variable-in-style' | 'variable-in-tag';

export interface HtmlProblem {
  readonly code: HtmlProblemCode;
  readonly message: string;
  /** 0-based index into the source. */
  readonly offset: number;
}

const WORDS: Readonly<Record<HtmlProblemCode, string>> = {
  script: 'Mailboxes run no scripts. Take the <script> out.',
  'variable-in-style': 'A variable cannot stand in a style sheet: its value could change the whole email.',
  'variable-in-tag': 'Inside a tag a variable has to stand in quotes, such as href="{{link}}".',
};

/**
 * Where a value could become markup although it is escaped: in a tag outside quotes, and in a style sheet; and
 * scripts, which no mailbox runs.
 */
export function htmlProblems(html: string): HtmlProblem[] {
  const problems: HtmlProblem[] = [];
  const note = (code: HtmlProblemCode, offset: number): void => {
    problems.push({ code, message: WORDS[code], offset });
  };
  for (const token of tokensOf(html, NOT_MARKUP)) {
    if (token.type === 'hidden' && token.name === 'script') note('script', token.offset);
    else if (token.type === 'hidden' && token.name === 'style')
      noteVariables(token.text, token.offset, 'variable-in-style', note);
    else if (token.type === 'tag')
      noteVariables(token.text.replace(/"[^"]*"|'[^']*'/g, blank), token.offset, 'variable-in-tag', note);
  }
  return problems;
}

/** What stands in quotes is looked away from; the rest keeps its place. */
const blank = (quoted: string): string => ' '.repeat(quoted.length);

function noteVariables(
  part: string,
  start: number,
  code: HtmlProblemCode,
  note: (code: HtmlProblemCode, offset: number) => void,
): void {
  for (const { index } of part.matchAll(/\{\{/g)) note(code, start + index);
}
