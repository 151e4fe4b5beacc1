import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { crc32 } from '../../files/crc32';
import { rejectFile } from './rejection';

/** One file inside a .zip as its central directory declares it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly headerOffset: number;
}

const EOCD = 0x06054b50;
const EOCD64 = 0x06064b50;
const EOCD64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const EOCD_BYTES = 22;
const MAX_COMMENT = 0xffff;
/** An entry of the central directory without its name: 20,000 entries stay below this. */
const MAX_DIRECTORY_BYTES = 8 * 1024 * 1024;
const MAX_ENTRIES = 20_000;
const READ_BYTES = 256 * 1024;
/** Larger pieces become texts that V8 keeps apart from the others: each is new memory of the system. */
const UNPACKED_BYTES = 64 * 1024;
/** A local header with a name of the usual length. */
const HEADER_GUESS_BYTES = 128;

const damaged = (what: string) => rejectFile('damaged', `The file is damaged: ${what}.`);

/** A .zip archive opened for reading part by part; never holds more than a part's piece in memory. */
export class ZipArchive {
  private readonly offsets = new Map<ZipEntry, number>();

  private constructor(
    private readonly file: FileHandle,
    readonly bytes: number,
    /** The same only for the same file with the same content. */
    readonly identity: string,
    readonly entries: ReadonlyMap<string, ZipEntry>,
  ) {}

  /** Reads the central directory. Throws `truncated` or `damaged` where there is none that fits the file. */
  static async open(path: string): Promise<ZipArchive> {
    const file = await open(path, 'r');
    try {
      const { size, dev, ino, mtimeMs } = await file.stat();
      const identity = [dev, ino, size, mtimeMs].join();
      return new ZipArchive(file, size, identity, await readDirectory(file, size));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }

  /** The first byte of an entry's data, after the local header was checked against the directory. */
  async dataOffset(entry: ZipEntry): Promise<number> {
    const known = this.offsets.get(entry);
    if (known !== undefined) return known;
    const offset = await this.findData(entry);
    this.offsets.set(entry, offset);
    return offset;
  }

  private async findData(entry: ZipEntry): Promise<number> {
    const guess = Math.min(HEADER_GUESS_BYTES, Math.max(30, this.bytes - entry.headerOffset));
    const header = await readExactly(this.file, entry.headerOffset, guess, this.bytes);
    if (header.readUInt32LE(0) !== LOCAL) throw damaged(`the part ${entry.name} is not where it should be`);
    const nameEnd = 30 + header.readUInt16LE(26);
    const name =
      nameEnd <= header.length
        ? header.subarray(30, nameEnd)
        : await readExactly(this.file, entry.headerOffset + 30, nameEnd - 30, this.bytes);
    // A part under another part's name would be read in its place, or missed.
    if (partName(name) !== entry.name || header.readUInt16LE(8) !== entry.method)
      throw damaged(`the part ${entry.name} is named differently in two places`);
    const start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (start + entry.compressedSize > this.bytes) throw damaged(`the part ${entry.name} ends too early`);
    return start;
  }

  /**
   * The unpacked bytes of an entry, piece by piece. Throws `damaged` as soon as there are more bytes than
   * declared, and at the end where size or CRC-32 do not agree.
   */
  async *read(entry: ZipEntry, pieceBytes = UNPACKED_BYTES): AsyncGenerator<Buffer, void, undefined> {
    if (entry.encrypted) throw rejectFile('encrypted', 'The file is protected by a password.');
    const start = await this.dataOffset(entry);
    let crc = 0;
    let size = 0;
    for await (const piece of this.unpacked(entry, start, pieceBytes)) {
      size += piece.length;
      if (size > entry.size) throw damaged(`the part ${entry.name} is larger than it says`);
      crc = crc32(piece, crc);
      yield piece;
    }
    if (size !== entry.size) throw damaged(`the part ${entry.name} is shorter than it says`);
    if (crc !== entry.crc) throw damaged(`the checksum of the part ${entry.name} is wrong`);
  }

  /** A whole small part as text; `undefined` where there is none. */
  async text(name: string, maxBytes: number): Promise<string | undefined> {
    const entry = this.entries.get(name);
    if (entry === undefined) return undefined;
    if (entry.size > maxBytes)
      throw rejectFile('bomb', `The part ${name} of the file is unreasonably large.`);
    const pieces: Buffer[] = [];
    for await (const piece of this.read(entry)) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  }

  private unpacked(entry: ZipEntry, start: number, pieceBytes: number): AsyncIterable<Buffer> {
    if (entry.method === 0) return this.pieces(start, entry.compressedSize);
    // What is one piece is unpacked in one go: thousands of streams would take seconds.
    const isSmall = entry.compressedSize <= pieceBytes && entry.size <= pieceBytes;
    if (isSmall) return this.small(entry, start, pieceBytes);
    return inflate(this.pieces(start, entry.compressedSize), entry.name, pieceBytes);
  }

  private async *small(
    entry: ZipEntry,
    start: number,
    pieceBytes: number,
  ): AsyncGenerator<Buffer, void, undefined> {
    const packed = await readExactly(this.file, start, entry.compressedSize, this.bytes);
    try {
      yield inflateRawSync(packed, { maxOutputLength: pieceBytes + 1 });
    } catch {
      throw damaged(`the part ${entry.name} cannot be unpacked`);
    }
  }

  private async *pieces(start: number, length: number): AsyncGenerator<Buffer, void, undefined> {
    for (let done = 0; done < length;) {
      const piece = Buffer.allocUnsafe(Math.min(READ_BYTES, length - done));
      const { bytesRead } = await this.file.read(piece, 0, piece.length, start + done);
      if (bytesRead === 0) throw rejectFile('truncated', 'The file ends too early.');
      done += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  }
}

async function* inflate(
  packed: AsyncIterable<Buffer>,
  name: string,
  pieceBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const inflater = createInflateRaw({ chunkSize: pieceBytes });
  // An error of either side ends the inflater, where the loop below meets it.
  pipeline(Readable.from(packed), inflater, () => undefined);
  try {
    for await (const piece of inflater) {
      if (Buffer.isBuffer(piece)) yield piece;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw damaged(`the part ${name} cannot be unpacked`);
    throw error;
  }
}

async function readExactly(file: FileHandle, offset: number, length: number, size: number): Promise<Buffer> {
  if (offset < 0 || length < 0 || offset + length > size)
    throw rejectFile('truncated', 'The file ends too early.');
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) throw rejectFile('truncated', 'The file ends too early.');
    done += bytesRead;
  }
  return buffer;
}

interface DirectoryPlace {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}

async function readDirectory(file: FileHandle, size: number): Promise<ReadonlyMap<string, ZipEntry>> {
  const place = await findDirectory(file, size);
  if (place.entries > MAX_ENTRIES || place.bytes > MAX_DIRECTORY_BYTES) {
    throw rejectFile('bomb', `The file holds ${place.entries} parts; a spreadsheet has a few dozen.`);
  }
  const directory = await readExactly(file, place.offset, place.bytes, size);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let n = 0; n < place.entries; n += 1) {
    const { entry, next } = readEntry(directory, at);
    if (entries.has(entry.name)) throw damaged(`the part ${entry.name} is there twice`);
    entries.set(entry.name, entry);
    at = next;
  }
  if (at !== directory.length) throw damaged('its directory lists more parts than it counts');
  return entries;
}

