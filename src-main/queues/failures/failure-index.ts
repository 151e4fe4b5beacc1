import { causeReader } from '@shared/domain/failure-cause';
import type { Engine } from '../../engine/engine';
import type { JobField, SelectedJob } from '../../engine/selection';

/** What is remembered of a failed job. */
export interface FailureEntry {
  readonly cause: Cause;
  readonly finishedAt: number;
  readonly name: string;
  readonly campaignId: string | null;
  readonly importId: string | null;
}

export interface Cause {
  readonly fingerprint: string;
  readonly title: string;
}

const FIELDS: readonly JobField[] = ['name', 'reason', 'stack', 'about'];
const NAMED_AT_ONCE = 1_000;

const endOf = ({ finishedAt }: SelectedJob): number => finishedAt ?? 0;

/**
 * The failed jobs of one queue with their causes, kept up to date: only what failed since is read, and what is
 * gone is noticed by the count. The truth stays in the queue: nothing here is ever written.
 */
export class FailureIndex {
  private readonly entries = new Map<string, FailureEntry>();
  /** Counted among the failed, but without data: the engine evicted it. Known, so that it is not looked for for ever. */
  private readonly gone = new Map<string, number>();
  private readonly causes = new Map<string, Cause>();
  private readonly texts = new Map<string, string>();
  private readonly labels = new Map<string, string>();
  private readonly causeOf = causeReader();
  private running: Promise<void> | undefined;

  constructor(
    private readonly selection: Engine['selection'],
    readonly queue: string,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  all(): IterableIterator<[string, FailureEntry]> {
    return this.entries.entries();
  }

  /** What people call a campaign or an import. */
  label(id: string): string | null {
    return this.labels.get(id) ?? null;
  }

  /** What is being read now; undefined while nothing is. */
  get underWay(): Promise<void> | undefined {
    return this.running;
  }

  /** Reads what changed up to this moment: a reading that began before may have missed it. */
  refresh(): Promise<void> {
    const before = this.running;
    const reading =
      before === undefined ? this.read() : before.catch(() => undefined).then(() => this.read());
    const running = reading.finally(() => {
      if (this.running === running) this.running = undefined;
    });
    this.running = running;
    return running;
  }

  private async read(): Promise<void> {
    const failed = { queues: [this.queue], states: ['failed' as const] };
    if (this.entries.size === 0) {
      await this.selection.scan(failed, {
        fields: FIELDS,
        ahead: true,
        onBatch: ({ jobs }) => this.take(jobs),
      });
      return;
    }
    await this.readNewest();
    if ((await this.selection.count(failed)) !== this.entries.size + this.gone.size) await this.sweep();
  }

  /** A new failure ended after all others: where nothing is new any more, the older ones are known. */
  private async readNewest(): Promise<void> {
    const unknown: SelectedJob[] = [];
    await this.selection.scan(
      { queues: [this.queue], states: ['failed'] },
      {
        order: 'newest',
        onBatch: ({ jobs }) => {
          const fresh = jobs.filter((job) => !this.knows(job));
          unknown.push(...fresh);
          return { stop: fresh.length === 0 };
        },
      },
    );
    await this.readNamed(unknown);
  }

  /** All ids once more: what is gone is forgotten. */
  private async sweep(): Promise<void> {
    const there = new Set<string>();
    const unknown: SelectedJob[] = [];
    await this.selection.scan(
      { queues: [this.queue], states: ['failed'] },
      {
        ahead: true,
        onBatch: ({ jobs }) => {
          for (const job of jobs) {
            there.add(job.id);
            if (!this.knows(job)) unknown.push(job);
          }
          return undefined;
        },
      },
    );
    for (const known of [this.entries, this.gone])
      for (const id of known.keys()) if (!there.has(id)) known.delete(id);
    await this.readNamed(unknown);
  }

  private knows(job: SelectedJob): boolean {
    const at = endOf(job);
    return this.entries.get(job.id)?.finishedAt === at || this.gone.get(job.id) === at;
  }

  private async readNamed(unknown: readonly SelectedJob[]): Promise<void> {
    for (let at = 0; at < unknown.length; at += NAMED_AT_ONCE) {
      const part = unknown.slice(at, at + NAMED_AT_ONCE);
      const found = new Set<string>();
      await this.selection.scan(
        { jobs: part.map(({ id }) => ({ queue: this.queue, id })), states: ['failed'] },
        {
          fields: FIELDS,
          onBatch: ({ jobs }) => {
            for (const { id } of jobs) found.add(id);
            this.take(jobs);
            return undefined;
          },
        },
      );
      for (const job of part) if (!found.has(job.id)) this.forget(job);
    }
  }

  /** It has moved on, which the next count tells, or nothing but its id is left. */
  private forget(job: SelectedJob): void {
    this.entries.delete(job.id);
    this.gone.set(job.id, endOf(job));
  }

  private take(jobs: readonly SelectedJob[]): undefined {
    for (const job of jobs) {
      const { id, name, reason, stack, about } = job;
      const read = this.causeOf(reason, stack);
      // One object a cause: there are thousands of entries and few causes.
      const cause = this.causes.get(read.fingerprint) ?? read;
      this.causes.set(read.fingerprint, cause);
      const campaignId = this.same(about?.campaignId ?? null);
      const importId = this.same(about?.importId ?? null);
      const subject = campaignId ?? importId;
      if (subject !== null && about?.label != null) this.labels.set(subject, about.label);
      this.gone.delete(id);
      this.entries.set(id, {
        cause,
        finishedAt: endOf(job),
        name: this.same(name) ?? '',
        campaignId,
        importId,
      });
    }
    return undefined;
  }

  /** One text for all that are equal: each would hold on to the payload that it was cut from. */
  private same(text: string | null): string | null {
    if (text === null) return null;
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, text);
    return text;
  }
}
