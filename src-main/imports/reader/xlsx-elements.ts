import { isAscii, isUtf8 } from 'node:buffer';
import { ScannerDeclined } from './declined';
import { rejectFile } from './rejection';

/** A row longer than this is no row of contacts; it bounds the memory for what is not complete yet. */
const MAX_ELEMENT_BYTES = 16 * 1024 ** 2;

/**
 * Cuts a stream of XML into pieces of text that begin with an element and hold only whole ones: a piece ends
 * before the last `<element` that has arrived. Declines what is not plain XML in UTF-8.
 */
export async function* wholeElements(
  pieces: AsyncIterable<Buffer>,
  element: string,
): AsyncGenerator<string, void, undefined> {
  const opening = Buffer.from(`<${element}`);
  let held: Buffer[] = [];
  let bytesHeld = 0;
  let isFirst = true;
  for await (const piece of pieces) {
    held.push(piece);
    bytesHeld += piece.length;
    const cut = lastOpening(held, bytesHeld, opening);
    if (cut > 0) {
      const bytes = Buffer.concat(held);
      yield plainText(bytes.subarray(0, cut), isFirst);
      isFirst = false;
      held = [bytes.subarray(cut)];
      bytesHeld -= cut;
    }
    if (bytesHeld > MAX_ELEMENT_BYTES) throw rejectFile('too-large', 'A single row is larger than 16 MB.');
  }
  yield plainText(Buffer.concat(held), isFirst);
}

/** Looks into the last piece only, and across its seam: an element of many pieces is not searched again for each. */
function lastOpening(held: readonly Buffer[], bytesHeld: number, opening: Buffer): number {
  const last = held.at(-1);
  const before = held.at(-2);
  if (last === undefined) return -1;
  const seam = opening.length - 1;
  const window =
    before === undefined
      ? last
      : Buffer.concat(before.length >= seam ? [before.subarray(before.length - seam), last] : held);
  const found = window.lastIndexOf(opening);
  return found < 0 ? found : bytesHeld - window.length + found;
}

/** UTF-8 without comments, CDATA or entities of its own: what the scanner does not have to understand. */
function plainText(bytes: Buffer, isFirst: boolean): string {
  if (!isUtf8(bytes)) throw new ScannerDeclined('bytes that are no UTF-8');
  // The usual piece has no foreign letters, and is decoded sooner when that is known.
  const text = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  if (text.includes('<!')) throw new ScannerDeclined('comment, CDATA or DOCTYPE');
  const encoding = isFirst ? /^\uFEFF?<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1] : undefined;
  if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding)) {
    throw new ScannerDeclined(`encoding ${encoding}`);
  }
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
