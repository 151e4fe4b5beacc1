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

/**
 * The failed jobs of one queue with their causes, kept up to date: only what failed since is read, and what is
 * gone is noticed by the count. The truth stays in the queue: nothing here is ever written.
 */
export class FailureIndex {
  private readonly entries = new Map<string, FailureEntry>();
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
    if ((await this.selection.count(failed)) !== this.entries.size) await this.sweep();
  }

  /** A new failure ended after all others: where nothing is new any more, the older ones are known. */
  private async readNewest(): Promise<void> {
    const unknown: string[] = [];
    await this.selection.scan(
      { queues: [this.queue], states: ['failed'] },
      {
        order: 'newest',
        onBatch: ({ jobs }) => {
          const fresh = jobs.filter((job) => this.entries.get(job.id)?.finishedAt !== job.finishedAt);
          unknown.push(...fresh.map(({ id }) => id));
          return { stop: fresh.length === 0 };
        },
      },
    );
    await this.readNamed(unknown);
  }

  /** All ids once more: what is gone is forgotten. */
  private async sweep(): Promise<void> {
    const there = new Set<string>();
    const unknown: string[] = [];
    await this.selection.scan(
      { queues: [this.queue], states: ['failed'] },
      {
        ahead: true,
        onBatch: ({ jobs }) => {
          for (const { id, finishedAt } of jobs) {
            there.add(id);
            if (this.entries.get(id)?.finishedAt !== finishedAt) unknown.push(id);
          }
          return undefined;
        },
      },
    );
    for (const id of this.entries.keys()) if (!there.has(id)) this.entries.delete(id);
    await this.readNamed(unknown);
  }

  private async readNamed(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += NAMED_AT_ONCE) {
      const jobs = ids.slice(at, at + NAMED_AT_ONCE).map((id) => ({ queue: this.queue, id }));
      const take = {
        fields: FIELDS,
        onBatch: (batch: { jobs: readonly SelectedJob[] }) => this.take(batch.jobs),
      };
      await this.selection.scan({ jobs, states: ['failed'] }, take);
    }
  }

  private take(jobs: readonly SelectedJob[]): undefined {
    for (const { id, name, reason, stack, finishedAt, about } of jobs) {
      const read = this.causeOf(reason, stack);
      // One object a cause: there are thousands of entries and few causes.
      const cause = this.causes.get(read.fingerprint) ?? read;
      this.causes.set(read.fingerprint, cause);
      const campaignId = this.same(about?.campaignId ?? null);
      const importId = this.same(about?.importId ?? null);
      const subject = campaignId ?? importId;
      if (subject !== null && about?.label != null) this.labels.set(subject, about.label);
      this.entries.set(id, {
        cause,
        finishedAt: finishedAt ?? 0,
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
