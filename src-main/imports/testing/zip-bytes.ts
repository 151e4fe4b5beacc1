import { deflateRawSync } from 'node:zlib';
import { crc32InJs } from '../../files/crc32';

/** A part of an archive as it is written; every field may be made to lie. */
export interface Part {
  readonly name: string;
  readonly packed: Buffer;
  readonly size: number;
  readonly crc: number;
  /** 8 (deflate) unless told; 0 is stored. */
  readonly method?: number;
  readonly flags?: number;
  /** What the local header says, where it is not what the directory says. */
  readonly local?: { readonly name?: string; readonly size?: number; readonly crc?: number };
  /** Sizes and CRC come after the data, as from producers that stream; with or without their signature. */
  readonly descriptor?: 'signed' | 'bare';
  /** Sizes and place stand in the ZIP64 field of the directory. */
  readonly zip64?: boolean;
}

/** A deflated part that tells the truth but for what `lie` says. */
export const part = (name: string, content: string | Buffer, lie: Partial<Part> = {}): Part => {
  const bytes = Buffer.from(content);
  const packed = lie.method === 0 ? bytes : deflateRawSync(bytes);
  return { name, packed, size: bytes.length, crc: crc32InJs(bytes, 0), ...lie };
};

export interface ZipOptions {
  /** The directory is found through a ZIP64 record, as in archives of more than 4 GB. */
  readonly zip64?: boolean;
  readonly comment?: string;
  /** Parts the end record declares, where that is not how many there are. */
  readonly declaredParts?: number;
}

/** A .zip whose directory says whatever a test wants it to say. */
export function zip(parts: readonly Part[], options: ZipOptions = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const each of parts) {
    const body = Buffer.concat([localHeader(each), each.packed, descriptorOf(each)]);
    bodies.push(body);
    directory.push(directoryEntry(each, offset));
    offset += body.length;
  }
  const central = Buffer.concat(directory);
  const count = options.declaredParts ?? parts.length;
  return Buffer.concat([...bodies, central, endOf(count, central.length, offset, options)]);
}

const flagsOf = ({ flags = 0, descriptor }: Part): number => flags | (descriptor === undefined ? 0 : 8);

function localHeader(each: Part): Buffer {
  const name = Buffer.from(each.local?.name ?? each.name);
  const streamed = each.descriptor !== undefined;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(flagsOf(each), 6);
  header.writeUInt16LE(each.method ?? 8, 8);
  header.writeUInt32LE(streamed ? 0 : (each.local?.crc ?? each.crc), 14);
  header.writeUInt32LE(streamed ? 0 : each.packed.length, 18);
  header.writeUInt32LE(streamed ? 0 : (each.local?.size ?? each.size), 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function descriptorOf({ descriptor, crc, packed, size }: Part): Buffer {
  if (descriptor === undefined) return Buffer.alloc(0);
  const fields = Buffer.alloc(16);
  fields.writeUInt32LE(0x08074b50, 0);
  fields.writeUInt32LE(crc, 4);
  fields.writeUInt32LE(packed.length, 8);
  fields.writeUInt32LE(size, 12);
  return descriptor === 'signed' ? fields : fields.subarray(4);
}

function directoryEntry(each: Part, offset: number): Buffer {
  const name = Buffer.from(each.name);
  const extra = each.zip64 === true ? zip64Field(each, offset) : Buffer.alloc(0);
  const inExtra = 0xffffffff;
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(flagsOf(each), 8);
  entry.writeUInt16LE(each.method ?? 8, 10);
  entry.writeUInt32LE(each.crc, 16);
  entry.writeUInt32LE(each.zip64 === true ? inExtra : each.packed.length, 20);
  entry.writeUInt32LE(each.zip64 === true ? inExtra : each.size, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(each.zip64 === true ? inExtra : offset, 42);
  return Buffer.concat([entry, name, extra]);
}

function zip64Field({ size, packed }: Part, offset: number): Buffer {
  const field = Buffer.alloc(28);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(24, 2);
  field.writeBigUInt64LE(BigInt(size), 4);
  field.writeBigUInt64LE(BigInt(packed.length), 12);
  field.writeBigUInt64LE(BigInt(offset), 20);
  return field;
}

function endOf(count: number, bytes: number, offset: number, options: ZipOptions): Buffer {
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.zip64 === true ? 0xffff : count, 8);
  end.writeUInt16LE(options.zip64 === true ? 0xffff : count, 10);
  end.writeUInt32LE(options.zip64 === true ? 0xffffffff : bytes, 12);
  end.writeUInt32LE(options.zip64 === true ? 0xffffffff : offset, 16);
  end.writeUInt16LE(comment.length, 20);
  if (options.zip64 !== true) return Buffer.concat([end, comment]);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end, comment]);
}
