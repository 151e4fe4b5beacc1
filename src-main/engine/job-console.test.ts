import { describe, expect, it } from 'vitest';
import { jobConsole } from './job-console';

const linesOf = (items: number | null, result: unknown): string[] => {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  const console = jobConsole({ info: keep, warn: keep, error: keep }, 'contact-import', 'j1', items);
  console.started();
  for (const percent of [4, 12, 19, 57]) console.progress(percent);
  console.completed(result, 1_204.4);
  return lines;
};

describe('the lines of a job', () => {
  it('count its items, a line for each tenth of the way', () => {
    expect(linesOf(200, { success: 190, failed: 10 })).toEqual([
      '[contact-import] Starting job j1 for 200 items',
      '[contact-import] Job j1: 24/200 processed',
      '[contact-import] Job j1: 114/200 processed',
      '[contact-import] Job j1 completed: 190 success, 10 failed, 1204ms',
    ]);
  });

  it('say how far an import is that was begun while its file was read, and what came of its rows', () => {
    const totals = { read: 100, inserted: 80, updated: 10, skipped: 3, rejected: 7 };
    expect(linesOf(null, totals)).toEqual([
      '[contact-import] Starting job j1',
      '[contact-import] Job j1: 10 % processed',
      '[contact-import] Job j1: 50 % processed',
      '[contact-import] Job j1 completed: 93 success, 7 failed, 1204ms',
    ]);
  });
});
