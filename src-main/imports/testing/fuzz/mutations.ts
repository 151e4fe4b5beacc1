import type { Part } from '../zip-bytes';
import type { Random } from './random';

/** Flips, cuts, copies, swaps and overwrites a few places of a file. */
export function mutateBytes(random: Random, original: Buffer): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let times = 1 + random.below(4); times > 0; times -= 1) bytes = mutateOnce(random, bytes);
  return bytes;
}

function mutateOnce(random: Random, bytes: Buffer): Buffer {
  // The directory at the end of an archive is small, but what matters most.
  const from = random.chance(0.5) ? 0 : Math.max(0, bytes.length - 900);
  const place = random.range(bytes.length - from, 40);
  const start = from + place.start;
  const end = Math.min(bytes.length, from + place.end);
  switch (random.below(7)) {
    case 0:
      bytes[start] = (bytes[start] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 1:
      bytes[start] = random.pick([0, 0xff, 0x7f, 0x80, random.below(256)]);
      return bytes;
    case 2:
      return bytes.subarray(0, start);
    case 3:
      return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
    case 5:
      return Buffer.concat([
        bytes.subarray(0, start),
        random.bytes(1 + random.below(30)),
        bytes.subarray(start),
      ]);
    default:
      bytes.fill(random.pick([0, 0xff]), start, Math.min(end, start + random.pick([2, 4, 8])));
      return bytes;
  }
}

const SIZES = [0, 1, 0x7fffffff, 0xfffffffe, 0xffffffff];

/** An archive whose headers lie about a part. */
export function lieAboutPart(random: Random, parts: readonly Part[]): Part[] {
  const result = [...parts];
  const at = random.below(parts.length);
  const victim = random.pick(parts.slice(at, at + 1));
  const other = random.pick(parts);
  const size = random.chance(0.5) ? random.pick(SIZES) : Math.max(0, victim.size + random.below(9) - 4);
  const lies: readonly (() => void)[] = [
    () => (result[at] = { ...victim, size }),
    () => (result[at] = { ...victim, crc: (victim.crc ^ (1 << random.below(31))) >>> 0 }),
    () => (result[at] = { ...victim, local: { size } }),
    () => (result[at] = { ...victim, local: { crc: random.below(2 ** 32) } }),
    () => (result[at] = { ...victim, local: { name: other.name } }),
    () => (result[at] = { ...victim, name: other.name, local: { name: victim.name } }),
    () => (result[at] = { ...victim, name: random.pick(PATHS) }),
    () => (result[at] = { ...victim, flags: 1 << random.below(16) }),
    () => (result[at] = { ...victim, method: random.pick([0, 1, 8, 9, 12, 93, 99]) }),
    () => (result[at] = { ...victim, packed: victim.packed.subarray(0, random.below(victim.packed.length)) }),
    () => (result[at] = { ...victim, packed: Buffer.concat([victim.packed, random.bytes(20)]) }),
    () => (result[at] = { ...victim, packed: other.packed }),
    () => (result[at] = { ...victim, zip64: true, size }),
    () => (result[at] = { ...victim, descriptor: random.pick(['signed', 'bare'] as const) }),
    () => result.splice(at, 1),
    () => result.push(victim),
    () => result.push({ ...other, name: random.pick(PATHS) }),
    () => result.push({ ...other, name: victim.name.toUpperCase() }),
    () => result.reverse(),
  ];
  random.pick(lies)();
  return result;
}

const PATHS = [
  '../../../../etc/passwd',
  '/etc/passwd',
  'C:\\Windows\\win.ini',
  'xl\\worksheets\\sheet1.xml',
  'xl/worksheets/../workbook.xml',
  './xl/workbook.xml',
  'xl//workbook.xml',
  'xl/workbook.xml\0.png',
  '__proto__',
  '',
  'x'.repeat(60_000),
];

const SNIPPETS = [
  '<!--',
  '-->',
  '<!-- <row r="1"><c r="A1"><v>7</v></c></row> -->',
  '<![CDATA[',
  ']]>',
  '<![CDATA[<v>7</v>]]>',
  '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
  '<?xml version="1.0" encoding="UTF-16"?>',
  '<?a b?>',
  '&b;',
  '&#0;',
  '&#x110000;',
  '&#55;',
  '&amp;',
  '&',
  '<',
  '>',
  '"',
  "'",
  '=',
  '/',
  ' ',
  '\t',
  '\r',
  '\0',
  '\uFFFE',
  '<v>7</v>',
  '<c><v>7</v></c>',
  '<c r="A1" t="str"><v>7</v></c>',
  '<c r="B1" t="s"><v>999999</v></c>',
  '<c r="XFE1"><v>7</v></c>',
  '<row><c><v>7</v></c></row>',
  '<row r="1048577"/>',
  '<row r="1"/>',
  '</v>',
  '</c>',
  '</c >',
  '</row>',
  '</sheetData>',
  '</si>',
  '</t>',
  '<t>7</t>',
  '<si/>',
  '<si><t>7</t></si>',
  '<sheet name="T" sheetId="2" r:id="rId1"/>',
  ' r="9"',
  ' t="s"',
  ' s="1"',
  " t='b'",
  ' t = "str"',
  ' a=">"',
  ' xmlns="urn:other"',
  ' xmlns:x="urn:other"',
  '<x:c r="A1"><x:v>7</x:v></x:c>',
  '<extLst><ext uri="a"><row r="5"/></ext></extLst>',
  '<f>A1</f>',
  '<f/>',
  '<is><t>7</t></is>',
  '<rPh><t>7</t></rPh>',
  '1e400',
  '0x1F',
  '-',
  'é',
  '<a>'.repeat(300),
  '<a>'.repeat(30) + '</a>'.repeat(30),
  ` a="${'x'.repeat(20_000)}"`,
  'x'.repeat(40_000),
];

/** XML in which something was cut, copied, moved, put in or changed. */
export function mutateXml(random: Random, original: string): string {
  let xml = original;
  for (let times = 1 + random.below(3); times > 0; times -= 1) xml = mutateXmlOnce(random, xml);
  return xml;
}

function mutateXmlOnce(random: Random, xml: string): string {
  const { start, end } = random.range(xml.length, 60);
  const at = random.chance(0.6) ? boundary(random, xml, start) : start;
  switch (random.below(8)) {
    case 0:
      return xml.slice(0, at);
    case 1:
      return xml.slice(0, start) + xml.slice(end);
    case 2:
      return xml.slice(0, end) + xml.slice(start);
    case 3:
      return xml.slice(0, start) + String.fromCharCode(random.below(128)) + xml.slice(start + 1);
    case 4: {
      const digit = xml.slice(start).search(/\d/);
      return digit === -1
        ? xml
        : xml.slice(0, start + digit) +
            random.pick(['', '9', '-1', 'e5', ' ', '0x']) +
            xml.slice(start + digit + 1);
    }
    default:
      return xml.slice(0, at) + random.pick(SNIPPETS) + xml.slice(at);
  }
}

/** A place before or behind a tag. */
function boundary(random: Random, xml: string, from: number): number {
  const at = xml.indexOf(random.pick(['<', '>', ' ']), from);
  if (at === -1) return from;
  return xml[at] === '>' ? at + 1 : at;
}
