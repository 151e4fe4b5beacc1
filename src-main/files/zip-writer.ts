import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDeflateRaw } from 'node:zlib';
import { crc32 } from './crc32';

/** 1980-01-01, the first day a .zip knows: the same content always gives the same bytes. */
const DOS_DATE = 0x0021;
const DEFLATE = 8;
/** Sizes and CRC follow the data (bit 3); names are UTF-8 (bit 11). */
const FLAGS = 0x0808;
const VERSION = 20;

interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
  readonly offset: number;
}

/** Writes a .zip part by part; memory does not grow with the size of a part. */
export class ZipWriter {
  private offset = 0;
  private readonly parts: Written[] = [];

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<ZipWriter> {
    return new ZipWriter(await open(path, 'w', 0o600));
  }

  /** Adds a part; its text is packed in zlib's own threads while it is produced. */
  async add(name: string, text: Iterable<string> | AsyncIterable<string>): Promise<void> {
    const part = { name: Buffer.from(name, 'utf8'), crc: 0, size: 0, compressedSize: 0, offset: this.offset };
    await this.write(localHeader(part.name));
    async function* measured(): AsyncGenerator<Buffer> {
      for await (const piece of text) {
        const bytes = Buffer.from(piece, 'utf8');
        part.crc = crc32(bytes, part.crc);
        part.size += bytes.length;
        yield bytes;
      }
    }
    await pipeline(Readable.from(measured()), createDeflateRaw(), async (packed: AsyncIterable<Buffer>) => {
      for await (const piece of packed) {
        part.compressedSize += piece.length;
        await this.write(piece);
      }
    });
    await this.write(dataDescriptor(part));
    this.parts.push(part);
  }

  /** Writes the directory and closes the file. */
  async end(): Promise<void> {
    const start = this.offset;
    for (const part of this.parts) await this.write(centralHeader(part));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.parts.length, 8);
    end.writeUInt16LE(this.parts.length, 10);
    end.writeUInt32LE(this.offset - start, 12);
    end.writeUInt32LE(start, 16);
    await this.write(end);
    await this.file.close();
  }

  /** Closes the file where it is not to be finished. */
  async abandon(): Promise<void> {
    await this.file.close();
  }

  private async write(bytes: Buffer): Promise<void> {
    await this.file.write(bytes, 0, bytes.length, this.offset);
    this.offset += bytes.length;
  }
}

function localHeader(name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(DEFLATE, 8);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function dataDescriptor(part: Written): Buffer {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(part.crc, 4);
  descriptor.writeUInt32LE(part.compressedSize, 8);
  descriptor.writeUInt32LE(part.size, 12);
  return descriptor;
}

function centralHeader(part: Written): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(DEFLATE, 10);
  header.writeUInt16LE(DOS_DATE, 14);
  header.writeUInt32LE(part.crc, 16);
  header.writeUInt32LE(part.compressedSize, 20);
  header.writeUInt32LE(part.size, 24);
  header.writeUInt16LE(part.name.length, 28);
  header.writeUInt32LE(part.offset, 42);
  return Buffer.concat([header, part.name]);
}
