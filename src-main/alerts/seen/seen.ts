import type { Actor } from '@shared/rpc/define';
import type { QueueName } from '@shared/domain/queues';
import type { Engine } from '../../engine/engine';
import type { UnseenFailures } from '../sources';
import type { FailuresSeenRepository } from './repository';

export interface FailuresSeenParts {
  readonly repository: FailuresSeenRepository;
  readonly engine: Pick<Engine, 'snapshot' | 'failedSince'>;
  /** Whose eyes these are. */
  readonly person: () => Pick<Actor, 'organizationId' | 'userId'>;
}

/**
 * Which failures somebody has looked at. A mark is the time of the newest failure that stood when the failures of its
 * queue were on the screen, by the clock of the worker that ended it: clocks of other machines do not matter. It is
 * kept for each person over restarts; while the database is away it holds for this run.
 */
export class FailuresSeen {
  private known: ReadonlyMap<string, Date> = new Map();
  private counts: readonly UnseenFailures[] = [];

  constructor(private readonly parts: FailuresSeenParts) {}

  marks(): ReadonlyMap<string, Date> {
    return this.known;
  }

  unseen(): readonly UnseenFailures[] {
    return this.counts;
  }

  found(unseen: readonly UnseenFailures[]): void {
    this.counts = unseen;
  }

  /** Takes over the marks that stand in the database. */
  async read(): Promise<void> {
    this.merge(await this.parts.repository.marks(this.parts.person()));
  }

  /** Somebody looks at the failures of these queues now; undefined is all. */
  async look(queues?: readonly string[]): Promise<void> {
    const { engine, repository, person } = this.parts;
    const standing = (await engine.snapshot())
      .filter(({ queue, counts }) => counts.failed > 0 && (queues === undefined || queues.includes(queue)))
      .map(({ queue }): QueueName => queue);
    const found = await engine.failedSince(standing.map((queue) => ({ queue, since: new Date(0) })));
    const marks = standing.flatMap((queue, index) => {
      const seenAt = found[index]?.newestAt ?? null;
      return seenAt === null ? [] : [{ queue, seenAt }];
    });
    this.merge(new Map(marks.map(({ queue, seenAt }) => [queue, seenAt])));
    await repository.mark(person(), marks);
  }

  /** The later mark of each queue stands. */
  private merge(more: ReadonlyMap<string, Date>): void {
    const all = new Map(this.known);
    for (const [queue, date] of more) {
      const before = all.get(queue);
      if (before === undefined || before < date) all.set(queue, date);
    }
    this.known = all;
  }
}
