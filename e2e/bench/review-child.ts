import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFile } from '../../src-main/imports/reader/open-file';
import { spoolSheet } from '../../src-main/imports/reader/spool-task';
import type { ReviewSettings } from '../../src-main/imports/review/contract';
import { Review } from '../../src-main/imports/review/review';
import { ImportOptions } from '../../src-shared/contract/imports';
import { ReviewPlan, type ReviewFigures } from './review-plan';

const PAGE_ROWS = 100;
const PHONES_A_LOOK = 5_000;
/** The columns of contact-file.ts. */
const MAPPING: ReviewSettings['mapping'] = [
  { field: 'phone' },
  { field: 'name' },
  { field: 'email' },
  { field: 'custom', key: 'city' },
  { field: 'custom', key: 'order_id' },
  { field: 'custom', key: 'amount' },
  { field: 'tags' },
  { field: 'custom', key: 'note' },
];
const CITY = 3;

/** Each step that the review thread takes for somebody who looks through a draft, in a process of its own. */
async function measure(
  { path, rows, country }: ReviewPlan,
  target: string,
): Promise<Omit<ReviewFigures, 'peakMemoryMb'>> {
  const settings: ReviewSettings = {
    mapping: MAPPING,
    options: ImportOptions.parse({ defaultCountry: country }),
    continues: null,
  };
  const { signal } = new AbortController();
  const file = await openFile(path, { verify: false });
  const [sheet] = file.sheets;
  if (sheet === undefined) throw new Error('The file has no sheet.');
  const spoolMs = await timed(() => spoolSheet(file, { sheet: sheet.name, target }));
  const opening = performance.now();
  const headers = MAPPING.map(({ field }) => field);
  const judged = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const review = await Review.open({ spool: target, headerRow: 1, headers, corrections: [], judged });
  const openMs = performance.now() - opening;
  const judgeMs = await timed(() => review.judge(settings, null, signal));
  // The database's answer is not part of it.
  const phonesMs = await timed(() => {
    while (review.unknownPhones(PHONES_A_LOOK).length > 0) review.tellKnown([]);
  });
  const firstPageMs = await timed(() => review.page({ show: 'all' }, 0, PAGE_ROWS));
  const pageMs = await timed(() => review.page({ show: 'all' }, Math.floor(rows / 2), PAGE_ROWS));
  const rejectedPageMs = await timed(() => review.page({ show: 'reject' }, 0, PAGE_ROWS));
  const searchMs = await timed(() =>
    review.page({ show: 'all', search: `ord-${99_999 + rows}` }, 0, PAGE_ROWS),
  );
  const checkMs = await timed(() => review.check(2, { '0': '+966512345678' }));
  const cellMs = await timed(() =>
    review.correct({ kind: 'cell', row: 2, column: 0, value: '+966512345678' }),
  );
  const totalsMs = await timed(() => review.preview());
  const replaceMs = await timed(() =>
    review.correct({
      ...{ kind: 'replace', column: CITY, find: 'Riyadh', replacement: 'Jeddah' },
      ...{ whole: true, matchCase: true },
    }),
  );
  const undoMs = await timed(() => review.undo());
  await review.close();
  return {
    ...{ spoolMs, openMs, judgeMs, phonesMs, firstPageMs, pageMs, rejectedPageMs, searchMs },
    ...{ checkMs, cellMs, totalsMs, replaceMs, undoMs },
  };
}

async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function main(plan: ReviewPlan): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'adsapp-review-'));
  try {
    const figures = await measure(plan, join(folder, 'rows.jsonl'));
    const peakMemoryMb = process.resourceUsage().maxRSS / 1_024;
    process.stdout.write(`${JSON.stringify({ ...figures, peakMemoryMb } satisfies ReviewFigures)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main(ReviewPlan.parse(JSON.parse(process.argv[2] ?? ''))).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
