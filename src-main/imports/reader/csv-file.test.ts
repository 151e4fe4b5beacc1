import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRows } from '../testing/read-rows';
import { openCsv } from './csv-file';

const MANY = 10_000;
const rowOf = (name: string): string => `+966512345678,${name}\n`;

describe('the encoding of a text file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'csv-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const open = async (...parts: readonly (string | number[])[]) => {
    const path = join(folder, 'contacts.csv');
    await writeFile(
      path,
      Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))),
    );
    return openCsv(path);
  };

  it('stays UTF-8 where a letter far below was cut', async () => {
    const file = await open(
      rowOf('محمد أحمد').repeat(20),
      rowOf('Sam').repeat(MANY),
      ...['+966512345679,', [0xd8], '\n'],
      rowOf('سارة'),
    );
    expect(file.format).toBe('csv, UTF-8, comma');
    const rows = await readRows(file);
    expect(rows[1]?.[1]).toBe('محمد أحمد');
    expect(rows[MANY + 21]?.[1]).toBe('\ufffd');
    expect(rows[MANY + 22]?.[1]).toBe('سارة');
  });

  it('is a code page where the first letter far below is one of it', async () => {
    const file = await open(rowOf('Sam').repeat(MANY), '+966512345679,J', [0xfc], 'rgen\n');
    expect(file.format).toBe('csv, Windows-1252, comma');
    expect((await readRows(file))[MANY + 1]?.[1]).toBe('Jürgen');
  });
});
