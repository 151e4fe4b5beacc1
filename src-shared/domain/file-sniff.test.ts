import { describe, expect, it } from 'vitest';
import * as XLSX from 'xlsx';
import { describeMismatch, sniffFile, type FileKind } from './file-sniff';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Real files, written by SheetJS. */
function workbook(bookType: XLSX.BookType): Uint8Array {
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(
    book,
    XLSX.utils.aoa_to_sheet([
      ['Phone', 'Name'],
      ['+966512345678', 'A'],
    ]),
    'Contacts',
  );
  return new Uint8Array(XLSX.write(book, { type: 'array', bookType }) as ArrayBuffer);
}

const utf16 = (name: string): string => Array.from(name, (c) => `${c}\u0000`).join('');
const OLE = '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1';

describe('what a file is', () => {
  it.each<[XLSX.BookType, FileKind]>([
    ['xlsx', 'xlsx'],
    ['xlsm', 'xlsx'],
    ['xlsb', 'xlsb'],
    ['biff8', 'xls'],
    ['biff5', 'xls'],
    ['biff2', 'xls'],
    ['ods', 'ods'],
    ['csv', 'csv'],
    ['txt', 'csv'],
    ['html', 'html'],
    ['xlml', 'xml-spreadsheet'],
  ])('%s is %s', (bookType, kind) => {
    expect(sniffFile(workbook(bookType)).kind).toBe(kind);
  });

  it.each<[string, Uint8Array, FileKind]>([
    ['nothing', new Uint8Array(), 'empty'],
    ['white space', ascii(' \r\n\t '), 'empty'],
    ['a BOM alone', Uint8Array.of(0xef, 0xbb, 0xbf), 'empty'],
    ['an encrypted workbook', ascii(OLE + '\u0000'.repeat(600) + utf16('EncryptedPackage')), 'encrypted'],
    [
      'a Word file',
      ascii('PK\u0003\u0004......[Content_Types].xml...PK\u0003\u0004word/document.xml'),
      'zip',
    ],
    ['any ZIP', ascii('PK\u0003\u0004......readme.txt'), 'zip'],
    ['an empty ZIP', ascii('PK\u0005\u0006'), 'zip'],
    ['a PDF', ascii('%PDF-1.7\n'), 'unknown'],
    ['a PNG', ascii('\u0089PNG\r\n\u001a\n\u0000\u0000'), 'unknown'],
    ['an HTML table named .xls', ascii('\r\n <TABLE><tr><td>Phone'), 'html'],
    ['NUL bytes', new Uint8Array(1000), 'unknown'],
    [
      'random bytes',
      Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919 + ((i * i) % 251)) % 256),
      'unknown',
    ],
    ['UTF-16 text', ascii(`\u00ff\u00fe${utf16('name\tphone\r\n')}`), 'csv'],
    ['Windows-1252 text', Uint8Array.of(0x4a, 0xfc, 0x72, 0x67, 0x65, 0x6e, 0x3b, 0x31), 'csv'],
  ])('%s', (_name, head, kind) => {
    expect(sniffFile(head).kind).toBe(kind);
  });
});

describe('a name that lies', () => {
  it('is said in plain words', () => {
    expect(describeMismatch('list.xlsx', 'csv')).toBe('This file is named .xlsx but is a text file (CSV).');
    expect(describeMismatch('list.xls', 'html')).toBe('This file is named .xls but is a web page (HTML).');
    expect(describeMismatch('list.XLSX', 'xlsx')).toBeUndefined();
    expect(describeMismatch('list', 'csv')).toBeUndefined();
    expect(describeMismatch('list.constructor', 'csv')).toBeUndefined();
  });
});
