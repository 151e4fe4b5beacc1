import type { Redis } from 'ioredis';
import { z } from 'zod';
import { JobState } from '@shared/domain/queues';
import { numberOrNull, timeOrNull } from './job-row';
import { RedisJobFields, type FieldBytes, type RowsById } from './redis-job-fields';
import { aboutOf, lastStack } from './redis-job-texts';
import { scoreBound } from './redis-script';
import { placesScript, sizeScript, walkScript } from './redis-selection-scripts';
import {
  MAX_STEP,
  type JobField,
  type SelectedJob,
  type SelectionReader,
  type StateWalk,
  type WalkOptions,
  type WalkPage,
} from './selection';
import { StepSize } from './step-size';

const flat = z.array(z.string());
/** Began at; ids, or id and score in turn; ms; rank of the first one; score of the last one. */
const walkShape = z.tuple([z.number(), flat, z.number(), z.number(), z.string()]);
const placesShape = z.tuple([flat, z.number()]);

/** Bytes that are fetched at once: beyond that a step takes fewer jobs. */
const MUCH = 2_000_000;
const FIRST_FETCH = 25;
const FEWEST = 5;
const MAX_REASON = 4_000;

/** BullMQ's keys of a state; those of waiting jobs are two. */
const keysOf = (state: JobState): readonly string[] =>
  state === 'waiting' ? ['wait', 'prioritized'] : [state];

/** Of BullMQ's keys of states those that are lists. */
const LISTS: readonly string[] = ['wait', 'active'];

/** The hash's field that each of ours is read from. */
const HASH_FIELDS: Readonly<Record<JobField, string>> = {
  name: 'name',
  reason: 'failedReason',
  stack: 'stacktrace',
  data: 'data',
  about: 'data',
  attemptsMade: 'atm',
  addedAt: 'timestamp',
  priority: 'priority',
  finishedAt: 'finishedOn',
};

interface Place {
  readonly id: string;
  readonly state: JobState;
  /** Of a finished job the time of its end; null where it was not read. */
  readonly score: string | null;
}

/** Reads a selection from BullMQ's keys, at most 1,000 jobs at once. */
export class RedisSelectionReader implements SelectionReader {
  private readonly step = new StepSize(MAX_STEP);
  private readonly hashes: RedisJobFields;
  private fetched = FIRST_FETCH;

  constructor(
    private readonly client: Redis,
    private readonly prefix: string,
  ) {
    this.hashes = new RedisJobFields(client);
  }

  async walk(queue: string, state: JobState, options: WalkOptions): Promise<StateWalk> {
    const base = `${this.prefix}:${queue}:`;
    const span = [scoreBound(options.finished.from), scoreBound(options.finished.to)] as const;
    const parts = await Promise.all(
      keysOf(state).map(async (name) => {
        const size = await sizeScript.run(this.client, [base + name], span);
        return { key: base + name, total: z.number().parse(size) };
      }),
    );
    const walks = parts.map(({ key }) => this.walkKey({ key, queue, state, span, options }));
    return {
      total: parts.reduce((sum, { total }) => sum + total, 0),
      next: async (taken) => {
        let left = taken;
        for (let walk = walks[0]; walk !== undefined; walk = walks[0]) {
          const page = await walk(left);
          if (page.looked > 0) return page;
          walks.shift();
          left = 0;
        }
        return { jobs: [], looked: 0 };
      },
    };
  }

  async lookUp(queue: string, ids: readonly string[], fields: ReadonlySet<JobField>): Promise<SelectedJob[]> {
    const plan = planOf(fields, false);
    const out: SelectedJob[] = [];
    for (let at = 0; at < ids.length;) {
      const part = ids.slice(at, at + this.stepFor(fields));
      const [found] = await this.step.time(
        async () => placesShape.parse(await placesScript.run(this.client, [this.base(queue)], part)),
        (answer) => answer[1],
      );
      const places: Place[] = [];
      for (let index = 0; index < found.length; index += 3) {
        const state = JobState.parse(found[index + 1]);
        places.push({ id: found[index] ?? '', state, score: found[index + 2] ?? '' });
      }
      const jobs = isFetched(fields)
        ? await this.fetch(queue, places, plan)
        : places.map((place) => toJob(queue, place, [], plan));
      out.push(...jobs);
      at += part.length;
    }
    return out;
  }

  private walkKey({ key, queue, state, span, options }: KeyWalk): (taken: number) => Promise<WalkPage> {
    const base = this.base(queue);
    const isList = LISTS.includes(key.slice(base.length));
    const isNewest = options.order === 'newest';
    // Where hashes are read anyway, the end of a finished job is read there.
    const isFetching = isFetched(options.fields);
    const isScored = !isList && !isFetching;
    const plan = planOf(options.fields, true);
    let offset = 0;
    let before = 0;
    let anchor = { id: '', score: '' };
    const read = (rank: number): Reading => {
      const count = this.stepFor(options.fields);
      // The newest has the highest score of a set, and is at a list's head.
      const stretch = { key, rank, count, descending: isList !== isNewest };
      const rows = isFetching ? this.hashes.inStretch(base, stretch, plan.names) : undefined;
      // Whoever goes no further does not want to know how it ended.
      rows?.catch(() => undefined);
      return { count, rows };
    };
    let coming: Reading | undefined;
    return async (taken) => {
      const from = offset - taken;
      // Asked at once: mostly the jobs stand where they should, and what is missing is asked for after that.
      const { count, rows: reading } = coming ?? read(before + from);
      const args = [flag(isNewest), ...span, from, count, anchor.id, anchor.score, flag(isScored)];
      const [[began, found, , rank, lastScore], rows] = await Promise.all([
        this.step.time(
          async () => walkShape.parse(await walkScript.run(this.client, [key], args)),
          (answer) => answer[2],
        ),
        reading,
      ]);
      const places = isScored
        ? scoredPlaces(found, state)
        : found.map((id): Place => ({ id, state, score: null }));
      offset = began + places.length;
      before = rank - began;
      const last = places.at(-1);
      if (last !== undefined) anchor = { id: last.id, score: lastScore };
      // The server has the next ones ready while these are taken out of their bytes.
      coming = options.ahead && found.length > 0 ? read(before + offset) : undefined;
      const jobs = isFetching
        ? await this.fetch(queue, places, plan, rows)
        : places.map((place) => toJob(queue, place, [], plan));
      return { looked: places.length, jobs };
    };
  }

