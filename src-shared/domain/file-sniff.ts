/** What a file is, by its content: names lie (a CSV renamed .xlsx, an HTML page saved as .xls). */

export type FileKind =
  | 'xlsx'
  | 'xlsb'
  | 'xls'
  | 'ods'
  | 'csv'
  | 'html'
  /** Excel 2003 XML. */
  | 'xml-spreadsheet'
  /** An Office file protected by a password. */
  | 'encrypted'
  /** A ZIP archive that is no spreadsheet. */
  | 'zip'
  | 'empty'
  | 'unknown';

export interface FileSniff {
  readonly kind: FileKind;
  /** Plain words: what the file is. */
  readonly description: string;
}

const DESCRIPTIONS: Readonly<Record<FileKind, string>> = {
  xlsx: 'an Excel workbook',
  xlsb: 'a binary Excel workbook',
  xls: 'an Excel 97–2003 workbook',
  ods: 'an OpenDocument spreadsheet',
  csv: 'a text file (CSV)',
  html: 'a web page (HTML)',
  'xml-spreadsheet': 'an Excel 2003 XML workbook',
  encrypted: 'an Office file protected by a password',
  zip: 'a ZIP archive, but not a spreadsheet',
  empty: 'empty',
  unknown: 'not a spreadsheet',
};

const ZIP_FILE = [0x50, 0x4b, 0x03, 0x04];
const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/** BIFF2–5 streams that are not wrapped in an OLE container. */
const BARE_BIFF = [
  [0x09, 0x00, 0x04, 0x00],
  [0x09, 0x02, 0x06, 0x00],
  [0x09, 0x04, 0x06, 0x00],
  [0x09, 0x08, 0x08, 0x00],
];

/**
 * Judges by the first bytes: 64 KiB are plenty for text and for the archives that office programs write. Where
 * the names in a ZIP lie further back, it says `xlsx` for any Office archive; the preflight check has the last word.
 */
export function sniffFile(head: Uint8Array): FileSniff {
  const kind = kindOf(head);
  return { kind, description: DESCRIPTIONS[kind] };
}

function kindOf(head: Uint8Array): FileKind {
  if (head.length === 0) return 'empty';
  if (startsWith(head, ZIP_FILE)) return zipKind(asciiOf(head));
  if (startsWith(head, [0x50, 0x4b])) return 'zip';
  if (startsWith(head, OLE)) return oleKind(asciiOf(head));
  if (BARE_BIFF.some((signature) => startsWith(head, signature))) return 'xls';
  return textKind(head);
}

function zipKind(text: string): FileKind {
  if (text.includes('mimetypeapplication/vnd.oasis.opendocument.spreadsheet')) return 'ods';
  if (text.includes('mimetypeapplication/')) return 'zip';
  if (text.includes('xl/workbook.bin')) return 'xlsb';
  if (text.includes('xl/')) return 'xlsx';
  const isOtherOffice = text.includes('word/') || text.includes('ppt/');
  return text.includes('[Content_Types].xml') && !isOtherOffice ? 'xlsx' : 'zip';
}

/** Names of OLE streams are UTF-16: "EncryptedPackage" is a password-protected .xlsx. */
function oleKind(text: string): FileKind {
  return text.includes(utf16Name('EncryptedPackage')) || text.includes(utf16Name('EncryptionInfo'))
    ? 'encrypted'
    : 'xls';
}

function utf16Name(name: string): string {
  return Array.from(name, (letter) => `${letter}\u0000`).join('');
}

const BINARY_SIGNATURES = [
  '%PDF-',
  '{\\rtf',
  '\u001f\u008b',
  '\u0089PNG',
  '\u00ff\u00d8\u00ff',
  'GIF8',
  'Rar!',
  '7z\u00bc\u00af',
  'MZ\u0090',
];

function textKind(head: Uint8Array): FileKind {
  const raw = asciiOf(head);
  if (BINARY_SIGNATURES.some((signature) => raw.startsWith(signature))) return 'unknown';
  const text = raw.replaceAll('\u0000', '').replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '');
  if (text.trim() === '') return raw.includes('\u0000') && text === '' ? 'unknown' : 'empty';
  const start = text.slice(0, 2_000).trimStart().toLowerCase();
  if (/^(?:<!doctype html|<html|<head|<body|<table|<meta|<style|<div|<script)/.test(start)) return 'html';
  if (start.startsWith('<?xml') || start.startsWith('<workbook')) {
    if (start.includes('urn:schemas-microsoft-com:office:spreadsheet')) return 'xml-spreadsheet';
    return start.includes('<html') ? 'html' : 'unknown';
  }
  return isText(raw) ? 'csv' : 'unknown';
}

/** Text has hardly any control characters, and NULs only as the other half of UTF-16. */
function isText(raw: string): boolean {
  const nulShare = (raw.split('\u0000').length - 1) / raw.length;
  if (nulShare > 0.02 && nulShare < 0.25) return false;
  const controls = raw.match(/[\u0001-\u0008\u000e-\u001a\u001c-\u001f]/g)?.length ?? 0;
  return controls <= raw.length / 500;
}

function startsWith(head: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, i) => head[i] === byte);
}

/** One character per byte. In pieces, because arguments of a call are limited. */
function asciiOf(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8_192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8_192));
  }
  return text;
}

const KINDS_OF_EXTENSION: Readonly<Record<string, readonly FileKind[]>> = {
  xlsx: ['xlsx'],
  xlsm: ['xlsx'],
  xlsb: ['xlsb'],
  xls: ['xls'],
  ods: ['ods'],
  csv: ['csv'],
  tsv: ['csv'],
  txt: ['csv'],
};

/** "This file is named .xlsx but is a text file (CSV)."; undefined where name and content agree. */
export function describeMismatch(fileName: string, kind: FileKind): string | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase();
  if (extension === undefined) return undefined;
  const expected = Object.hasOwn(KINDS_OF_EXTENSION, extension) ? KINDS_OF_EXTENSION[extension] : undefined;
  if (expected === undefined || expected.includes(kind)) return undefined;
  return `This file is named .${extension} but is ${DESCRIPTIONS[kind]}.`;
}
