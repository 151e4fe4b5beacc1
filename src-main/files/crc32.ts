import zlib from 'node:zlib';

/** CRC-32 (ISO 3309) of `data`, going on from `previous`. */
export type Crc32 = (data: Uint8Array, previous: number) => number;

const POLYNOMIAL = 0xedb88320;

const makeTable = (): Uint32Array => {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    table[byte] = value >>> 0;
  }
  return table;
};

/** For Node 18, which has no `zlib.crc32`. */
export const crc32InJs: Crc32 = (() => {
  const table = makeTable();
  return (data, previous) => {
    let crc = ~previous;
    for (const byte of data) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
    return ~crc >>> 0;
  };
})();

const native: unknown = Reflect.get(zlib, 'crc32');

export const crc32: Crc32 =
  typeof native === 'function'
    ? (data, previous) => Number(Reflect.apply(native, zlib, [data, previous]))
    : crc32InJs;
