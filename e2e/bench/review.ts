import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale } from '../../scripts/build';
import { bundle } from '../../src-main/imports/testing/bundle';
import type { Bench } from './bench';
import { CONTACT_COUNTRY, writeContacts } from './contact-file';
import { runMeasured } from './measured-process';
import { ReviewFigures, type ReviewPlan } from './review-plan';
import { watchReview } from './review-window';

/**
 * The rows of a large draft, looked through before the import: what the thread that holds them needs for each
 * step, and how the real window does while somebody opens the file and goes through its rows.
 */
export const review: Bench = {
  summary:
    'looking through a large draft: judging, paging, searching, correcting; the window while it scrolls',
  options: { rows: { help: 'rows of the file', default: 500_000 } },
  async run({ option, progress, resources }) {
    await buildIfStale();
    const folder = mkdtempSync(join(tmpdir(), 'adsapp-bench-'));
    resources.add(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const rows = option('rows');
    const { path } = await writeContacts(join(folder, 'contacts.xlsx'), 'xlsx', rows);
    const child = await bundle('e2e/bench/review-child.ts');
    resources.add(child.dispose);
    progress(`${rows} rows: each step in a process of its own…`);
    const plan: ReviewPlan = { path, rows, country: CONTACT_COUNTRY };
    const steps = ReviewFigures.parse(await runMeasured(child.path, plan, resources));
    progress('The window, by wheel, thumb and jumps…');
    const window = await watchReview(path, rows, resources);
    return { engine: 'pglite', results: { rows, ...steps, ...window }, peers: {} };
  },
};
