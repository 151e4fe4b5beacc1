import type { QueueName } from '@shared/domain/queues';
import { elapsed } from '../elapsed';
import type { Engine, FailedLately } from '../engine/engine';

/** What is asked of a queue's failures. */
export interface FailureQuestion {
  /** Names the question over several looks. */
  readonly key: string;
  readonly queue: QueueName;
  /** Failed jobs that the queue has now. */
  readonly standing: number;
  readonly since: Date;
  /** `since` moves on with the time: what was counted drops out by and by. */
  readonly moves: boolean;
}

interface Known {
  readonly answer: FailedLately;
  readonly standing: number;
  readonly since: number;
  readonly at: number;
}

/** However quiet it is, the truth is asked anew after this long, in ms. */
const TRUTH_MS = 60_000;
export const NO_FAILURES: FailedLately = { failed: 0, newestAt: null, reason: null };

/**
 * How many jobs failed since when and still stand as failed. The engine is asked only where something may have
 * changed: a queue without failed jobs, or one in which nothing has failed since the last answer, costs no command.
 */
export class FailureCounts {
  private readonly known = new Map<string, Known>();
  private readonly stirred = new Set<QueueName>();
  private readonly stop: () => void;

  constructor(
    private readonly engine: Pick<Engine, 'failedSince' | 'onChanges'>,
    private readonly now: () => number,
  ) {
    this.stop = engine.onChanges((changes) => {
      for (const { queue, failed } of changes) if (failed > 0) this.stirred.add(queue);
    });
  }

  close(): void {
    this.stop();
  }

  /** The answers in the order of the questions. Rejects where the engine does not answer. */
  async ask(questions: readonly FailureQuestion[]): Promise<FailedLately[]> {
    const open = questions.filter((question) => question.standing > 0 && !this.isKnown(question));
    const stirred = [...this.stirred];
    this.stirred.clear();
    try {
      const answers = await this.engine.failedSince(open);
      for (const [index, { key, standing, since }] of open.entries()) {
        const answer = answers[index] ?? NO_FAILURES;
        this.known.set(key, { answer, standing, since: since.getTime(), at: this.now() });
      }
    } catch (error) {
      for (const queue of stirred) this.stirred.add(queue);
      throw error;
    }
    const keys = new Set(questions.map(({ key }) => key));
    for (const key of this.known.keys()) if (!keys.has(key)) this.known.delete(key);
    return questions.map(({ key, standing }) =>
      standing === 0 ? NO_FAILURES : (this.known.get(key)?.answer ?? NO_FAILURES),
    );
  }

  private isKnown({ key, queue, standing, since, moves }: FailureQuestion): boolean {
    const known = this.known.get(key);
    if (known === undefined || this.stirred.has(queue)) return false;
    if (known.standing !== standing || elapsed(known.at, this.now()) > TRUTH_MS) return false;
    return moves ? known.answer.failed === 0 : known.since === since.getTime();
  }
}
