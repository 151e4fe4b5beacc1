import type { Download, TableFormat } from '@shared/contract/common';
import type { FailureGroup } from '@shared/contract/failures';
import type { JobSummary } from '@shared/contract/queues';
import { QueueName } from '@shared/domain/queues';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../../activity/audit';
import { elapsed } from '../../elapsed';
import type { Engine } from '../../engine/engine';
import type { FileExchange } from '../../files/exchange';
import { offerTable, TABLE_BATCH_ROWS, type TableRows } from '../../files/table-file';
import { yieldNow, Yielder } from '../yielder';
import { FailureIndex } from './failure-index';
import { groupFailures } from './groups';

const MAX_GROUPS = 500;
/** Listeners hear of changes at most this often. */
const TELL_MS = 1_000;
/** Without an event it is read again after so many ms all the same: events may be lost. */
const STALE_MS = 5_000;
/** Nobody has asked for so long: what is remembered is let go. */
const IDLE_MS = 600_000;
const PAGE = 200;

export interface FailuresDependencies {
  readonly engine: Pick<Engine, 'selection' | 'failedJobs' | 'onChanges' | 'queues'>;
  readonly files: FileExchange;
  readonly audit: Audit;
  readonly now?: () => number;
}

export interface FailureGroups {
  readonly total: number;
  readonly causes: number;
  readonly trendFrom: string;
  readonly trendStepMs: number;
  readonly groups: FailureGroup[];
}

/** Failed jobs by why they failed, over all queues. */
export class FailuresService {
  private readonly indexes = new Map<QueueName, FailureIndex>();
  private readonly readAt = new Map<QueueName, number>();
  private readonly changed = new Set<QueueName>();
  private readonly stopListening: () => void;
  private readonly now: () => number;
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly deps: FailuresDependencies) {
    this.now = deps.now ?? Date.now;
    this.stopListening = deps.engine.onChanges((changes) => {
      for (const { queue } of changes) this.changed.add(queue);
    });
  }

  close(): void {
    this.stopListening();
    clearTimeout(this.idle);
  }

  async groups(queue?: string): Promise<FailureGroups> {
    const indexes = await this.fresh(queue);
    const queues = indexes.map((index) => ({
      queue: index.queue,
      all: () => index.all(),
      label: (id: string) => index.label(id),
    }));
    const { total, trendFrom, trendStepMs, groups } = await groupFailures(queues, this.now(), new Yielder());
    return {
      total,
      causes: groups.length,
      trendFrom: new Date(trendFrom).toISOString(),
      trendStepMs,
      groups: groups.slice(0, MAX_GROUPS),
    };
  }

  /** Failed jobs of one cause, the latest first. */
  async jobs(
    cause: string,
    queue: string | undefined,
    start: number,
    count: number,
  ): Promise<{ total: number; jobs: JobSummary[] }> {
    const found = await this.ofCause(cause, queue);
    return { total: found.length, jobs: await this.summaries(found.slice(start, start + count)) };
  }

  async exportJobs(
    { cause, queue, format }: { cause: string | undefined; queue: string | undefined; format: TableFormat },
    actor: Actor,
  ): Promise<Download> {
    const found = await this.ofCause(cause, queue);
    const file = await offerTable(
      this.deps.files,
      {
        name: 'Failed jobs',
        sheet: 'Failed jobs',
        widths: [20, 24, 24, 70, 10, 22, 22, 40],
        rows: this.rows(found),
      },
      format,
    );
    await this.deps.audit({
      actor,
      action: 'failures.export',
      target: cause ?? null,
      detail: { jobs: found.length, format },
    });
    return file;
  }

  /** Calls back when groups may have changed, at most once a second, until the answer is called. */
  watch(listener: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const stop = this.deps.engine.onChanges(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        listener();
      }, TELL_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }

  private async fresh(queue: string | undefined): Promise<FailureIndex[]> {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.indexes.clear(), IDLE_MS).unref();
    const wanted = this.deps.engine.queues().filter((name) => queue === undefined || name === queue);
    return Promise.all(
      wanted.map(async (name) => {
        let index = this.indexes.get(name);
        if (index === undefined) {
          index = new FailureIndex(this.deps.engine.selection, name);
          this.indexes.set(name, index);
          this.changed.add(name);
        }
        const age = elapsed(this.readAt.get(name) ?? 0, this.now());
        if (this.changed.delete(name) || age > STALE_MS) {
          try {
            await index.refresh();
            this.readAt.set(name, this.now());
          } catch (error) {
            this.changed.add(name);
            throw error;
          }
        } else {
          // Who asked a moment ago took the news along: it is theirs as well.
          await index.underWay;
        }
        return index;
      }),
    );
  }

  private async ofCause(cause: string | undefined, queue: string | undefined): Promise<Place[]> {
    const found: Place[] = [];
    const pace = new Yielder();
    for (const index of await this.fresh(queue)) {
      const name = QueueName.parse(index.queue);
      for (const [id, entry] of index.all()) {
        if (cause === undefined || entry.cause.fingerprint === cause) {
          found.push({ queue: name, id, at: entry.finishedAt });
          if (found.length % PAGE === 0 && pace.isDue()) await yieldNow(pace);
        }
      }
    }
    return found.sort((a, b) => b.at - a.at);
  }

  /** In the order given. */
  private async summaries(places: readonly Place[]): Promise<JobSummary[]> {
    const byKey = new Map<string, JobSummary>();
    for (const queue of new Set(places.map((place) => place.queue))) {
      const ids = places.filter((place) => place.queue === queue).map(({ id }) => id);
      for (let at = 0; at < ids.length; at += PAGE) {
        for (const job of await this.deps.engine.failedJobs(queue, ids.slice(at, at + PAGE))) {
          byKey.set(`${queue}:${job.id}`, job);
        }
      }
    }
    return places.map(({ queue, id }) => byKey.get(`${queue}:${id}`)).filter((job) => job !== undefined);
  }

  private async *rows(places: readonly Place[]): TableRows {
    yield [['Queue', 'Id', 'Name', 'What went wrong', 'Attempts', 'Added', 'Failed', 'About']];
    for (let at = 0; at < places.length; at += TABLE_BATCH_ROWS) {
      const jobs = await this.summaries(places.slice(at, at + TABLE_BATCH_ROWS));
      yield jobs.map((job) => [
        job.queue,
        job.id,
        job.name,
        job.failedReason ?? '',
        job.attemptsMade,
        job.createdAt,
        job.finishedAt ?? '',
        job.subject ?? '',
      ]);
    }
  }
}

interface Place {
  readonly queue: QueueName;
  readonly id: string;
  readonly at: number;
}
