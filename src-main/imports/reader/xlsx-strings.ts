import { XmlFrame } from './canonical-xml';
import { ScannerDeclined } from './declined';
import { rejectFile } from './rejection';
import { type Place, skipSpace, SLASH, startsTag, tagEnd } from './xlsx-tags';
import { decodeCellText } from './xml-text';

/** Half a million rows with eight texts each, no two alike, stay below it. */
const MAX_STRING_CHARACTERS = 256 * 1024 ** 2;
const STRING_OVERHEAD = 24;

/** Reads the strings of sharedStrings.xml, piece after piece from wholeElements (xlsx-elements.ts). */
export class StringScanner {
  readonly strings: string[] = [];
  private characters = 0;
  private place: Place = 'before';
  private readonly frame = new XmlFrame('sharedStrings.xml');

  scan(text: string): void {
    let at = this.place === 'before' ? this.start(text) : 0;
    for (;;) {
      if (this.place === 'after') {
        this.frame.push(text.slice(at));
        return;
      }
      at = skipSpace(text, at);
      if (at === text.length) return;
      if (startsTag(text, at, '<si')) at = this.item(text, at);
      else if (text.startsWith('</sst>', at) || startsTag(text, at, '<extLst')) this.place = 'after';
      else throw new ScannerDeclined('something else between strings');
    }
  }

  /** Throws `damaged` where the table is cut off. */
  end(): void {
    this.frame.end();
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

  private item(text: string, at: number): number {
    const open = tagEnd(text, at);
    const isEmpty = text.charCodeAt(open - 1) === SLASH;
    const end = isEmpty ? open : text.indexOf('</si>', open);
    if (end === -1) throw new ScannerDeclined('broken string table');
    const string = isEmpty ? '' : runsOfText(text, open + 1, end);
    this.strings.push(string);
    // V8 keeps the XML that short strings were cut from.
    this.characters += end - at + STRING_OVERHEAD;
    if (this.characters > MAX_STRING_CHARACTERS)
      throw rejectFile('too-large', 'The texts of the file take more memory than a contact list needs.');
    return isEmpty ? open + 1 : end + 5;
  }
}

/** The text of all `<t>` between two places, without those of phonetic guides (`<rPh>`). */
export function runsOfText(text: string, from: number, to: number): string {
  let result = '';
  const path: string[] = [];
  for (let at = from; at < to;) {
    const open = text.indexOf('<', at);
    if (skipSpace(text, at) < Math.min(open, to)) throw new ScannerDeclined('text outside of its element');
    if (open >= to) break;
    const close = tagEnd(text, open);
    at = close + 1;
    if (text.charCodeAt(close - 1) === SLASH) continue;
    if (text.charCodeAt(open + 1) === SLASH) {
      if (path.pop() !== text.slice(open + 2, close)) throw new ScannerDeclined('tags that do not match');
    } else if (startsTag(text, open, '<t')) {
      const end = text.indexOf('<', at);
      if (end >= to || !text.startsWith('</t>', end)) throw new ScannerDeclined('broken text');
      // An escape never reaches over two runs.
      const run = decodeCellText(text.slice(at, end));
      if (!path.includes('rPh')) result += run;
      at = end + 4;
    } else path.push(/^[\w.:-]+/.exec(text.slice(open + 1, close))?.[0] ?? '');
  }
  if (path.length > 0) throw new ScannerDeclined('tags that do not match');
  return result;
}
