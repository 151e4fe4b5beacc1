import { XmlFrame } from './canonical-xml';
import { ScannerDeclined } from './declined';
import { rejectFile } from './rejection';
import { type Place, skipSpace, SLASH, startsTag, tagEnd } from './xlsx-tags';
import { decodeCellText } from './xml-text';

/** Half a million rows with eight texts each, no two alike, stay below it. */
const MAX_STRING_CHARACTERS = 256 * 1024 ** 2;
const STRING_OVERHEAD = 24;

/** Places of so many strings stand in one array; one that grew would be there twice each time. */
const BLOCK_STRINGS = 64 * 1_024;
/** Numbers that a place consists of. */
const PLACE = 3;
/** Texts that are not cut from the XML are joined to pieces of this size. */
const GATHERED_CHARACTERS = 64 * 1_024;

/**
 * The strings of a workbook. Of a plain one only its place in the XML is kept, and its text is cut out when a cell
 * asks for it: hundreds of thousands of texts that live as long as the file would be moved about by the garbage
 * collector again and again. The others are gathered in pieces of their own.
 */
export class StringTable {
  private count = 0;
  private readonly pieces: string[] = [];
  /** The piece that the next plain strings stand in. */
  private xml = 0;
  private readonly blocks: Uint32Array[] = [];
  private block = new Uint32Array(0);
  private gathered: string[] = [];
  private gatheredCharacters = 0;
  private gatheredPiece = 0;

  get length(): number {
    return this.count;
  }

  at(index: number): string | undefined {
    if (index >= this.count) return undefined;
    const block = this.blocks[Math.floor(index / BLOCK_STRINGS)];
    const place = PLACE * (index % BLOCK_STRINGS);
    return this.pieces[block?.[place] ?? 0]?.slice(block?.[place + 1], block?.[place + 2]);
  }

  /** The XML that the next plain strings stand in. */
  addPiece(piece: string): void {
    this.xml = this.pieces.push(piece) - 1;
  }

  addPlain(start: number, end: number): void {
    this.addPlace(this.xml, start, end);
  }

  add(string: string): void {
    if (this.gathered.length === 0) this.gatheredPiece = this.pieces.push('') - 1;
    const start = this.gatheredCharacters;
    this.gathered.push(string);
    this.gatheredCharacters += string.length;
    this.addPlace(this.gatheredPiece, start, this.gatheredCharacters);
    if (this.gatheredCharacters >= GATHERED_CHARACTERS || this.gathered.length >= GATHERED_CHARACTERS)
      this.seal();
  }

  /** To be called when the last string was added. */
  seal(): void {
    if (this.gathered.length > 0) this.pieces[this.gatheredPiece] = this.gathered.join('');
    this.gathered = [];
    this.gatheredCharacters = 0;
  }

  private addPlace(piece: number, start: number, end: number): void {
    const place = PLACE * (this.count % BLOCK_STRINGS);
    if (place === 0) {
      this.block = new Uint32Array(PLACE * BLOCK_STRINGS);
      this.blocks.push(this.block);
    }
    this.block[place] = piece;
    this.block[place + 1] = start;
    this.block[place + 2] = end;
    this.count += 1;
  }
}

/** Reads the strings of sharedStrings.xml, piece after piece from wholeElements (xlsx-elements.ts). */
export class StringScanner {
  readonly strings = new StringTable();
  private characters = 0;
  private place: Place = 'before';
  private readonly frame = new XmlFrame('sharedStrings.xml');

  scan(text: string): void {
    this.strings.addPiece(text);
    const escapes = new Escapes(text);
    let at = this.place === 'before' ? this.start(text) : 0;
    for (;;) {
      if (this.place === 'after') {
        this.frame.push(text.slice(at));
        return;
      }
      at = skipSpace(text, at);
      if (at === text.length) return;
      if (startsTag(text, at, '<si')) at = this.item(text, at, escapes);
      else if (text.startsWith('</sst>', at) || startsTag(text, at, '<extLst')) this.place = 'after';
      else throw new ScannerDeclined('something else between strings');
    }
  }

  /** Throws `damaged` where the table is cut off. */
  end(): void {
    this.frame.end();
    this.strings.seal();
  }

