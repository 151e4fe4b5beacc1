import { compileFilter, type JobFilter } from '@shared/domain/job-filter';
import type { JobState, QueueName } from '@shared/domain/queues';
import type { Engine } from '../../engine/engine';
import type { JobField, SelectedJob } from '../../engine/selection';
import type { Yielder } from '../yielder';
import { JobPage, type PackedJob } from './job-page';
import { Place } from './place';

/** What most filters look at: what else one asks for is read when it does, for each field has its price. */
const USUAL_FIELDS: readonly JobField[] = ['name', 'data', 'reason'];
/** Everything that a filter looks at, besides the stack. */
const ALL_FIELDS: readonly JobField[] = [...USUAL_FIELDS, 'attemptsMade', 'addedAt'];
/** Jobs that changed since; beyond it is cheaper to read all anew. */
const MAX_CHANGED = 5_000;
const NAMED_AT_ONCE = 1_000;
/** Takes what is read of a place. */
export interface Recorder {
  /** What has to be read of each job. */
  readonly fields: readonly JobField[];
  /** Answers those that match. */
  add(jobs: readonly SelectedJob[]): readonly SelectedJob[];
  /** Nothing more comes: all of the place was read, or it is not remembered. */
  end(complete: boolean): void;
}

interface PlaceSize {
  readonly queue: QueueName;
  readonly state: JobState;
  /** Jobs in it. */
  readonly total: number;
}

interface QueueMemory {
  readonly places: Map<JobState, Place>;
  readonly changed: Set<string>;
  refreshing: Promise<void> | undefined;
}

/**
 * Jobs that a search has read, kept within a bound so that the next search need not read them again. Events name
 * what has changed, and the number of jobs in a state tells what no event told. The truth stays in the
 * queue: nothing here is ever shown or acted upon without being read anew.
 */
