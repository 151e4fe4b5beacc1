import { ScannerDeclined } from './declined';
import { rejectFile } from './rejection';

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const REFERENCE = /&(?:#x([\da-fA-F]{1,6});|#(\d{1,7});|(amp|lt|gt|quot|apos);)?/g;
/** OOXML writes characters that XML cannot hold as _x000D_ (ECMA-376 part 1, 22.9.2.19); _X000D_ is a text. */
const OOXML_ESCAPE = /_x([\da-fA-F]{4})_/g;
const LAST_CODE_POINT = 0x10ffff;

/** Character data of XML as text. Declines an `&` that begins none of XML's own references. */
export function decodeXml(text: string): string {
  return text.includes('&') ? text.replace(REFERENCE, decodeReference) : text;
}

/** Text of a spreadsheet cell: XML references, then OOXML's own escapes. */
export function decodeCellText(text: string): string {
  const decoded = decodeXml(text);
  return decoded.includes('_x')
    ? decoded.replace(OOXML_ESCAPE, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : decoded;
}

function decodeReference(reference: string, hex?: string, decimal?: string, name?: string): string {
  if (name !== undefined) return NAMED[name] ?? reference;
  const codePoint = hex === undefined ? Number(decimal) : parseInt(hex, 16);
  if (!(codePoint > 0 && codePoint <= LAST_CODE_POINT)) throw new ScannerDeclined('an unknown entity');
  return String.fromCodePoint(codePoint);
}

/** The value of an attribute within a start tag of canonical XML; a prefix of the attribute is ignored. */
export function xmlAttribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`[ :]${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : decodeXml(value);
}

/** Excel has 65,490 cell formats at most; millions of them would take more memory than all else. */
const MOST_TAGS = 100_000;

/** The start tags of an element in canonical XML, in order. Throws `bomb` where there are unreasonably many. */
export function xmlStartTags(xml: string, element: string): string[] {
  const tags: string[] = [];
  for (const [tag] of xml.matchAll(new RegExp(`<${element}(?=[ />])[^<>]*>`, 'g'))) {
    tags.push(tag);
    if (tags.length > MOST_TAGS)
      throw rejectFile('bomb', `The file has more than ${MOST_TAGS} elements named ${element}.`);
  }
  return tags;
}

/** What stands between the first start tag of an element and its end tag in canonical XML; '' where it is not. */
export function xmlContent(xml: string, element: string): string {
  const start = xml.search(new RegExp(`<${element}[ >]`));
  const end = start === -1 ? -1 : xml.indexOf(`</${element}>`, start);
  return end === -1 ? '' : xml.slice(xml.indexOf('>', start) + 1, end);
}
