import {
  MAX_LISTED_JOBS,
  type SearchFilter,
  type SearchNews,
  type SearchPlace,
} from '@shared/contract/searches';
import type { JobSummary } from '@shared/contract/queues';
import type { JobState, QueueName } from '@shared/domain/queues';
import type { Engine } from '../../engine/engine';
import type { Batch, SelectedJob } from '../../engine/selection';
import { JobCache } from './job-cache';
import { Yielder } from '../yielder';

export type SearchEngine = Pick<Engine, 'queues' | 'selection' | 'snapshot' | 'jobsNamed' | 'onChanges'>;

/** What most people look for comes first. */
const STATE_ORDER: readonly JobState[] = [
  'active',
  'failed',
  'waiting',
  'delayed',
  'waiting-children',
  'completed',
];
/** Places that are read at once: the engine has the next question while an answer is looked through. */
const AT_ONCE = 3;
/** Jobs that are read anew at once, before they are listed. */
const LISTED_AT_ONCE = 200;
/** Ms between two words where nothing was found. */
const NEWS_MS = 100;

interface PlaceRun {
  readonly queue: QueueName;
  readonly state: JobState;
  readonly total: number;
  scanned: number;
  over: boolean;
  /** What matches and has not been listed yet. */
  readonly waiting: SelectedJob[];
}

export interface SearchOptions {
  readonly signal: AbortSignal;
  readonly onNews: (news: SearchNews) => void;
}

/** One search: place after place, the newest first; what it lists is read from the queue at that moment. */
export class Search {
  private places: PlaceRun[] = [];
  private found = 0;
  private listed = 0;
  private remembered = 0;
  private listing: Promise<void> = Promise.resolve();
  private spoke = 0;
  private readonly began = performance.now();

  constructor(
    private readonly engine: SearchEngine,
    private readonly cache: JobCache,
    private readonly filter: SearchFilter,
    private readonly options: SearchOptions,
  ) {}

  /** Resolves when everything was looked at, or the search was stopped. */
  async run(): Promise<void> {
    const serves = JobCache.serves(this.filter);
    if (serves) await Promise.all(this.queues().map((queue) => this.cache.refresh(queue)));
    this.places = await this.countPlaces();
    const left = [...this.places];
    const work = async (): Promise<void> => {
      for (let place = left.shift(); place !== undefined; place = left.shift()) {
        if (this.stopped) return;
        if (!serves || !(await this.recall(place))) await this.read(place);
        place.over = true;
        this.listSoon();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await this.listing;
    if (!this.stopped) this.say([], true);
  }

  private get stopped(): boolean {
    return this.options.signal.aborted;
  }

  private queues(): QueueName[] {
    const { queues: meant } = this.filter;
    const queues = this.engine.queues();
    return meant === undefined ? [...queues] : queues.filter((queue) => meant.includes(queue));
  }

  private async countPlaces(): Promise<PlaceRun[]> {
    const states = STATE_ORDER.filter((state) => this.filter.states?.includes(state) ?? true);
    const snapshots = await this.engine.snapshot();
    const places = states.flatMap((state) =>
      this.queues().map((queue): PlaceRun => {
        const counts = snapshots.find((each) => each.queue === queue)?.counts;
        const total = counts?.[state === 'waiting-children' ? 'waitingChildren' : state] ?? 0;
        return { queue, state, total, scanned: 0, over: false, waiting: [] };
      }),
    );
    await Promise.all(places.map(({ queue, state, total }) => this.cache.settle(queue, state, total)));
    return places.filter(({ total }) => total > 0);
  }

  /** From what is remembered; false where that is not all. */
  private async recall(place: PlaceRun): Promise<boolean> {
    const { signal } = this.options;
    const known = await this.cache.matching(place.queue, place.state, this.filter, new Yielder(signal));
    if (known === undefined) return false;
    place.scanned = known.looked;
    this.remembered += known.looked;
    this.take(place, known.jobs);
    return true;
  }

  private async read(place: PlaceRun): Promise<void> {
    const { queue, state } = place;
    const { signal } = this.options;
    const whole = { queues: [queue], states: [state] };
    if (!JobCache.serves(this.filter) || this.isNarrow()) {
      const options = { signal, ahead: true, onBatch: this.taker(place) };
      await this.engine.selection.scan({ ...this.filter, ...whole }, options);
      return;
    }
    // All of the place is read, and looked through here: the next search has it.
    const record = this.cache.recorder(place, this.filter);
    let isWhole = false;
    try {
      const { complete } = await this.engine.selection.scan(whole, {
        signal,
        fields: record.fields,
        ahead: true,
        onBatch: ({ jobs, coverage }) => {
          place.scanned = coverage.scanned;
          this.take(place, record.add(jobs));
          return undefined;
        },
      });
      isWhole = complete;
    } finally {
      record.end(isWhole);
    }
  }

  /** Decided without a payload: reading all of it for the next search would cost more than it saves. */
  private isNarrow(): boolean {
    const { text, words, paths, error, finishedAt } = this.filter;
    const looksInside =
      text !== undefined || words !== undefined || paths !== undefined || error !== undefined;
    return !looksInside || finishedAt !== undefined;
  }

  private taker(place: PlaceRun): (batch: Batch) => undefined {
    return ({ jobs, coverage }) => {
      place.scanned = coverage.scanned;
      this.take(place, jobs);
      return undefined;
    };
  }

  private take(place: PlaceRun, jobs: readonly SelectedJob[]): void {
    this.found += jobs.length;
    const room = MAX_LISTED_JOBS - this.listed - place.waiting.length;
    if (room > 0 && jobs.length > 0) {
      place.waiting.push(...jobs.slice(0, room));
      this.listSoon();
    } else if (performance.now() - this.spoke >= NEWS_MS) this.say([]);
  }

  private listSoon(): void {
    this.listing = this.listing.then(() => this.list());
  }

  /** Lists what was found, in the order of the places: those that are read ahead wait for their turn. */
  private async list(): Promise<void> {
    for (const place of this.places) {
      while (place.waiting.length > 0 && this.listed < MAX_LISTED_JOBS && !this.stopped) {
        const room = Math.min(LISTED_AT_ONCE, MAX_LISTED_JOBS - this.listed);
        const part = place.waiting.splice(0, room);
        const jobs = await this.readAnew(place, part);
        this.listed += jobs.length;
        this.say(jobs);
      }
      if (!place.over) return;
    }
  }

  /** As they are now. What has gone or moved on since it was found is not what was searched for. */
  private async readAnew(place: PlaceRun, found: readonly SelectedJob[]): Promise<JobSummary[]> {
    const jobs = await this.engine.jobsNamed(
      place.queue,
      found.map(({ id }) => id),
    );
    const still = jobs.filter(({ state }) => state === place.state);
    this.found -= found.length - still.length;
    return still;
  }

  private say(jobs: readonly JobSummary[], complete = false): void {
    if (this.stopped) return;
    this.spoke = performance.now();
    const sum = (pick: (place: PlaceRun) => number): number =>
      this.places.reduce((total, place) => total + pick(place), 0);
    this.options.onNews({
      jobs: [...jobs],
      found: this.found,
      scanned: sum(({ scanned }) => scanned),
      total: sum(({ scanned, total }) => Math.max(scanned, total)),
      places: this.places.map(placeOf),
      remembered: this.remembered,
      ms: Math.round(performance.now() - this.began),
      complete,
    });
  }
}

const placeOf = ({ queue, state, scanned, total }: PlaceRun): SearchPlace => ({
  queue,
  state,
  scanned,
  total: Math.max(scanned, total),
});
