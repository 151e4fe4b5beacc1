const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi;
/** OOXML writes characters that XML cannot hold as _x000D_ (ECMA-376 part 1, 22.9.2.19). */
const OOXML_ESCAPE = /_x([0-9A-F]{4})_/gi;
const LAST_CODE_POINT = 0x10ffff;

/** Character data of XML as text. */
export function decodeXml(text: string): string {
  return text.includes('&') ? text.replace(ENTITY, decodeEntity) : text;
}

/** Text of a spreadsheet cell: XML entities, then OOXML's own escapes. */
export function decodeCellText(text: string): string {
  const decoded = decodeXml(text);
  return decoded.includes('_x')
    ? decoded.replace(OOXML_ESCAPE, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : decoded;
}

function decodeEntity(entity: string, hex?: string, decimal?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
  const codePoint = hex === undefined ? Number(decimal) : parseInt(hex, 16);
  return codePoint <= LAST_CODE_POINT ? String.fromCodePoint(codePoint) : entity;
}

/** The value of an attribute within a start tag; any namespace prefix of the attribute is ignored. */
export function xmlAttribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  const value = match?.[1] ?? match?.[2];
  return value === undefined ? undefined : decodeXml(value);
}

/** The start tags of an element without a namespace prefix, in order. */
export function xmlStartTags(xml: string, element: string): string[] {
  return xml.match(new RegExp(`<${element}(?=[\\s/>])[^>]*>`, 'g')) ?? [];
}
