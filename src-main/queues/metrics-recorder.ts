import { queueNames, type QueueName } from '@shared/domain/queues';
import type { Engine, QueueChange, QueueSnapshot } from '../engine/engine';
import { MetricsRing, ObservedTime, type Measured } from './metrics-ring';
import type { MinuteRow, QueueMetricsRepository } from './repository';

export interface RecorderParts {
  readonly engine: Pick<Engine, 'onChanges' | 'onHealth' | 'health' | 'timings' | 'snapshot'>;
  readonly repository: QueueMetricsRepository;
  readonly organizationId: string;
  readonly now: () => number;
  readonly onProblem: (what: string, error: unknown) => void;
}

const secondOf = (ms: number): number => Math.floor(ms / 1_000);

/** Measures every queue from what the engine says happened, and keeps each minute in the database. */
export class MetricsRecorder {
  private readonly observed = new ObservedTime();
  private readonly rings: ReadonlyMap<QueueName, MetricsRing>;
  private readonly unsubscribe: (() => void)[] = [];
  private minuteTimer: NodeJS.Timeout | undefined;
  private lastSnapshot: readonly QueueSnapshot[] = [];
  private savedUntil: number;

  constructor(private readonly parts: RecorderParts) {
    this.rings = new Map(queueNames.map((queue) => [queue, new MetricsRing(this.observed)]));
    this.savedUntil = this.minuteStart();
  }

  start(): void {
    const { engine } = this.parts;
    this.heard(engine.health().state === 'up');
    this.unsubscribe.push(
      engine.onHealth(({ state }) => {
        this.heard(state === 'up');
      }),
      engine.onChanges((changes) => {
        for (const change of changes) this.take(change);
      }),
    );
    this.scheduleMinute();
  }

  /** Ends recording; what was measured in the running minute is kept. */
  async stop(): Promise<void> {
    for (const end of this.unsubscribe.splice(0)) end();
    clearTimeout(this.minuteTimer);
    await this.save(this.minuteStart() + 60);
  }

  /** The overview read the truth anyway: its backlog belongs into the charts. */
  sawSnapshot(snapshots: readonly QueueSnapshot[]): void {
    this.lastSnapshot = snapshots;
    const second = secondOf(this.parts.now());
    for (const { queue, counts } of snapshots) this.ring(queue).backlog(second, counts.waiting);
  }

  /** The window [from, to) in seconds since 1970. */
  measure(queue: QueueName, from: number, to: number): Measured {
    return this.ring(queue).measure(from, to, secondOf(this.parts.now()));
  }

  private ring(queue: QueueName): MetricsRing {
    const ring = this.rings.get(queue);
    if (ring === undefined) throw new Error(`There is no queue ${queue}.`);
    return ring;
  }

  private heard(up: boolean): void {
    const second = secondOf(this.parts.now());
    if (up) this.observed.begin(second);
    else this.observed.end(second);
  }

  private take(change: QueueChange): void {
    if (change.completed + change.failed === 0) return;
    this.ring(change.queue).finished(secondOf(this.parts.now()), change.completed, change.failed);
    void this.time(change);
  }

  /** How long the jobs waited and ran; those that are gone already are not in the sample. */
  private async time({ queue, finishedIds }: QueueChange): Promise<void> {
    try {
      const timings = await this.parts.engine.timings(queue, finishedIds);
      const second = secondOf(this.parts.now());
      for (const { waitMs, runMs } of timings) this.ring(queue).latency(second, waitMs, runMs);
    } catch (error) {
      this.parts.onProblem('measure finished jobs', error);
    }
  }

  private minuteStart(): number {
    return Math.floor(this.parts.now() / 60_000) * 60;
  }

  private scheduleMinute(): void {
    const untilNext = 60_000 - (this.parts.now() % 60_000);
    // A moment after the minute's end, so that the timings of its last jobs are in.
    this.minuteTimer = setTimeout(() => {
      void this.endMinute();
    }, untilNext + 1_000);
    this.minuteTimer.unref();
  }

  private async endMinute(): Promise<void> {
    try {
      // Nobody may be watching: one look a minute keeps the backlog's curve.
      this.sawSnapshot(await this.parts.engine.snapshot());
    } catch (error) {
      this.parts.onProblem('read the backlog', error);
    }
    await this.save(this.minuteStart());
    this.scheduleMinute();
  }

  /** Writes every minute before `until` that is not written yet. */
  private async save(until: number): Promise<void> {
    const rows: MinuteRow[] = [];
    for (let minute = this.savedUntil; minute < until; minute += 60) rows.push(...this.minuteRows(minute));
    try {
      await this.parts.repository.saveMinutes(this.parts.organizationId, rows);
      this.savedUntil = Math.min(until, this.minuteStart());
    } catch (error) {
      this.parts.onProblem('keep the measurements of the last minute', error);
      // An hour is kept in memory: what could not be written so long is given up.
      this.savedUntil = Math.max(this.savedUntil, this.minuteStart() - 3_000);
    }
  }

  private minuteRows(minute: number): MinuteRow[] {
    return queueNames.flatMap((queue): MinuteRow[] => {
      const measured = this.measure(queue, minute, minute + 60);
      if (measured.observedSeconds === 0) return [];
      const seen = this.lastSnapshot.find((snapshot) => snapshot.queue === queue);
      const { completed, failed, wait, run } = measured;
      return [
        {
          queue,
          minute: new Date(minute * 1_000),
          completed,
          failed,
          wait,
          run,
          backlog: measured.backlog ?? seen?.counts.waiting ?? null,
          active: seen?.counts.active ?? null,
          delayed: seen?.counts.delayed ?? null,
        },
      ];
    });
  }
}
