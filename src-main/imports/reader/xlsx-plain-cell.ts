const QUOTE = 34;
const ZERO = 48;
const NINE = 57;
const GREATER = 62;
const UPPER_A = 65;
const UPPER_Z = 90;
const LONGEST_COLUMN = 3;
/** More digits than an index has would not be exact. */
const LONGEST_INDEX = 9;

/**
 * Recognises the cells that nearly all of a sheet consists of, `<c r="B7" s="1" t="s"><v>12</v></c>`, without
 * making an object or a text for each. Whatever is written in any other way it leaves alone: CellTag reads that.
 */
export class PlainCell {
  /** 0-based. */
  column = 0;
  style = 0;
  /** The value is the index of a shared string. */
  isShared = false;
  index = 0;
  /** Where the value stands. */
  from = 0;
  to = 0;
  /** The place behind the cell. */
  end = 0;

  /** Whether there is such a cell at a place; its fields then describe it. */
  read(text: string, at: number): boolean {
    if (!text.startsWith('<c r="', at)) return false;
    const named = this.readName(text, at + 6);
    if (named === -1) return false;
    const tagged = this.readRest(text, named);
    if (tagged === -1 || !text.startsWith('<v>', tagged)) return false;
    this.from = tagged + 3;
    this.to = this.isShared ? this.readIndex(text, this.from) : text.indexOf('<', this.from);
    if (this.to <= this.from || !text.startsWith('</v></c>', this.to)) return false;
    this.end = this.to + 8;
    return true;
  }

  /** "AB12" and its closing quote; answers the place behind it, -1 where it is something else. */
  private readName(text: string, from: number): number {
    let at = from;
    let column = 0;
    let code = text.charCodeAt(at);
    while (code >= UPPER_A && code <= UPPER_Z) {
      column = column * 26 + code - UPPER_A + 1;
      code = text.charCodeAt((at += 1));
    }
    if (at === from || at - from > LONGEST_COLUMN) return -1;
    while (code >= ZERO && code <= NINE) code = text.charCodeAt((at += 1));
    if (code !== QUOTE) return -1;
    this.column = column - 1;
    return at + 1;
  }

  /** Style and type, in this order, and the tag's end. */
  private readRest(text: string, from: number): number {
    let at = from;
    this.style = 0;
    if (text.startsWith(' s="', at)) {
      const end = this.readIndex(text, at + 4);
      if (end === -1 || text.charCodeAt(end) !== QUOTE) return -1;
      this.style = this.index;
      at = end + 1;
    }
    this.isShared = text.startsWith(' t="s"', at);
    if (this.isShared) at += 6;
    return text.charCodeAt(at) === GREATER ? at + 1 : -1;
  }

  /** Digits; answers the place behind them, -1 where there are none or too many. */
  private readIndex(text: string, from: number): number {
    let at = from;
    let index = 0;
    let code = text.charCodeAt(at);
    while (code >= ZERO && code <= NINE) {
      index = index * 10 + code - ZERO;
      code = text.charCodeAt((at += 1));
    }
    if (at === from || at - from > LONGEST_INDEX) return -1;
    this.index = index;
    return at;
  }
}
