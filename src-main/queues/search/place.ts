import type { CompiledFilter } from '@shared/domain/job-filter';
import type { JobField } from '../../engine/selection';
import { yieldNow, type Yielder } from '../yielder';
import type { JobPage, PackedJob } from './job-page';

/** What a job costs besides its texts, in characters. */
const OVERHEAD = 250;
/** Jobs by which the others of a place are judged. */
const SAMPLE = 1_000;
/** Filters whose answers are kept. */
const MAX_ANSWERS = 20;

/** What a filter finds in a place. */
interface Answer {
  readonly filter: CompiledFilter;
  readonly matches: Map<string, PackedJob>;
}

/** The jobs of one state of one queue as they were read, and what filters found among them. */
export class Place {
  private readonly jobs = new Map<string, PackedJob>();
  /** With how many of its jobs are still as they were read. */
  private readonly pages = new Map<JobPage, number>();
  private readonly answers = new Map<string, Answer>();
  /** Their filters still go through the pages. */
  private readonly begun = new Set<Answer>();
  private taken = 0;
  /** All jobs of the place are here. */
  complete = false;

  /** @param total how many jobs it has, as far as is known */
  constructor(
    private readonly fields: ReadonlySet<JobField>,
    private readonly total: number,
  ) {}

  get size(): number {
    return this.jobs.size;
  }

  /** What it takes of memory, in characters; while it is read, what it will take if the rest is like its beginning. */
  get characters(): number {
    if (this.complete || this.size < SAMPLE) return this.taken;
    return this.taken * Math.max(1, this.total / this.size);
  }

  has(id: string): boolean {
    return this.jobs.has(id);
  }

  ids(): string[] {
    return [...this.jobs.keys()];
  }

  /** Takes jobs in the place of what was known of them. */
  add(page: JobPage): void {
    for (const job of page.jobs) {
      this.drop(job.id);
      this.jobs.set(job.id, job);
    }
    this.pages.set(page, page.jobs.length);
    this.taken += page.text.length + OVERHEAD * page.jobs.length;
    for (const { filter, matches } of this.answers.values()) {
      for (const job of page.matching(filter)) matches.set(job.id, job);
    }
  }

  drop(id: string): void {
    const job = this.jobs.get(id);
    if (job === undefined) return;
    this.jobs.delete(id);
    for (const { matches } of this.answers.values()) matches.delete(id);
    for (const { matches } of this.begun) matches.delete(id);
    this.taken -= OVERHEAD;
    const left = (this.pages.get(job.page) ?? 0) - 1;
    if (left > 0) {
      this.pages.set(job.page, left);
      return;
    }
    // Only now its texts are let go.
    this.pages.delete(job.page);
    this.taken -= job.page.text.length;
  }

  clear(): void {
    this.jobs.clear();
    this.pages.clear();
    this.answers.clear();
    this.begun.clear();
    this.taken = 0;
    this.complete = false;
  }

  /** Whether a filter looks at nothing else than what was read. The end of a job is known without that. */
  serves(filter: CompiledFilter): boolean {
    return [...filter.fields].every((field) => field === 'finishedAt' || this.fields.has(field));
  }

  /** An answer that is filled while the place is read: what is replaced meanwhile leaves it. */
  begin(filter: CompiledFilter): Answer {
    const answer = { filter, matches: new Map<string, PackedJob>() };
    this.begun.add(answer);
    return answer;
  }

  /** The answer has all that is in the place; the filter that was asked for last is forgotten last. */
  keep(key: string, answer: Answer): void {
    this.begun.delete(answer);
    this.answers.delete(key);
    this.answers.set(key, answer);
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= MAX_ANSWERS) break;
      this.answers.delete(oldest);
    }
  }

  /** What matches, the newest first; undefined where the place was forgotten while others had their turn. */
  async matching(
    key: string,
    filter: CompiledFilter,
    pace: Yielder,
  ): Promise<readonly PackedJob[] | undefined> {
    const answer = this.answers.get(key) ?? (await this.look(filter, pace));
    if (!this.complete) return undefined;
    this.keep(key, answer);
    return [...answer.matches.values()].sort(newestFirst);
  }

  private async look(filter: CompiledFilter, pace: Yielder): Promise<Answer> {
    const answer = this.begin(filter);
    try {
      // Also the pages that come while others have their turn.
      for (const page of this.pages.keys()) {
        for (const job of page.matching(filter)) {
          if (this.jobs.get(job.id) === job) answer.matches.set(job.id, job);
        }
        if (pace.isDue()) await yieldNow(pace);
      }
    } catch (error) {
      this.begun.delete(answer);
      throw error;
    }
    return answer;
  }
}

const newestFirst = (a: PackedJob, b: PackedJob): number =>
  (b.finishedAt ?? b.addedAt) - (a.finishedAt ?? a.addedAt);