export class JobCache {
  private readonly queues = new Map<QueueName, QueueMemory>();
  /** Also those that are still being read. */
  private readonly places = new Set<Place>();
  private timer: NodeJS.Timeout | undefined;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly engine: Pick<Engine, 'selection' | 'onChanges'>,
    private readonly bounds: { readonly maxCharacters: number; readonly idleMs: number },
  ) {
    this.unsubscribe = engine.onChanges((changes) => {
      for (const { queue, jobIds } of changes) this.noteChanged(queue, jobIds);
    });
  }

  close(): void {
    this.unsubscribe();
    this.forget();
  }

  /** Whether a filter can be answered from here: the stack is not kept. */
  static serves(filter: JobFilter): boolean {
    return filter.cause === undefined;
  }

  /** Reads anew what is known to have changed. */
  async refresh(queue: QueueName): Promise<void> {
    this.stayAwake();
    const memory = this.queues.get(queue);
    if (memory === undefined) return;
    memory.refreshing ??= this.readNamed(queue, memory, [...memory.changed]).finally(
      () => (memory.refreshing = undefined),
    );
    await memory.refreshing;
  }

  /** Mends a place that has not as many jobs as the queue says there are: something came or went without a word. */
  async settle(queue: QueueName, state: JobState, total: number): Promise<void> {
    const memory = this.queues.get(queue);
    const place = memory?.places.get(state);
    if (memory === undefined || place?.complete !== true || place.size === total) return;
    await this.sweep(queue, memory, state);
  }

  /** What matches in a place, the newest first; undefined where the place is not remembered as a whole. */
  async matching(
    queue: QueueName,
    state: JobState,
    filter: JobFilter,
    pace: Yielder,
  ): Promise<{ readonly looked: number; readonly jobs: readonly SelectedJob[] } | undefined> {
    const place = this.queues.get(queue)?.places.get(state);
    const compiled = compileFilter(filter);
    if (place?.complete !== true || !place.serves(compiled)) return undefined;
    const jobs = await place.matching(keyOf(filter), compiled, pace);
    return jobs === undefined ? undefined : { looked: place.size, jobs };
  }

  /**
   * Begins to remember a place that is about to be read as a whole for a filter. Where it turns out too much, nothing
   * is: to keep what is let go at the end would fill the memory in vain.
   */
  recorder({ queue, state, total }: PlaceSize, filter: JobFilter): Recorder {
    this.stayAwake();
    const memory = this.memoryOf(queue);
    const compiled = compileFilter(filter);
    const fields = [...USUAL_FIELDS, ...compiled.fields];
    const place = new Place(new Set(fields), total);
    this.places.add(place);
    const answer = place.begin(compiled);
    return {
      fields,
      add: (jobs) => {
        const found: PackedJob[] = [];
        for (const page of JobPage.of(jobs)) {
          const matches = page.matching(compiled);
          found.push(...matches);
          if (!this.places.has(place)) continue;
          place.add(page);
          for (const job of matches) answer.matches.set(job.id, job);
        }
        if (this.characters() > this.bounds.maxCharacters) this.release(place);
        return found;
      },
      end: (complete) => {
        const stillMeant = this.places.has(place) && this.queues.get(queue) === memory;
        if (!complete || !stillMeant) {
          this.release(place);
          return;
        }
        const before = memory.places.get(state);
        if (before !== undefined) this.release(before);
        place.complete = true;
        place.keep(keyOf(filter), answer);
        memory.places.set(state, place);
      },
    };
  }

  private characters(): number {
    let sum = 0;
    for (const place of this.places) sum += place.characters;
    return sum;
  }

  private memoryOf(queue: QueueName): QueueMemory {
    const known = this.queues.get(queue);
    if (known !== undefined) return known;
    const fresh: QueueMemory = { places: new Map(), changed: new Set(), refreshing: undefined };
    this.queues.set(queue, fresh);
    return fresh;
  }

  private noteChanged(queue: QueueName, ids: ReadonlySet<string> | null): void {
    const memory = this.queues.get(queue);
    if (memory === undefined) return;
    for (const id of ids ?? []) memory.changed.add(id);
    if (ids === null || memory.changed.size > MAX_CHANGED) this.forgetQueue(queue, memory);
  }

  private async readNamed(queue: QueueName, memory: QueueMemory, ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += NAMED_AT_ONCE) {
      const part = ids.slice(at, at + NAMED_AT_ONCE);
      // What changes while it is read has to be read once more.
      for (const id of part) memory.changed.delete(id);
      const found: SelectedJob[] = [];
      await this.engine.selection.scan(
        { jobs: part.map((id) => ({ queue, id })) },
        {
          fields: ALL_FIELDS,
          onBatch: ({ jobs }) => {
            found.push(...jobs);
            return undefined;
          },
        },
      );
      for (const place of memory.places.values()) for (const id of part) place.drop(id);
      for (const [state, place] of memory.places) {
        for (const page of JobPage.of(found.filter((job) => job.state === state))) place.add(page);
      }
    }
  }

  /** All ids of a place once more: what came or went without a word. */
  private async sweep(queue: QueueName, memory: QueueMemory, state: JobState): Promise<void> {
    const place = memory.places.get(state);
    if (place === undefined) return;
    const there = new Set<string>();
    await this.engine.selection.scan(
      { queues: [queue], states: [state] },
      {
        ahead: true,
        onBatch: ({ jobs }) => {
          for (const { id } of jobs) there.add(id);
          return undefined;
        },
      },
    );
    for (const id of place.ids()) if (!there.has(id)) place.drop(id);
    await this.readNamed(
      queue,
      memory,
      [...there].filter((id) => !place.has(id)),
    );
  }

  private release(place: Place): void {
    this.places.delete(place);
    place.clear();
  }

  private forgetQueue(queue: QueueName, memory: QueueMemory): void {
    this.queues.delete(queue);
    for (const place of memory.places.values()) this.release(place);
  }

  private forget(): void {
    clearTimeout(this.timer);
    for (const [queue, memory] of [...this.queues]) this.forgetQueue(queue, memory);
  }

  /** What nobody searches in is not worth its memory. */
  private stayAwake(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.forget(), this.bounds.idleMs);
    this.timer.unref();
  }
}

const keyOf = (filter: JobFilter): string => JSON.stringify(filter);
