import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { sniffCsv, type CsvDelimiter } from './csv-sniff';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytes = (...parts: (number[] | Uint8Array | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...utf8(part)] : [...part])));

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const out = new Uint8Array(text.length * 2);
  const view = new DataView(out.buffer);
  for (let i = 0; i < text.length; i += 1) view.setUint16(i * 2, text.charCodeAt(i), littleEndian);
  return out;
}

/** Encodes by asking the decoder for each byte: no second table that could share a mistake. */
function codePage(text: string, label: string): Uint8Array {
  const table = new Map(
    Array.from({ length: 256 }, (_, b) => [new TextDecoder(label).decode(Uint8Array.of(b)), b]),
  );
  return Uint8Array.from(text, (char) => table.get(char) ?? 0x3f);
}

describe('encoding', () => {
  it.each<[string, Uint8Array, string, number]>([
    ['UTF-8 with BOM', bytes([0xef, 0xbb, 0xbf], 'a,b\n1,2'), 'utf-8', 3],
    ['plain UTF-8', utf8('Téléphone,الاسم\n1,2'), 'utf-8', 0],
    ['ASCII', utf8('a,b\n1,2'), 'utf-8', 0],
    ['UTF-8 cut in a character', utf8('a,ب').subarray(0, 3), 'utf-8', 0],
    ['UTF-16LE with BOM', bytes([0xff, 0xfe], utf16('a\tb\r\n1\t2', true)), 'utf-16le', 2],
    ['UTF-16BE with BOM', bytes([0xfe, 0xff], utf16('a\tb\r\n1\t2', false)), 'utf-16be', 2],
    ['UTF-16LE without BOM', utf16('name\tphone\r\nاسم\t1', true), 'utf-16le', 0],
    ['UTF-16BE without BOM', utf16('name\tphone\r\nاسم\t1', false), 'utf-16be', 0],
    ['Windows-1252', codePage('Name;Größe;Prénom\nJürgen;5;Zoë', 'windows-1252'), 'windows-1252', 0],
    ['Windows-1256', codePage('الاسم;الهاتف\nمحمد علي;0512345678', 'windows-1256'), 'windows-1256', 0],
    ['Windows-1251', codePage('Имя;Телефон\nИван Петров;79123456789', 'windows-1251'), 'windows-1251', 0],
    ['UTF-8 with a letter that was cut', bytes('Name\nمحمد أحمد علي\n', [0xd8], '\nسارة\n'), 'utf-8', 0],
    ['nothing', new Uint8Array(), 'utf-8', 0],
  ])('%s', (_name, head, encoding, dataOffset) => {
    expect(sniffCsv(head)).toMatchObject({ encoding, dataOffset, encodingStated: dataOffset > 0 });
  });
});

describe('delimiter', () => {
  it.each<[string, string, CsvDelimiter]>([
    ['comma', 'a,b,c\n1,2,3', ','],
    ['semicolon with decimal commas', 'name;price\nx;1,5\ny;2,5\nz;3,5', ';'],
    ['semicolon with decimal commas everywhere', 'x;y\n1,5;2,5\n1,5;2,5', ';'],
    ['tab', 'a\tb\n1, 2\t3', '\t'],
    ['bar', 'a|b|c\n1|2|3', '|'],
    ['commas in quotes', 'a;b\n"x, y, z";2\n"q, r, s";3', ';'],
    ['line breaks in quotes', 'a,b\n"x\ny;z",2\n', ','],
    ['doubled quotes', 'a;b\n"say ""hi, you""";2', ';'],
    ['title line above', 'Contacts, Riyadh\n\na;b;c\n1;2;3\n4;5;6', ';'],
    ['inch marks', 'size;name\n5" pipe;a,b\n6" pipe;c', ';'],
    ['one column', 'phone\n+966512345678', ','],
    ['CR only', 'a;b\r1;2\r', ';'],
    ['nothing', '', ','],
  ])('%s', (_name, text, delimiter) => {
    expect(sniffCsv(utf8(text)).delimiter).toBe(delimiter);
    const wide = bytes([0xff, 0xfe], utf16(text, true));
    expect(sniffCsv(wide).delimiter).toBe(delimiter);
  });

  it('is taken from a sep= line, which is skipped', () => {
    expect(sniffCsv(utf8('sep=;\r\na;b'))).toMatchObject({
      delimiter: ';',
      dataOffset: 7,
      delimiterStated: true,
    });
    expect(sniffCsv(utf8('"sep=|"\na|b'))).toMatchObject({ delimiter: '|', dataOffset: 8 });
    expect(sniffCsv(bytes([0xef, 0xbb, 0xbf], 'SEP=\t\na'))).toMatchObject({
      delimiter: '\t',
      dataOffset: 9,
    });
    expect(sniffCsv(bytes([0xff, 0xfe], utf16('sep=;\na', true)))).toMatchObject({ dataOffset: 14 });
    expect(sniffCsv(utf8('sep=?\na,b')).delimiterStated).toBe(false);
  });

  it('is found for any table', () => {
    const word = fc.stringMatching(/^[a-z0-9 .]{0,8}$/);
    const table = fc
      .integer({ min: 2, max: 6 })
      .chain((width) =>
        fc.array(fc.array(word, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 10 }),
      );
    fc.assert(
      fc.property(table, fc.constantFrom<CsvDelimiter>(',', ';', '\t', '|'), (rows, delimiter) => {
        const text = rows.map((row) => row.join(delimiter)).join('\n');
        expect(sniffCsv(utf8(text)).delimiter).toBe(delimiter);
      }),
    );
  });

  it('never fails on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (head) => {
        expect(sniffCsv(head).dataOffset).toBeLessThanOrEqual(head.length);
      }),
    );
  });
});
