import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isForSheetJs, runFuzzCase } from './cases';

/**
 * The process that `npm run fuzz` watches: runs the cases of the seeds from argv[2] up to, but without,
 * argv[3], and tells its parent what came of each.
 */
async function main(first: number, end: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adsapp-fuzz-'));
  try {
    for (let seed = first; seed < end; seed += 1) {
      if (isForSheetJs(seed)) process.send?.({ mayHang: true });
      process.send?.({ seed, ...(await outcomeOf(seed, folder)) });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.disconnect();
}

async function outcomeOf(seed: number, folder: string): Promise<object> {
  const rssMb = Math.round(process.memoryUsage().rss / 1024 ** 2);
  try {
    return { ...(await runFuzzCase(seed, folder)), rssMb };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error), rssMb };
  }
}

void main(Number(process.argv[2]), Number(process.argv[3]));
