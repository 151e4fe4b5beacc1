import { rejectFile } from './rejection';

/** No tag, text or comment of a spreadsheet is longer; it bounds the memory for what is not complete yet. */
const MAX_TOKEN_CHARACTERS = 16 * 1024 ** 2;
/** SpreadsheetML and OpenDocument nest a dozen deep. */
const MAX_DEPTH = 64;
const MAX_PREFIXES = 200;
/** Elements of these namespaces are written without a prefix, whatever prefix a producer gave them. */
const PLAIN_NAMESPACES = new Set([
  '',
  'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  'http://purl.oclc.org/ooxml/spreadsheetml/main',
  'http://schemas.openxmlformats.org/package/2006/relationships',
]);

const damaged = (what: string) => rejectFile('damaged', `The file is damaged: ${what}.`);

/**
 * Rewrites a part's XML in one plain form, in UTF-8, piece by piece: no prefixes for the spreadsheet's own
 * elements (those of others get a dot for their colon), attributes in double quotes, CDATA as text, no comments, instructions or declarations. Throws
 * `damaged` where it is not well-formed, or has a document type (so there are no entities but XML's five).
 */
export async function* canonicalXml(
  pieces: AsyncIterable<Buffer>,
  part: string,
): AsyncGenerator<Buffer, void, undefined> {
  const writer = new CanonicalXml(part);
  let decoder: TextDecoder | undefined;
  const decode = (piece?: Buffer): string => {
    try {
      return decoder?.decode(piece, { stream: piece !== undefined }) ?? '';
    } catch {
      throw damaged(`the part ${part} holds bytes that are no text`);
    }
  };
  for await (const piece of pieces) {
    decoder ??= decoderFor(piece, part);
    const text = writer.push(decode(piece));
    if (text !== '') yield Buffer.from(text);
  }
  yield Buffer.from(writer.push(decode()) + writer.end());
}

/** By the byte order mark, else by the declaration (XML 1.0, appendix F). */
function decoderFor(start: Buffer, part: string): TextDecoder {
  const head = start.toString('latin1', 0, 256);
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1];
  const encoding = encodingOf(head, declared);
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw rejectFile('unsupported', `The part ${part} is written in the encoding ${encoding}.`);
  }
}

function encodingOf(head: string, declared = 'utf-8'): string {
  if (head.startsWith('\xff\xfe') || head.startsWith('<\0')) return 'utf-16le';
  if (head.startsWith('\xfe\xff') || head.startsWith('\0<')) return 'utf-16be';
  // A declaration that can be read byte by byte is not written in UTF-16, whatever it says.
  return /^utf-?16/i.test(declared) ? 'utf-8' : declared;
}

/**
 * Checks what stands around the rows of a sheet or the strings of a table: it is pushed without them, and has
 * to be well-formed, too.
 */
export class XmlFrame {
  private readonly xml: CanonicalXml;

  constructor(part: string) {
    this.xml = new CanonicalXml(part);
  }

  /** The elements that are open by now, from the root on, without the prefix of a spreadsheet's own. */
  push(text: string): readonly string[] {
    this.xml.push(text);
    return this.xml.path();
  }

  end(): void {
    this.xml.end();
  }
}

/** A prefix and its namespace, and those that were declared around it; the innermost of a prefix counts. */
interface Scope {
  readonly prefix: string;
  readonly namespace: string;
  readonly outer: Scope | undefined;
  /** How many there are with it. */
  readonly count: number;
}

interface OpenElement {
  readonly name: string;
  readonly plainName: string;
  readonly scope: Scope;
}

