import { describe, expect, it } from 'vitest';
import type { ImportSummary } from '@shared/contract/imports';
import { writeXlsx, type XlsxCell } from '../files/xlsx-writer';
import { profiles, type ImportStage } from './testing/import-stage';
import { withImportStage } from './testing/with-import-stage';

const ROWS = 100_000;
const CITIES = ['Riyadh', 'Jeddah', 'Dammam', 'Abha', 'Tabuk'];

function* rows(): Generator<readonly (readonly XlsxCell[])[]> {
  yield [['Phone', 'Name', 'Email', 'City', 'Order ID', 'Amount', 'Tags', 'Note']];
  for (let start = 0; start < ROWS; start += 500) {
    yield Array.from({ length: 500 }, (_, offset): XlsxCell[] => {
      const n = start + offset;
      return [
        `+9665${10_000_000 + n}`,
        `Person Number ${n}`,
        `person${n}@example.com`,
        CITIES[n % 5] ?? '',
        `ORD-${n}`,
        n / 4,
        n % 3 === 0 ? 'vip' : 'new',
        null,
      ];
    });
  }
}

/** Longest time the event loop of this process (main and background in one here) was held up, in ms. */
function watchLoop(): () => number {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 5);
    last = now;
  }, 5);
  return () => {
    clearInterval(timer);
    return Math.round(longest);
  };
}

describe.each(profiles)('100,000 rows on the %s profile', (profile) => {
  let stage: ImportStage;
  withImportStage(profile, (opened) => (stage = opened));

  it('end in the contacts, each once', async () => {
    const path = `${stage.folder}/big.xlsx`;
    await writeXlsx(path, { name: 'Big', headerRow: 1, rows: rows() });
    const measured: Record<string, number> = {};
    const time = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const startedAt = performance.now();
      const result = await work();
      measured[name] = Math.round(performance.now() - startedAt);
      return result;
    };
    const run = async (name: string, updateExisting: boolean): Promise<ImportSummary> => {
      const draft = await time(`${name} open`, () => stage.open(path));
      const stopWatching = watchLoop();
      const done = await time(name, async () => {
        await time(`${name} staged`, async () => {
          await stage.start(draft, { updateExisting });
          await stage.until(draft.id, 'queued', 'running', 'completed', 'failed');
        });
        return stage.until(draft.id, 'completed', 'failed');
      });
      measured[`${name} block`] = stopWatching();
      return done;
    };
    expect((await run('new', false)).totals).toMatchObject({ read: ROWS, inserted: ROWS });
    expect((await run('again', false)).totals).toMatchObject({ read: ROWS, skipped: ROWS });
    expect((await run('update', true)).totals).toMatchObject({ read: ROWS, updated: ROWS });
    process.stderr.write(
      `${profile}: ${JSON.stringify(measured)} ms, ${Math.round((ROWS / (measured['new'] ?? 1)) * 1_000)} rows/s\n`,
    );
  }, 300_000);
});
