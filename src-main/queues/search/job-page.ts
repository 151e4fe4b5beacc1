import type { CompiledFilter } from '@shared/domain/job-filter';
import type { SelectedJob } from '../../engine/selection';

/** Characters of a page at most; a single job may have more. */
const MAX_PAGE = 2_000_000;
/** Between two texts. No JSON has it, and no letter's lower case depends on it. */
const GAP = '\0';

/** A job whose texts stand in a page. */
export class PackedJob implements SelectedJob {
  readonly queue;
  readonly id;
  readonly state;
  readonly attemptsMade;
  readonly addedAt;
  readonly finishedAt;
  readonly priority;
  readonly stack = null;
  readonly about = null;
  private readonly nameLength: number;
  private readonly reasonLength: number | null;
  private readonly dataLength: number | null;

  constructor(
    job: SelectedJob,
    readonly page: JobPage,
    /** Where its texts begin. */
    readonly from: number,
  ) {
    this.queue = job.queue;
    this.id = job.id;
    this.state = job.state;
    this.attemptsMade = job.attemptsMade;
    this.addedAt = job.addedAt;
    this.finishedAt = job.finishedAt;
    this.priority = job.priority;
    this.nameLength = job.name.length;
    this.reasonLength = job.reason?.length ?? null;
    this.dataLength = job.data?.length ?? null;
  }

  get name(): string {
    return this.part(this.id.length + 1, this.nameLength);
  }

  get reason(): string | null {
    if (this.reasonLength === null) return null;
    return this.part(this.id.length + this.nameLength + 2, this.reasonLength);
  }

  get data(): string | null {
    if (this.dataLength === null) return null;
    return this.part(this.id.length + this.nameLength + (this.reasonLength ?? 0) + 3, this.dataLength);
  }

  private part(at: number, length: number): string {
    return this.page.text.slice(this.from + at, this.from + at + length);
  }
}

/**
 * Jobs with their texts in one long text: it is looked through as a whole, and a hundred thousand texts that stay
 * would be moved about in memory again and again while others are read. Stack and subject are not kept.
 */
export class JobPage {
  readonly text: string;
  readonly jobs: readonly PackedJob[];

  constructor(jobs: readonly SelectedJob[]) {
    const texts = jobs.map(textOf);
    this.text = texts.join('');
    let from = 0;
    this.jobs = jobs.map((job, index) => {
      const packed = new PackedJob(job, this, from);
      from += texts[index]?.length ?? 0;
      return packed;
    });
  }

  /** In their order, in pages none of which is too long. */
  static *of(jobs: readonly SelectedJob[]): Generator<JobPage> {
    let first = 0;
    let characters = 0;
    for (const [index, job] of jobs.entries()) {
      const more = job.data?.length ?? 0;
      if (characters + more > MAX_PAGE && index > first) {
        yield new JobPage(jobs.slice(first, index));
        first = index;
        characters = 0;
      }
      characters += more;
    }
    if (first < jobs.length) yield new JobPage(jobs.slice(first));
  }

  /** Those that match. */
  matching(filter: CompiledFilter): PackedJob[] {
    const likely = filter.places === undefined ? this.jobs : this.at(filter.places);
    return likely.filter((job) => filter.matches(job));
  }

  /** The jobs in whose texts a pattern finds something, or between them. */
  private at(places: RegExp): PackedJob[] {
    const found: PackedJob[] = [];
    let index = 0;
    places.lastIndex = 0;
    for (let place = places.exec(this.text); place !== null; place = places.exec(this.text)) {
      while (this.startOf(index + 1) <= place.index) index += 1;
      const job = this.jobs[index];
      if (job !== undefined) found.push(job);
      places.lastIndex = this.startOf(index + 1);
    }
    return found;
  }

  private startOf(index: number): number {
    return this.jobs[index]?.from ?? this.text.length;
  }
}

const textOf = ({ id, name, reason, data }: SelectedJob): string =>
  `${id}${GAP}${name}${GAP}${reason ?? ''}${GAP}${data ?? ''}${GAP}`;