  /** The jobs at these places with what is wanted of them; those that are gone are left out. */
  private async fetch(
    queue: string,
    places: readonly Place[],
    plan: FetchPlan,
    read?: RowsById,
  ): Promise<SelectedJob[]> {
    const ids = places.map(({ id }) => id);
    const rows = await this.hashes.of(this.base(queue), ids, plan.names, read);
    let bytes = 0;
    const jobs: SelectedJob[] = [];
    for (const [index, values] of rows.entries()) {
      const place = places[index];
      // Every job has a name.
      if (place === undefined || values[0] == null) continue;
      for (const value of values) bytes += value?.length ?? 0;
      jobs.push(toJob(queue, place, values, plan));
    }
    if (jobs.length > 0) this.learn(bytes);
    return jobs;
  }

  private stepFor(fields: ReadonlySet<JobField>): number {
    return isFetched(fields) ? this.fetched : this.step.size;
  }

  private learn(bytes: number): void {
    this.fetched =
      bytes > MUCH
        ? Math.max(FEWEST, Math.floor(this.fetched / 4))
        : Math.min(MAX_STEP, this.fetched * (bytes > MUCH / 2 ? 1 : 2));
  }

  private base(queue: string): string {
    return `${this.prefix}:${queue}:`;
  }
}

/** Jobs that are being read with what is in them, if that is wanted. */
interface Reading {
  readonly count: number;
  readonly rows: Promise<RowsById | undefined> | undefined;
}

interface KeyWalk {
  readonly key: string;
  readonly queue: string;
  readonly state: JobState;
  readonly span: readonly [string, string];
  readonly options: WalkOptions;
}

/** Which hash fields are read, and where each of ours stands among them. */
interface FetchPlan {
  readonly names: readonly string[];
  readonly at: Readonly<Partial<Record<JobField, number>>>;
}

/** @param readsEnd whether no score says when a job ended */
const planOf = (fields: ReadonlySet<JobField>, readsEnd: boolean): FetchPlan => {
  const wanted = new Set<JobField>(['name', ...fields]);
  if (readsEnd) wanted.add('finishedAt');
  else wanted.delete('finishedAt');
  const names = [...new Set([...wanted].map((field) => HASH_FIELDS[field]))];
  const at = Object.fromEntries([...wanted].map((field) => [field, names.indexOf(HASH_FIELDS[field])]));
  return { names, at };
};

const isFetched = (fields: ReadonlySet<JobField>): boolean =>
  [...fields].some((field) => field !== 'finishedAt');

const flag = (is: boolean): number => (is ? 1 : 0);

const scoredPlaces = (found: readonly string[], state: JobState): Place[] => {
  const places: Place[] = [];
  for (let index = 0; index < found.length; index += 2) {
    places.push({ id: found[index] ?? '', state, score: found[index + 1] ?? '' });
  }
  return places;
};

/** A text beyond this is cut before it is decoded: no character takes more bytes. */
const BYTES_A_CHARACTER = 3;

const textOf = (bytes: Buffer | null, most = Infinity): string | null => {
  if (bytes === null) return null;
  const text = bytes.toString('utf8', 0, Math.min(bytes.length, most * BYTES_A_CHARACTER));
  return text.length > most ? text.slice(0, most) : text;
};

const numberOf = (bytes: Buffer | null): number | null => numberOrNull(textOf(bytes));

const timeOf = (bytes: Buffer | null): number | null => timeOrNull(textOf(bytes));

const valueAt = (values: FieldBytes, index: number | undefined): Buffer | null =>
  index === undefined ? null : (values[index] ?? null);

const toJob = (
  queue: string,
  { id, state, score }: Place,
  values: FieldBytes,
  { at }: FetchPlan,
): SelectedJob => {
  const stacks = valueAt(values, at.stack);
  const about = valueAt(values, at.about);
  const end = score === null ? timeOf(valueAt(values, at.finishedAt)) : timeOrNull(score);
  return {
    queue,
    id,
    state,
    name: textOf(valueAt(values, at.name)) ?? '',
    reason: textOf(valueAt(values, at.reason), MAX_REASON),
    attemptsMade: numberOf(valueAt(values, at.attemptsMade)) ?? 0,
    addedAt: timeOf(valueAt(values, at.addedAt)) ?? 0,
    finishedAt: state === 'failed' || state === 'completed' ? end : null,
    priority: numberOf(valueAt(values, at.priority)) ?? 0,
    data: textOf(valueAt(values, at.data)),
    stack: stacks === null ? null : lastStack(stacks),
    about: about === null ? null : aboutOf(about),
  };
};
