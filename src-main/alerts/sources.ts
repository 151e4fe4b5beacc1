import type { AlertRule } from '@shared/contract/alerts';
import type { Overview } from '@shared/contract/queues';
import type { QueueName } from '@shared/domain/queues';
import type { Engine, FailedLately } from '../engine/engine';
import type { EngineVitals } from '../engine/vitals';
import { FailureCounts, type FailureQuestion } from './failure-counts';
import type { StoppedCampaign } from './incidents/repository';
import type { Lately, Picture, QueueFigures } from './picture';

export interface SourceParts {
  readonly engine: Pick<Engine, 'label' | 'health' | 'onChanges' | 'failedSince'>;
  /** As read at most so many ms ago; null where the engine does not answer. */
  readonly overview: (maxAgeMs: number) => Promise<Overview | null>;
  /** What ended on a queue within the last seconds, as far as it was watched. */
  readonly measured: (
    queue: QueueName,
    seconds: number,
  ) => { readonly observedSeconds: number; readonly completed: number };
  readonly vitals: (maxAgeMs: number) => Promise<EngineVitals | null>;
  /** Null where the database is away. */
  readonly stoppedCampaigns: () => Promise<readonly StoppedCampaign[] | null>;
  readonly now: () => number;
  readonly report: (what: string, error: unknown) => void;
}

/** What a look found: the picture for the rules, and what was asked besides. */
export interface Look {
  readonly picture: Picture;
  /** Failures since somebody looked; null where it is not known. */
  readonly unseen: readonly UnseenFailures[] | null;
}

export interface UnseenFailures {
  readonly queue: QueueName;
  readonly failed: number;
}

/** The recorder of the engine's health reads once a minute. */
const VITALS_AGE_MS = 90_000;
const MINUTE_SECONDS = 60;
const SECOND_MS = 1_000;

/** Gathers what the rules need, from what the console has read anyway wherever it has. */
export class AlertSources {
  private readonly failures: FailureCounts;

  constructor(private readonly parts: SourceParts) {
    this.failures = new FailureCounts(parts.engine, parts.now);
  }

  close(): void {
    this.failures.close();
  }

  /** Never rejects: what cannot be read is null. `marks`: up to when somebody has looked at a queue's failures. */
  async look(rules: readonly AlertRule[], marks: ReadonlyMap<string, Date>, maxAgeMs: number): Promise<Look> {
    const { engine, now } = this.parts;
    const asks = (...kinds: readonly AlertRule['condition']['kind'][]): boolean =>
      rules.some(({ condition }) => kinds.includes(condition.kind));
    const [overview, vitals, campaigns] = await Promise.all([
      this.orNull('read the queues', this.parts.overview(maxAgeMs)),
      asks('memory', 'memory-size') ? this.orNull('read the memory', this.parts.vitals(VITALS_AGE_MS)) : null,
      asks('campaign-stopped')
        ? this.orNull('read the stopped campaigns', this.parts.stoppedCampaigns())
        : null,
    ]);
    const counted =
      overview && (await this.orNull('count failures', this.count(overview, windowsOf(rules), marks)));
    const picture: Picture = {
      at: now(),
      engine: { label: engine.label, health: engine.health() },
      queues: counted?.queues ?? null,
      vitals,
      campaigns,
    };
    return { picture, unseen: counted?.unseen ?? null };
  }

  /** A rule whose figure is missing says "not known"; why it is missing has to be said as well. */
  private async orNull<T>(what: string, reading: Promise<T>): Promise<T | null> {
    try {
      return await reading;
    } catch (error) {
      this.parts.report(`${what} for the alerts`, error);
      return null;
    }
  }

  private async count(
    { queues }: Overview,
    windows: readonly number[],
    marks: ReadonlyMap<string, Date>,
  ): Promise<{ queues: QueueFigures[]; unseen: UnseenFailures[] }> {
    const questions = queues.flatMap(({ name, counts }): FailureQuestion[] => {
      const ask = (key: string, since: number, moves: boolean): FailureQuestion => ({
        key: `${key} ${name}`,
        queue: name,
        standing: counts.failed,
        since: new Date(since),
        moves,
      });
      return [
        ask('unseen', marks.get(name)?.getTime() ?? 0, false),
        ...windows.map((minutes) =>
          ask(String(minutes), this.parts.now() - minutes * MINUTE_SECONDS * SECOND_MS, true),
        ),
      ];
    });
    const answers = await this.failures.ask(questions);
    const byKey = new Map(questions.map(({ key }, index) => [key, answers[index]]));
    const answerTo = (key: string): FailedLately | undefined => byKey.get(key);
    return {
      queues: queues.map(({ name, counts, paused, workers, oldestWaitingAt }) => ({
        queue: name,
        failed: counts.failed,
        waiting: counts.waiting,
        paused,
        workers,
        oldestWaitingAt: oldestWaitingAt === null ? null : Date.parse(oldestWaitingAt),
        lately: new Map(
          windows.map((minutes) => [minutes, this.lately(name, minutes, answerTo(`${minutes} ${name}`))]),
        ),
      })),
      unseen: queues.map(({ name }) => ({ queue: name, failed: answerTo(`unseen ${name}`)?.failed ?? 0 })),
    };
  }

  private lately(queue: QueueName, minutes: number, answer: FailedLately | undefined): Lately {
    const seconds = minutes * MINUTE_SECONDS;
    const { observedSeconds, completed } = this.parts.measured(queue, seconds);
    // The second that runs is never observed to its end.
    const isWatched = observedSeconds >= seconds - 2;
    return {
      failed: answer?.failed ?? 0,
      reason: answer?.reason ?? null,
      completed: isWatched ? completed : null,
    };
  }
}

const windowsOf = (rules: readonly AlertRule[]): readonly number[] => [
  ...new Set(
    rules.flatMap(({ condition }) =>
      condition.kind === 'failures' || condition.kind === 'failure-share' ? [condition.windowMinutes] : [],
    ),
  ),
];
