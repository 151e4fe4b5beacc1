import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runFuzzCase } from '../testing/fuzz/cases';

const FILES = 300;
const FIRST_SEED = 20_240_403;

describe('the readers', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adsapp-fuzz-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => vi.restoreAllMocks());

  // `npm run fuzz` does the same for as many files as one likes.
  it('refuse a broken file by name or read what it holds', async () => {
    // SheetJS writes about every record of an .xls that it does not know.
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    const results = new Map<string, number>();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + FILES; seed += 1) {
      const { result } = await runFuzzCase(seed, folder).catch((error: unknown) => {
        throw new Error(`npm run fuzz -- --files 1 --seed ${seed}`, { cause: error });
      });
      results.set(result, (results.get(result) ?? 0) + 1);
    }
    // Both ways out are taken: otherwise the files are too broken, or not broken enough.
    expect(results.get('read')).toBeGreaterThan(FILES / 10);
    expect(results.get('damaged')).toBeGreaterThan(FILES / 10);
  }, 60_000);
});
