import type { Overview, QueueOverview } from '@shared/contract/queues';
import type { QueueName } from '@shared/domain/queues';
import type { Heartbeat } from '../engine/coordination';
import type { Engine, QueueSnapshot } from '../engine/engine';
import { percentiles } from './histogram';
import type { MetricsRecorder } from './metrics-recorder';

/** Ms between two looks at the truth while somebody watches, whatever the events say. */
const TRUTH_MS = 1_000;
/** Ms between two values that are sent: at most 10 a second. */
const MIN_INTERVAL_MS = 100;
/** Ms for which the list of worker hosts is believed. */
const HOSTS_MS = 2_000;

const RATE_SECONDS = 60;
const LATENCY_SECONDS = 5 * 60;
const SPARK_POINTS = 60;
const SPARK_STEP_SECONDS = 5;

export interface OverviewParts {
  readonly engine: Pick<Engine, 'snapshot' | 'health' | 'onHealth' | 'onChanges' | 'coordination'>;
  readonly recorder: Pick<MetricsRecorder, 'measure' | 'sawSnapshot'>;
  readonly now: () => number;
  readonly onProblem: (what: string, error: unknown) => void;
}

type Measures = Pick<QueueOverview, 'completedPerSecond' | 'failedPerSecond' | 'wait' | 'run' | 'spark'>;

/**
 * The overview, computed once for all who watch: at every change of the engine, at most 10 times a
 * second, and from the truth at least each second. While nobody watches it does nothing.
 */
export class OverviewFeed {
  private readonly watchers = new Set<(overview: Overview) => void>();
  private readonly unsubscribe: (() => void)[] = [];
  private truthTimer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private lastSent = 0;
  private computing: Promise<Overview> | undefined;
  private snapshots: readonly QueueSnapshot[] = [];
  private hosts: { readonly at: number; readonly list: readonly Heartbeat[] } = { at: -Infinity, list: [] };
  private measured: { second: number; readonly of: Map<QueueName, Measures> } = { second: -1, of: new Map() };

  constructor(private readonly parts: OverviewParts) {}

  /** Gives the overview at once and at every change of it, until the answer is called. */
  watch(listener: (overview: Overview) => void): () => void {
    this.watchers.add(listener);
    if (this.watchers.size === 1) this.begin();
    void this.send([listener]);
    return () => {
      this.watchers.delete(listener);
      if (this.watchers.size === 0) this.end();
    };
  }

  /** The overview now; concurrent callers share one computation. */
  current(): Promise<Overview> {
    this.computing ??= this.compute().finally(() => {
      this.computing = undefined;
    });
    return this.computing;
  }

  close(): void {
    this.watchers.clear();
    this.end();
  }

  private begin(): void {
    const { engine } = this.parts;
    this.unsubscribe.push(
      engine.onChanges(() => {
        this.schedule();
      }),
      engine.onHealth(() => {
        this.schedule();
      }),
    );
    this.truthTimer = setInterval(() => {
      this.schedule();
    }, TRUTH_MS);
  }

  private end(): void {
    for (const stop of this.unsubscribe.splice(0)) stop();
    clearInterval(this.truthTimer);
    clearTimeout(this.soon);
    this.soon = undefined;
  }

  private schedule(): void {
    if (this.soon !== undefined) return;
    const wait = Math.max(0, this.lastSent + MIN_INTERVAL_MS - this.parts.now());
    this.soon = setTimeout(() => {
      this.soon = undefined;
      this.lastSent = this.parts.now();
      void this.send(this.watchers);
    }, wait);
  }

  private async send(listeners: Iterable<(overview: Overview) => void>): Promise<void> {
    const overview = await this.current();
    for (const listener of listeners) if (this.watchers.has(listener)) listener(overview);
  }

  /** Never rejects: an engine that is away shows as its health, with the last numbers that were true. */
  private async compute(): Promise<Overview> {
    const { engine, recorder, now, onProblem } = this.parts;
    if (engine.health().state !== 'down') {
      try {
        const [snapshots] = await Promise.all([engine.snapshot(), this.refreshHosts()]);
        this.snapshots = snapshots;
        recorder.sawSnapshot(snapshots);
      } catch (error) {
        if (engine.health().state === 'up') onProblem('read the queues', error);
      }
    }
    const queues = this.snapshots.map((snapshot) => this.overviewOf(snapshot));
    return { at: new Date(now()).toISOString(), engine: engine.health(), queues };
  }

  private async refreshHosts(): Promise<void> {
    const { engine, now } = this.parts;
    if (now() - this.hosts.at < HOSTS_MS) return;
    this.hosts = { at: now(), list: await engine.coordination.hosts() };
  }

  private overviewOf({ queue, counts, paused, oldestWaitingAt }: QueueSnapshot): QueueOverview {
    const measures = this.measuresOf(queue);
    const rate = measures.completedPerSecond + measures.failedPerSecond;
    return {
      name: queue,
      counts,
      paused,
      workers: this.hosts.list.filter((host) => host.queues.some((each) => each.queue === queue)).length,
      oldestWaitingAt: oldestWaitingAt?.toISOString() ?? null,
      backlogEtaSeconds: counts.waiting === 0 ? 0 : rate > 0 && !paused ? counts.waiting / rate : null,
      ...measures,
    };
  }

  /** Rates and percentiles change once a second; in between they are kept. */
  private measuresOf(queue: QueueName): Measures {
    const second = Math.floor(this.parts.now() / 1_000);
    if (this.measured.second !== second) this.measured = { second, of: new Map() };
    const known = this.measured.of.get(queue);
    if (known !== undefined) return known;
    const measures = this.measure(queue, second);
    this.measured.of.set(queue, measures);
    return measures;
  }

  private measure(queue: QueueName, second: number): Measures {
    const { recorder } = this.parts;
    const end = second + 1;
    const rate = recorder.measure(queue, end - RATE_SECONDS, end);
    const latency = recorder.measure(queue, end - LATENCY_SECONDS, end);
    const perSecond = (n: number): number => n / Math.max(1, Math.min(RATE_SECONDS, rate.observedSeconds));
    const sparkEnd = (Math.floor(second / SPARK_STEP_SECONDS) + 1) * SPARK_STEP_SECONDS;
    const spark = Array.from({ length: SPARK_POINTS }, (_, index) => {
      const from = sparkEnd - (SPARK_POINTS - index) * SPARK_STEP_SECONDS;
      const { completed, failed } = recorder.measure(queue, from, from + SPARK_STEP_SECONDS);
      return { completed: completed / SPARK_STEP_SECONDS, failed: failed / SPARK_STEP_SECONDS };
    });
    return {
      completedPerSecond: perSecond(rate.completed),
      failedPerSecond: perSecond(rate.failed),
      wait: percentiles(latency.wait),
      run: percentiles(latency.run),
      spark,
    };
  }
}
