import type { AlertRule } from '@shared/contract/alerts';
import type { Overview } from '@shared/contract/queues';
import type { QueueName } from '@shared/domain/queues';
import type { Engine, FailedLately } from '../engine/engine';
import type { EngineVitals } from '../engine/vitals';
import type { Heard, Stretch } from '../queues/metrics-heard';
import { FailureCounts, NO_FAILURES, type FailureQuestion } from './failure-counts';
import type { StoppedCampaign } from './incidents/repository';
import { latelyOf } from './lately';
import type { Picture, QueueFigures } from './picture';

export interface SourceParts {
  readonly engine: Pick<Engine, 'label' | 'health' | 'onChanges' | 'failedSince'>;
  /** As read at most so many ms ago; null where the engine does not answer. */
  readonly overview: (maxAgeMs: number) => Promise<Overview | null>;
  /** What ended on a queue since a moment within the last hour, in ms since 1970, as far as it was heard. */
  readonly heardSince: (queue: QueueName, from: number) => Heard;
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
const MINUTE_MS = 60_000;

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
    lengths: readonly number[],
    marks: ReadonlyMap<string, Date>,
  ): Promise<{ queues: QueueFigures[]; unseen: UnseenFailures[] }> {
    const now = this.parts.now();
    const asked = queues.map((queue) => ({
      ...queue,
      windows: lengths.map((minutes): Window => {
        const from = now - minutes * MINUTE_MS;
        return { queue: queue.name, minutes, from, heard: this.parts.heardSince(queue.name, from) };
      }),
    }));
    const questions = new Map<string, FailureQuestion>();
    for (const { name, counts, windows } of asked) {
      const ask = (key: string, since: number, moves: boolean): void =>
        void questions.set(key, { key, queue: name, standing: counts.failed, since: new Date(since), moves });
      ask(unseenKey(name), marks.get(name)?.getTime() ?? 0, false);
      for (const window of windows)
        for (const stretch of window.heard.stretches)
          ask(stretchKey(window, stretch), stretch.from, stretch.from === window.from);
    }
    const answers = await this.failures.ask([...questions.values()]);
    const byKey = new Map([...questions.keys()].map((key, index) => [key, answers[index]]));
    const answerTo = (key: string): FailedLately => byKey.get(key) ?? NO_FAILURES;
    return {
      queues: asked.map(({ name, counts, paused, workers, oldestWaitingAt, windows }) => ({
        queue: name,
        failed: counts.failed,
        waiting: counts.waiting,
        paused,
        workers,
        oldestWaitingAt: oldestWaitingAt === null ? null : Date.parse(oldestWaitingAt),
        lately: new Map(
          windows.map((window) => [
            window.minutes,
            latelyOf(window.heard, (stretch) => answerTo(stretchKey(window, stretch))),
          ]),
        ),
      })),
      unseen: queues.map(({ name }) => ({ queue: name, failed: answerTo(unseenKey(name)).failed })),
    };
  }
}

/** The last minutes of a queue, for the rules that are about so many. */
interface Window {
  readonly queue: QueueName;
  readonly minutes: number;
  /** Ms since 1970. */
  readonly from: number;
  readonly heard: Heard;
}

const unseenKey = (queue: QueueName): string => `unseen ${queue}`;

/** What begins with the window goes on with it, and what begins later stands: also where two windows hold it. */
const stretchKey = ({ queue, minutes, from }: Window, stretch: Stretch): string =>
  stretch.from === from ? `last ${minutes} ${queue}` : `since ${stretch.from} ${queue}`;

const windowsOf = (rules: readonly AlertRule[]): readonly number[] => [
  ...new Set(
    rules.flatMap(({ condition }) =>
      condition.kind === 'failures' || condition.kind === 'failure-share' ? [condition.windowMinutes] : [],
    ),
  ),
];
