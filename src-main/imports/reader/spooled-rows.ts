import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { CellValue } from '@shared/domain/cell';
import type { SourceRow } from './row-source';

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const CHUNK_BYTES = 1024 ** 2;

const Line = z.tuple([z.int()]).rest(z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** The rows of a spool below the header: any of them can be read at once, by its position. */
export class SpooledRows {
  private readonly numbers: number[] = [];
  /** Where each line begins. */
  private readonly offsets: number[] = [];
  /** Where the last line ends. */
  private end = 0;

  private constructor(
    private readonly file: FileHandle,
    private readonly headerRow: number,
  ) {}

  /** The rows that are written up to a byte, at which a line ends; all of them where none is given. */
  static async open(path: string, headerRow: number, upTo?: number): Promise<SpooledRows> {
    const rows = new SpooledRows(await open(path, 'r'), headerRow);
    await rows.grow(upTo);
    return rows;
  }

  /** Takes in the rows that were written since. One call after the other. */
  async grow(upTo = Number.POSITIVE_INFINITY): Promise<void> {
    await eachLine(this.file, this.end, upTo, (line, offset) => {
      this.end = offset + line.length + 1;
      const row = rowNumberOf(line);
      if (row <= this.headerRow) return;
      this.numbers.push(row);
      this.offsets.push(offset);
    });
  }

  get length(): number {
    return this.numbers.length;
  }

  /** The number of the row at a position, as the file's own program shows it. */
  numberAt(position: number): number {
    return this.numbers[position] ?? 0;
  }

  /** Where the row of this number is; nothing where the file has none. */
  positionOf(row: number): number | undefined {
    let low = 0;
    let high = this.numbers.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.numberAt(middle);
      if (found === row) return middle;
      if (found < row) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  /** All rows, in batches of about as many bytes. */
  async *batches(
    bytes = CHUNK_BYTES,
  ): AsyncGenerator<{ readonly first: number; readonly rows: SourceRow[] }, void, undefined> {
    for (let first = 0; first < this.length;) {
      let last = first;
      while (last + 1 < this.length && this.fits(first, last + 1, bytes)) last += 1;
      yield { first, rows: await this.read(first, last) };
      first = last + 1;
    }
  }

  async at(position: number): Promise<SourceRow> {
    const [row] = await this.read(position, position);
    if (row === undefined) throw new Error(`There is no row at position ${position}.`);
    return row;
  }

  /** The rows at these positions, which ascend; those beside each other are read at once. */
  async many(positions: readonly number[]): Promise<SourceRow[]> {
    const rows: SourceRow[] = [];
    while (rows.length < positions.length) {
      const first = positions[rows.length] ?? 0;
      let last = first;
      while (positions[rows.length + 1 + last - first] === last + 1 && this.fits(first, last + 1)) last += 1;
      rows.push(...(await this.read(first, last)));
    }
    return rows;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /** Whether the rows from one position to the other are read at once. */
  private fits(first: number, last: number, bytes = CHUNK_BYTES): boolean {
    return this.endOf(last) - (this.offsets[first] ?? 0) <= bytes;
  }

  private endOf(position: number): number {
    return this.offsets[position + 1] ?? this.end;
  }

  private async read(first: number, last: number): Promise<SourceRow[]> {
    const from = this.offsets[first] ?? 0;
    const bytes = Buffer.allocUnsafe(this.endOf(last) - from);
    await this.file.read(bytes, 0, bytes.length, from);
    const lines = bytes.toString('utf8').split('\n', last - first + 1);
    return lines.map(parseLine);
  }
}

/** We wrote the lines ourselves: the first is checked, the others are trusted. */
function parseLine(line: string, index: number): SourceRow {
  const parsed: unknown = JSON.parse(line);
  const [row, ...cells] = index === 0 ? Line.parse(parsed) : (parsed as [number, ...CellValue[]]);
  return { row, cells };
}

/** Calls `take` for every whole line from one byte to another, with where it begins. */
async function eachLine(
  file: FileHandle,
  from: number,
  upTo: number,
  take: (line: Buffer, offset: number) => void,
): Promise<void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let offset = from;
  for (;;) {
    const begin = offset + rest.length;
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, upTo - begin), begin);
    if (bytesRead === 0) return;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      take(bytes.subarray(start, end), offset + start);
      start = end + 1;
    }
    offset += start;
    rest = bytes.subarray(start);
  }
}

/** `[12,"a"]` and `[12]` alike. */
function rowNumberOf(line: Buffer): number {
  const comma = line.indexOf(COMMA);
  return Number(line.toString('latin1', 1, comma < 0 ? line.length - 1 : comma));
}
