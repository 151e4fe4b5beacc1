import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '@shared/domain/job-filter';
import type { SelectedJob } from '../../engine/selection';
import { JobPage } from './job-page';

const job = (over: Partial<SelectedJob>): SelectedJob => ({
  queue: 'bulk-messages',
  id: '1',
  state: 'failed',
  name: 'send',
  data: null,
  reason: null,
  stack: null,
  attemptsMade: 1,
  addedAt: 5,
  finishedAt: 7,
  priority: 0,
  about: null,
  ...over,
});

/** Letters whose lower case is another length, depends on what follows, or is shared; and what JSON escapes. */
const text = fc
  .array(fc.constantFrom('a', 'B', 'ß', 'İ', 'Σ', 'ς', 'K', 'é', 'ع', '😀', '"', '\\', '\n', '\0', ' '), {
    maxLength: 8,
  })
  .map((letters) => letters.join(''));
const jobs = fc.array(
  fc
    .record({
      id: text,
      name: text,
      reason: fc.option(text),
      data: fc.option(
        fc.oneof(
          text,
          text.map((note) => JSON.stringify({ note })),
        ),
      ),
      attemptsMade: fc.nat(5),
    })
    .map(job),
  { maxLength: 30 },
);

describe('jobs packed in pages', () => {
  it('gives every job as it was put in', () => {
    fc.assert(
      fc.property(jobs, (all) => {
        const out = [...JobPage.of(all)].flatMap((page) => page.jobs);
        const fields = Object.keys(job({})) as (keyof SelectedJob)[];
        expect(out.map((each: SelectedJob) => fields.map((field) => each[field]))).toEqual(
          all.map((each) => fields.map((field) => each[field])),
        );
      }),
    );
  });

  it('finds what asking each job finds, whatever the letters', () => {
    const needle = text.filter((each) => each !== '');
    fc.assert(
      fc.property(jobs, needle, needle, (all, first, second) => {
        for (const filter of [{ text: first }, { text: first, words: [second] }, { error: first }]) {
          const compiled = compileFilter(filter);
          const found = [...JobPage.of(all)].flatMap((page) => page.matching(compiled));
          expect(found.map(({ id, data }) => ({ id, data }))).toEqual(
            all.filter((each) => compiled.matches(each)).map(({ id, data }) => ({ id, data })),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps payloads of any length', () => {
    const long = ['a', 'b', 'c'].map((letter) => job({ id: letter, data: letter.repeat(1_500_000) }));
    const pages = [...JobPage.of(long)];
    expect(pages).toHaveLength(3);
    expect(
      pages.map(({ jobs: [first] }) => first?.data === long.find(({ id }) => id === first?.id)?.data),
    ).toEqual([true, true, true]);
  });
});