  private start(text: string): number {
    const root = text.indexOf('<sst');
    if (root === -1) throw new ScannerDeclined('no plain string table');
    const start = tagEnd(text, root) + 1;
    const path = this.frame.push(text.slice(0, start)).join('/');
    if (path !== 'sst' && path !== '') throw new ScannerDeclined('no plain string table');
    this.place = path === '' ? 'after' : 'within';
    return start;
  }

  private item(text: string, at: number, escapes: Escapes): number {
    const plain = plainStart(text, at);
    if (plain !== -1) {
      const end = text.indexOf('<', plain);
      if (text.startsWith('</t></si>', end) && !escapes.isBetween(plain, end)) {
        this.strings.addPlain(plain, end);
        this.charge(end - at);
        return end + '</t></si>'.length;
      }
    }
    const open = tagEnd(text, at);
    const isEmpty = text.charCodeAt(open - 1) === SLASH;
    const end = isEmpty ? open : text.indexOf('</si>', open);
    if (end === -1) throw new ScannerDeclined('broken string table');
    this.strings.add(isEmpty ? '' : runsOfText(text, open + 1, end));
    this.charge(end - at);
    return isEmpty ? open + 1 : end + 5;
  }

  /** The XML of every string is kept: plain ones are cut from it, and V8 keeps what others were cut from. */
  private charge(characters: number): void {
    this.characters += characters + STRING_OVERHEAD;
    if (this.characters > MAX_STRING_CHARACTERS)
      throw rejectFile('too-large', 'The texts of the file take more memory than a contact list needs.');
  }
}

const PLAIN_ITEMS = ['<si><t>', '<si><t xml:space="preserve">'] as const;

/** Where the text of an item begins that is written as nearly all are; -1 where it is not. */
function plainStart(text: string, at: number): number {
  for (const item of PLAIN_ITEMS) if (text.startsWith(item, at)) return at + item.length;
  return -1;
}

/** Finds what has to be decoded, searching each piece of text once. Places are asked for in ascending order. */
class Escapes {
  private reference = -1;
  private escape = -1;

  constructor(private readonly text: string) {}

  isBetween(from: number, to: number): boolean {
    if (this.reference < from) this.reference = next(this.text, '&', from);
    if (this.escape < from) this.escape = next(this.text, '_x', from);
    return Math.min(this.reference, this.escape) < to;
  }
}

function next(text: string, wanted: string, from: number): number {
  const found = text.indexOf(wanted, from);
  return found === -1 ? Number.POSITIVE_INFINITY : found;
}

/** Each text looks through the elements that it is in: of thousands, thousands of texts would not come to an end. */
const DEEPEST_RUN = 16;

/** The text of all `<t>` between two places, without those of phonetic guides (`<rPh>`). */
export function runsOfText(text: string, from: number, to: number): string {
  let result = '';
  const path: string[] = [];
  /** Whether the text of the element that is open now was read: a second one is none of its own. */
  let isRead = false;
  for (let at = from; at < to;) {
    const next = text.indexOf('<', at);
    const open = next === -1 ? to : Math.min(next, to);
    if (skipSpace(text, at) < open) throw new ScannerDeclined('text outside of its element');
    if (open === to) break;
    const close = tagEnd(text, open);
    at = close + 1;
    if (text.charCodeAt(close - 1) === SLASH) continue;
    if (text.charCodeAt(open + 1) === SLASH) {
      if (path.pop() !== text.slice(open + 2, close)) throw new ScannerDeclined('tags that do not match');
      isRead = false;
    } else if (startsTag(text, open, '<t')) {
      const end = text.indexOf('<', at);
      if (end >= to || !text.startsWith('</t>', end)) throw new ScannerDeclined('broken text');
      if (isRead) throw new ScannerDeclined('two texts in one place');
      // An escape never reaches over two runs.
      const run = decodeCellText(text.slice(at, end));
      if (!path.includes('rPh')) result += run;
      isRead = true;
      at = end + 4;
    } else {
      if (path.length === DEEPEST_RUN) throw new ScannerDeclined('text in too many elements');
      path.push(/^[\w.:-]+/.exec(text.slice(open + 1, close))?.[0] ?? '');
      isRead = false;
    }
  }
  if (path.length > 0) throw new ScannerDeclined('tags that do not match');
  return result;
}