const NAME = /[^\s/>=<"'&]+/y;
const ATTRIBUTE = /\s+([^\s/>=<"'&]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;
const NO_PREFIXES: Scope = { prefix: '', namespace: '', outer: undefined, count: 0 };
const COMMENT = ['<!--', '-->'] as const;
const CDATA = ['<![CDATA[', ']]>'] as const;
const INSTRUCTION = ['<?', '?>'] as const;

class CanonicalXml {
  private rest = '';
  /** What does not end yet is looked at again when there is twice as much of it, not with each piece. */
  private enough = 0;
  private out: string[] = [];
  private isDone = false;
  private readonly open: OpenElement[] = [];

  constructor(private readonly part: string) {}

  /** The plain form of what is complete by now. */
  push(piece: string): string {
    const text = this.rest + piece;
    if (text.length < this.enough) {
      this.rest = text;
      return '';
    }
    let at = 0;
    for (;;) {
      const next = this.token(text, at);
      if (next === undefined) break;
      at = next;
    }
    this.rest = text.slice(at);
    this.enough = Math.min(2 * this.rest.length, MAX_TOKEN_CHARACTERS);
    if (this.rest.length > MAX_TOKEN_CHARACTERS)
      throw rejectFile('too-large', `A single piece of the part ${this.part} is larger than 16 MB.`);
    const done = this.out.join('');
    this.out = [];
    return done;
  }

  path(): string[] {
    return this.open.map(({ plainName }) => plainName);
  }

  /** The plain form of the rest. */
  end(): string {
    this.enough = 0;
    const last = this.push('');
    if (this.open.length > 0 || !this.isDone || this.rest.trim() !== '')
      throw this.broken('it ends too early');
    return last;
  }

  private broken(what: string) {
    return damaged(`the part ${this.part} is no XML that can be read: ${what}`);
  }

  /** Takes the text and the markup that follows it; tells where the next begins, where both are complete. */
  private token(text: string, at: number): number | undefined {
    const start = text.indexOf('<', at);
    if (start === -1) return undefined;
    return this.markup(text, start, () => this.text(text.slice(at, start)));
  }

  private markup(text: string, start: number, before: () => void): number | undefined {
    const kind = text.charCodeAt(start + 1);
    if (Number.isNaN(kind)) return undefined;
    if (kind === QUESTION) return skip(text, start, INSTRUCTION, before);
    if (kind === EXCLAMATION) return this.declaration(text, start, before);
    const end = this.tagEnd(text, start);
    if (end === undefined) return undefined;
    before();
    if (kind === SLASH) this.endTag(text.slice(start + 2, end));
    else this.startTag(text, start + 1, end);
    return end + 1;
  }

  private declaration(text: string, start: number, before: () => void): number | undefined {
    if (text.startsWith(COMMENT[0], start)) return skip(text, start, COMMENT, before);
    if (text.startsWith(CDATA[0], start)) {
      const end = text.indexOf(CDATA[1], start);
      if (end === -1) return undefined;
      before();
      this.content(text.slice(start + CDATA[0].length, end).replace(/\r\n?/g, '\n'));
      return end + CDATA[1].length;
    }
    if (text.length - start < CDATA[0].length) return undefined;
    throw this.broken('it has a document type');
  }

  /** The `>` of a tag, which may stand in an attribute's value, too. */
  private tagEnd(text: string, start: number): number | undefined {
    for (let at = start + 1; ;) {
      DELIMITER.lastIndex = at;
      const found = DELIMITER.exec(text);
      if (found === null) return undefined;
      if (found[0] === '>') return found.index;
      if (found[0] === '<') throw this.broken('a tag does not end');
      const close = text.indexOf(found[0], found.index + 1);
      if (close === -1) return undefined;
      at = close + 1;
    }
  }

  private startTag(text: string, at: number, end: number): void {
    if (this.open.length === 0 && this.isDone) throw this.broken('something follows its end');
    if (this.open.length >= MAX_DEPTH) throw this.broken(`it is nested more than ${MAX_DEPTH} deep`);
    NAME.lastIndex = at;
    const name = NAME.exec(text)?.[0];
    if (name === undefined) throw this.broken('a tag without a name');
    const { attributes, isClosed } = this.attributes(text, at + name.length, end);
    const scope = scopeOf(attributes, this.open.at(-1)?.scope ?? NO_PREFIXES);
    const plainName = this.plainName(name, scope);
    this.out.push('<', plainName);
    for (const [key, value] of attributes) {
      if (key !== 'xmlns' && !key.startsWith('xmlns:')) this.out.push(' ', key, '="', escape(value), '"');
    }
    this.out.push(isClosed ? '/>' : '>');
    if (!isClosed) this.open.push({ name, plainName, scope });
    else if (this.open.length === 0) this.isDone = true;
  }

  private attributes(
    text: string,
    from: number,
    end: number,
  ): { attributes: ReadonlyMap<string, string>; isClosed: boolean } {
    const attributes = new Map<string, string>();
    let at = from;
    for (;;) {
      ATTRIBUTE.lastIndex = at;
      const found = ATTRIBUTE.exec(text);
      if (found === null) break;
      const key = found[1] ?? '';
      if (attributes.has(key)) throw this.broken('an attribute is there twice');
      attributes.set(key, this.decode((found[2] ?? found[3] ?? '').replace(/[\t\r\n]/g, ' ')));
      at = ATTRIBUTE.lastIndex;
    }
    TAG_END.lastIndex = at;
    const last = TAG_END.exec(text);
    if (last === null || TAG_END.lastIndex !== end + 1) throw this.broken('a tag is broken');
    return { attributes, isClosed: last[1] === '/' };
  }

  private plainName(name: string, scope: Scope): string {
    const colon = name.indexOf(':');
    const namespace = namespaceOf(scope, colon === -1 ? '' : name.slice(0, colon));
    if (namespace === undefined) throw this.broken(`the prefix of ${name.slice(0, 50)} is unknown`);
    const local = name.slice(colon + 1);
    if (PLAIN_NAMESPACES.has(namespace)) return local;
    return colon === -1 ? `other.${local}` : name.replace(':', '.');
  }

  private endTag(tag: string): void {
    const element = this.open.pop();
    if (element === undefined || element.name !== tag.trimEnd()) throw this.broken('its tags do not match');
    this.out.push('</', element.plainName, '>');
    this.isDone = this.open.length === 0;
  }

  private text(raw: string): void {
    if (raw !== '') this.content(this.decode(raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw));
  }

  private content(text: string): void {
    if (this.open.length > 0) this.out.push(escape(text));
    else if (text.replace('\uFEFF', '').trim() !== '') throw this.broken('there is text around it');
  }

  private decode(raw: string): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(REFERENCE, (_match, reference?: string) => {
      const character = reference === undefined ? undefined : characterOf(reference);
      if (character === undefined) throw this.broken('an entity is unknown');
      return character;
    });
  }
}

const EXCLAMATION = 33;
const SLASH = 47;
const QUESTION = 63;
const DELIMITER = /[<>"']/g;
const REFERENCE = /&(?:([#\w]{1,9});)?/g;
const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function characterOf(reference: string): string | undefined {
  const number = /^#(?:x([\da-fA-F]+)|(\d+))$/.exec(reference);
  if (number === null) return NAMED.get(reference);
  const codePoint = number[1] === undefined ? Number(number[2]) : parseInt(number[1], 16);
  const isCharacter = codePoint > 0 && codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff);
  return isCharacter ? String.fromCodePoint(codePoint) : undefined;
}

function skip(
  text: string,
  start: number,
  [opening, closing]: readonly [string, string],
  before: () => void,
): number | undefined {
  const end = text.indexOf(closing, start + opening.length);
  if (end === -1) return undefined;
  before();
  return end + closing.length;
}

function namespaceOf(innermost: Scope, prefix: string): string | undefined {
  for (let scope: Scope | undefined = innermost; scope !== undefined; scope = scope.outer) {
    if (scope.prefix === prefix) return scope.namespace;
  }
  return undefined;
}

function scopeOf(attributes: ReadonlyMap<string, string>, outer: Scope): Scope {
  let scope = outer;
  for (const [key, namespace] of attributes) {
    if (key !== 'xmlns' && !key.startsWith('xmlns:')) continue;
    const prefix = key.slice('xmlns:'.length);
    // Some producers declare the same ones again in each element.
    if (namespaceOf(scope, prefix) === namespace) continue;
    scope = { prefix, namespace, outer: scope, count: scope.count + 1 };
    // Each element looks through them: without a bound, that is a bomb.
    if (scope.count > MAX_PREFIXES) throw damaged('its XML has too many prefixes');
  }
  return scope;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

const escape = (text: string): string => text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? '');
