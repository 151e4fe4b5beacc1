import { type FileHandle, open } from 'node:fs/promises';
import { rejectFile } from './rejection';
import { ZipArchive, type ZipEntry } from './zip';

/** What a file is by its content; its name is only a hint, and often wrong. */
export type Container = 'zip' | 'ole' | 'biff' | 'xml-spreadsheet' | 'text';
export type ZipKind = 'xlsx' | 'xlsb' | 'ods';

const HEAD_BYTES = 4_096;
/** 500,000 rows of 8 columns unpack to about 300 MB. */
const MAX_UNPACKED_BYTES = 2 * 1024 ** 3;
const MAX_PART_BYTES = 1536 * 1024 ** 2;
/** XML of a sheet packs 10 to 60 times; deflate's limit, which bombs use, is 1,032. */
const MAX_RATIO = 200;
const RATIO_MATTERS_ABOVE_BYTES = 16 * 1024 ** 2;
const DEFLATE = 8;
const STORED = 0;

/** Tells by the first bytes how a file is to be read; refuses what is no spreadsheet, by name. */
export async function identify(path: string): Promise<Container> {
  const head = await readHead(path);
  if (head.length === 0) throw rejectFile('empty', 'The file is empty.');
  if (startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06')) return 'zip';
  if (startsWith(head, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return 'ole';
  if (startsWith(head, '%PDF')) throw rejectFile('not-a-spreadsheet', 'The file is a PDF.');
  if (head[0] === 0x09 && (head[1] ?? 0xff) <= 0x08 && (head[3] ?? 0xff) === 0) return 'biff';
  return identifyText(head);
}

function identifyText(head: Buffer): Container {
  const utf16 = startsWith(head, '\xff\xfe') || startsWith(head, '\xfe\xff');
  if (!utf16 && looksBinary(head)) {
    throw rejectFile('not-a-spreadsheet', 'The file is neither a spreadsheet nor a text file.');
  }
  const text = head.toString('latin1').replaceAll('\0', '').trimStart().toLowerCase();
  const start = text.replace(/^(?:ï»¿|ÿþ|þÿ)/, '').trimStart();
  if (/^<(?:!doctype html|html|table|head|body|meta)/.test(start)) {
    throw rejectFile('html', 'The file is a web page (HTML), not a spreadsheet.');
  }
  if (start.startsWith('<?xml') || start.startsWith('<workbook')) {
    if (start.includes('urn:schemas-microsoft-com:office:spreadsheet')) return 'xml-spreadsheet';
    if (start.includes('<html'))
      throw rejectFile('html', 'The file is a web page (HTML), not a spreadsheet.');
    throw rejectFile('not-a-spreadsheet', 'The file is XML, but not a spreadsheet.');
  }
  return 'text';
}

/**
 * Text holds no NUL and next to no control characters. UTF-16 without a byte order mark has NULs at every
 * other place: that is let through, the encoding is told later.
 */
function looksBinary(head: Buffer): boolean {
  let controls = 0;
  let evenNuls = 0;
  let oddNuls = 0;
  for (const [at, byte] of head.entries()) {
    if (byte === 0 && at % 2 === 0) evenNuls += 1;
    else if (byte === 0) oddNuls += 1;
    else if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1a) controls += 1;
  }
  const nuls = evenNuls + oddNuls;
  const isUtf16 = nuls > head.length / 4 && (evenNuls === 0 || oddNuls === 0);
  return controls > head.length / 50 || (nuls > 0 && !isUtf16);
}

/**
 * Opens a .zip and checks it before anything of it is used: sizes, ratio, encryption, overlapping parts.
 * The caller closes the archive.
 */
export async function openCheckedArchive(path: string): Promise<{ archive: ZipArchive; kind: ZipKind }> {
  const archive = await ZipArchive.open(path);
  try {
    const kind = await zipKind(archive);
    checkSizes([...archive.entries.values()], archive.bytes);
    await checkOverlaps(archive);
    return { archive, kind };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

/** No text is made of what is only checked: larger pieces are fewer, a quarter of the time. */
const CHECKED_PIECE_BYTES = 256 * 1024;

/** Unpacks every part once and checks its size and CRC-32. Costs about 0.5 s for a gigabyte of XML. */
export async function verifyContent(archive: ZipArchive): Promise<void> {
  for (const entry of archive.entries.values()) {
    const pieces = archive.read(entry, CHECKED_PIECE_BYTES);
    while ((await pieces.next()).done !== true);
  }
}

async function zipKind(archive: ZipArchive): Promise<ZipKind> {
  const { entries } = archive;
  if ([...entries.values()].some((entry) => entry.encrypted)) {
    throw rejectFile('encrypted', 'The file is protected by a password.');
  }
  if (entries.has('xl/workbook.bin')) return 'xlsb';
  if (entries.has('xl/workbook.xml')) return 'xlsx';
  if (entries.has('[Content_Types].xml')) {
    const isOther = [...entries.keys()].some((name) => /^(?:word|ppt|visio)\//.test(name));
    if (!isOther && [...entries.keys()].some((name) => /workbook\d*\.xml$/i.test(name))) return 'xlsx';
    throw rejectFile('not-a-spreadsheet', 'The file is an Office document, but not a spreadsheet.');
  }
  if (entries.has('content.xml')) {
    const manifest = await archive.text('META-INF/manifest.xml', 1024 ** 2);
    if (manifest?.includes('encryption-data') === true) {
      throw rejectFile('encrypted', 'The file is protected by a password.');
    }
    return 'ods';
  }
  if ([...entries.keys()].some((name) => name.startsWith('Index/'))) {
    throw rejectFile('unsupported', 'The file was made by Apple Numbers.');
  }
  throw rejectFile('not-a-spreadsheet', 'The file is a .zip archive, but not a spreadsheet.');
}

function checkSizes(entries: readonly ZipEntry[], bytes: number): void {
  let total = 0;
  for (const { name, method, size, compressedSize } of entries) {
    if (method !== DEFLATE && method !== STORED) {
      throw rejectFile('unsupported', `The part ${name} is packed in a way that is not supported.`);
    }
    total += size;
    if (size > MAX_PART_BYTES || total > MAX_UNPACKED_BYTES || unpacksTooMuch(size, compressedSize))
      throw rejectFile('bomb', `The part ${name} would unpack to ${Math.round(size / 1024 ** 2)} MB.`);
  }
  // Thousands of parts, none of which is large.
  if (unpacksTooMuch(total, bytes))
    throw rejectFile('bomb', `The file would unpack to ${Math.round(total / 1024 ** 2)} MB.`);
}

const unpacksTooMuch = (size: number, packed: number): boolean =>
  size > RATIO_MATTERS_ABOVE_BYTES && size / Math.max(1, packed) > MAX_RATIO;

/** Parts that share bytes are how a small file is made to unpack to a huge one. */
async function checkOverlaps(archive: ZipArchive): Promise<void> {
  const ranges: { start: number; end: number; name: string }[] = [];
  for (const entry of archive.entries.values()) {
    const dataStart = await archive.dataOffset(entry);
    ranges.push({ start: entry.headerOffset, end: dataStart + entry.compressedSize, name: entry.name });
  }
  ranges.sort((a, b) => a.start - b.start);
  let end = 0;
  for (const range of ranges) {
    if (range.start < end) throw rejectFile('damaged', `The part ${range.name} overlaps another one.`);
    end = range.end;
  }
}

async function readHead(path: string): Promise<Buffer> {
  const file = await openKept(path);
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(buffer, 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Something other than the console may have tidied its folder. */
async function openKept(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw rejectFile('gone', 'The copy of the file that the console keeps is not there any more.');
    throw error;
  }
}

const startsWith = (head: Buffer, latin1: string): boolean =>
  head.subarray(0, latin1.length).equals(Buffer.from(latin1, 'latin1'));