/** Some producers write backslashes. */
const partName = (bytes: Buffer): string => bytes.toString('utf8').replaceAll('\\', '/');

async function findDirectory(file: FileHandle, size: number): Promise<DirectoryPlace> {
  const tailBytes = Math.min(size, EOCD_BYTES + MAX_COMMENT);
  const tail = await readExactly(file, size - tailBytes, tailBytes, size);
  for (let at = tail.length - EOCD_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== EOCD || at + EOCD_BYTES + tail.readUInt16LE(at + 20) > tail.length)
      continue;
    const place = {
      entries: tail.readUInt16LE(at + 10),
      bytes: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
    };
    const isZip64 = place.entries === 0xffff || place.bytes === 0xffffffff || place.offset === 0xffffffff;
    return isZip64 ? findDirectory64(file, size, size - tailBytes + at) : place;
  }
  throw rejectFile(
    'truncated',
    'The end of the file is missing: it was not copied or downloaded to its end.',
  );
}

async function findDirectory64(file: FileHandle, size: number, eocdOffset: number): Promise<DirectoryPlace> {
  const locator = await readExactly(file, eocdOffset - 20, 20, size);
  if (locator.readUInt32LE(0) !== EOCD64_LOCATOR) throw damaged('its directory cannot be found');
  const record = await readExactly(file, Number(locator.readBigUInt64LE(8)), 56, size);
  if (record.readUInt32LE(0) !== EOCD64) throw damaged('its directory cannot be found');
  return {
    entries: Number(record.readBigUInt64LE(32)),
    bytes: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}

function readEntry(directory: Buffer, at: number): { entry: ZipEntry; next: number } {
  if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL)
    throw damaged('its directory is cut off');
  const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const next = extraEnd + directory.readUInt16LE(at + 32);
  if (next > directory.length) throw damaged('its directory is cut off');
  const sizes = readZip64Sizes(directory.subarray(nameEnd, extraEnd), {
    size: directory.readUInt32LE(at + 24),
    compressedSize: directory.readUInt32LE(at + 20),
    headerOffset: directory.readUInt32LE(at + 42),
  });
  const entry: ZipEntry = {
    name: partName(directory.subarray(at + 46, nameEnd)),
    method: directory.readUInt16LE(at + 10),
    encrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
    crc: directory.readUInt32LE(at + 16),
    ...sizes,
  };
  return { entry, next };
}

type Sizes = Pick<ZipEntry, 'size' | 'compressedSize' | 'headerOffset'>;

/** ZIP64: a size of 0xffffffff stands in the extra field 1 instead, in this order. */
function readZip64Sizes(extra: Buffer, sizes: Sizes): Sizes {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) !== 1) {
      at = end;
      continue;
    }
    let next = at + 4;
    const take = (value: number): number => {
      if (value !== 0xffffffff || next + 8 > Math.min(end, extra.length)) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    };
    return {
      size: take(sizes.size),
      compressedSize: take(sizes.compressedSize),
      headerOffset: take(sizes.headerOffset),
    };
  }
  return sizes;
}
