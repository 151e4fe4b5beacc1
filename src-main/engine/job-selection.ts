import {
  compileFilter,
  isByPlace,
  spanMs,
  type CompiledFilter,
  type JobFilter,
} from '@shared/domain/job-filter';
import { jobStates, type JobState } from '@shared/domain/queues';
import { MAX_STEP } from './selection';
import type {
  BatchVerdict,
  Coverage,
  JobField,
  ScanOptions,
  SelectedJob,
  Selection,
  SelectionReader,
  StateWalk,
  WalkOptions,
} from './selection';

const isFinished = (state: JobState): boolean => state === 'completed' || state === 'failed';

/** The selection over an engine's reader: which places to look through, and what of it matches. */
export class JobSelection implements Selection {
  constructor(
    private readonly reader: SelectionReader,
    /** All queues, for a filter that names none. */
    private readonly queues: () => readonly string[],
  ) {}

  async count(filter: JobFilter, signal?: AbortSignal): Promise<number> {
    if (isByPlace(filter)) {
      const walks = await this.walks(filter, { fields: new Set(), order: 'newest', ahead: false });
      return walks.reduce((sum, { total }) => sum + total, 0);
    }
    let count = 0;
    await this.scan(filter, {
      ahead: true,
      ...(signal !== undefined && { signal }),
      onBatch: ({ jobs }) => {
        count += jobs.length;
        return undefined;
      },
    });
    return count;
  }

  async scan(filter: JobFilter, options: ScanOptions): Promise<Coverage> {
    const compiled = compileFilter(filter);
    const fields = new Set<JobField>([...compiled.fields, ...(options.fields ?? [])]);
    if (filter.jobs !== undefined) return this.scanNamed(filter.jobs, compiled, fields, options);
    const { order = 'newest', ahead = false } = options;
    const walks = await this.walks(filter, { fields, order, ahead });
    const total = walks.reduce((sum, walk) => sum + walk.total, 0);
    const isStopped = (): boolean => options.signal?.aborted === true;
    let scanned = 0;
    for (const walk of walks) {
      if (isStopped()) return { scanned, total, complete: false };
      let page = await walk.next(0);
      while (page.looked > 0) {
        if (isStopped()) return { scanned, total, complete: false };
        scanned += page.looked;
        const coming = ahead ? walk.next(0) : undefined;
        // Whoever stops here does not want to know how it ended.
        coming?.catch(() => undefined);
        const verdict = await hand(page.jobs, { compiled, options, scanned, total });
        if (verdict?.stop === true) return { scanned, total, complete: false };
        page = await (coming ?? walk.next(verdict?.taken ?? 0));
      }
    }
    return { scanned, total, complete: true };
  }

  private walks(filter: JobFilter, options: Omit<WalkOptions, 'finished'>): Promise<StateWalk[]> {
    const finished = spanMs(filter.finishedAt ?? {});
    const wanted = filter.states ?? jobStates;
    // A job that has not ended has no time of its end.
    const states = filter.finishedAt === undefined ? wanted : wanted.filter(isFinished);
    return Promise.all(
      (filter.queues ?? this.queues()).flatMap((queue) =>
        states.map((state) => this.reader.walk(queue, state, { ...options, finished })),
      ),
    );
  }

  private async scanNamed(
    named: NonNullable<JobFilter['jobs']>,
    compiled: CompiledFilter,
    fields: ReadonlySet<JobField>,
    options: ScanOptions,
  ): Promise<Coverage> {
    const total = named.length;
    let scanned = 0;
    for (const queue of new Set(named.map((job) => job.queue))) {
      const jobs = named.filter((job) => job.queue === queue);
      for (let start = 0; start < jobs.length; start += MAX_STEP) {
        if (options.signal?.aborted === true) return { scanned, total, complete: false };
        const ids = jobs.slice(start, start + MAX_STEP).map(({ id }) => id);
        const found = await this.reader.lookUp(queue, ids, fields);
        scanned += ids.length;
        for (const part of byState(found)) {
          const verdict = await hand(part, { compiled, options, scanned, total });
          if (verdict?.stop === true) return { scanned, total, complete: false };
        }
      }
    }
    return { scanned, total, complete: true };
  }
}

/** Whoever acts upon a batch takes it to be of one state. At least one batch: it says how far it is. */
const byState = (jobs: readonly SelectedJob[]): readonly (readonly SelectedJob[])[] => {
  const states = jobStates.map((state) => jobs.filter((job) => job.state === state));
  const found = states.filter(({ length }) => length > 0);
  return found.length === 0 ? [[]] : found;
};

const hand = (
  found: readonly SelectedJob[],
  step: {
    readonly compiled: CompiledFilter;
    readonly options: ScanOptions;
    readonly scanned: number;
    readonly total: number;
  },
): Promise<BatchVerdict | undefined> | BatchVerdict | undefined => {
  const jobs = found.filter((job) => step.compiled.matches(job));
  return step.options.onBatch({
    jobs,
    coverage: { scanned: step.scanned, total: step.total, complete: false },
  });
};
