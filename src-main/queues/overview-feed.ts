import type { Overview, QueueOverview } from '@shared/contract/queues';
import { backlogEtaSeconds } from '@shared/domain/backlog-eta';
import { isAdsappQueue, type QueueName } from '@shared/domain/queues';
import type { Engine, QueueSnapshot } from '../engine/engine';
import { elapsed } from '../elapsed';
import { percentiles } from './histogram';
import type { MetricsRecorder } from './metrics-recorder';
import { countWorkers, type WorkerCounts } from './worker-counts';

/** Ms between two looks at the truth while somebody watches, whatever the events say. */
const TRUTH_MS = 1_000;
/** Ms between two looks at the clock for that. */
const LOOK_MS = 250;
/** Ms between two overviews: a little less than what the engine leaves between its words, which are not to wait. */
const MIN_INTERVAL_MS = 90;
/** Hundreds of queues cost more than four: overviews take at most one part of so many of this process's time. */
const COST_SHARE = 20;
/** Ms for which the list of worker hosts is believed. */
const HOSTS_MS = 2_000;

const RATE_SECONDS = 60;
const LATENCY_SECONDS = 5 * 60;
const SPARK_POINTS = 60;
const SPARK_STEP_SECONDS = 5;

export interface OverviewParts {
  readonly engine: Pick<
    Engine,
    'snapshot' | 'health' | 'onHealth' | 'onChanges' | 'coordination' | 'workerClients'
  >;
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
  private lastSent = 0;
  private soon: NodeJS.Timeout | undefined;
  private telling = false;
  private again = false;
  /** Ms of this process for the last overview: to make it, and to hand it out. */
  private computeCost = 0;
  private lastCost = 0;
  private computing: Promise<Overview> | undefined;
  private snapshots: readonly QueueSnapshot[] = [];
  private hostsAt = -Infinity;
  /** Null until it is known, and where the engine does not tell. */
  private workers: WorkerCounts = { own: new Map(), other: null };
  /** When the queues were read, in ms since 1970. */
  private readAt = -Infinity;
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

  /**
   * The overview as it was read at most `maxAgeMs` ago, read anew only where it is older; null where the engine
   * does not answer.
   */
  async recent(maxAgeMs: number): Promise<Overview | null> {
    const { now, engine } = this.parts;
    const isRecent = (): boolean => engine.health().state === 'up' && elapsed(this.readAt, now()) <= maxAgeMs;
    if (isRecent()) return this.assemble();
    const overview = await this.current();
    return isRecent() ? overview : null;
  }

  close(): void {
    this.watchers.clear();
    this.end();
  }

  private begin(): void {
    const { engine, now } = this.parts;
    this.unsubscribe.push(
      engine.onChanges(() => {
        this.schedule();
      }),
      engine.onHealth(() => {
        this.schedule();
      }),
    );
    this.truthTimer = setInterval(() => {
      if (elapsed(this.lastSent, now()) >= TRUTH_MS - LOOK_MS) this.schedule();
    }, LOOK_MS);
  }

  private end(): void {
    for (const stop of this.unsubscribe.splice(0)) stop();
    clearInterval(this.truthTimer);
    clearTimeout(this.soon);
    this.soon = undefined;
  }

  private schedule(): void {
    if (this.soon !== undefined) return;
    const pause = Math.max(MIN_INTERVAL_MS, this.lastCost * COST_SHARE);
    const wait = Math.max(0, pause - elapsed(this.lastSent, this.parts.now()));
    this.soon = setTimeout(() => {
      this.soon = undefined;
      this.tellAll();
    }, wait);
  }

  private tellAll(): void {
    this.lastSent = this.parts.now();
    if (this.telling) {
      this.again = true;
      return;
    }
    this.telling = true;
    this.again = false;
    void this.send(this.watchers).finally(() => {
      this.telling = false;
      // What is told now may have been read before this change.
      if (this.again) this.schedule();
    });
  }

  private async send(listeners: Iterable<(overview: Overview) => void>): Promise<void> {
    const overview = await this.current();
    const began = performance.now();
    for (const listener of listeners) if (this.watchers.has(listener)) listener(overview);
    this.lastCost = this.computeCost + performance.now() - began;
  }

  /** Never rejects: an engine that is away shows as its health, with the last numbers that were true. */
  private async compute(): Promise<Overview> {
    const { engine, recorder, now, onProblem } = this.parts;
    if (engine.health().state !== 'down') {
      try {
        const [snapshots] = await Promise.all([engine.snapshot(), this.refreshHosts()]);
        this.snapshots = snapshots;
        this.readAt = now();
        recorder.sawSnapshot(snapshots);
      } catch (error) {
        if (engine.health().state === 'up') onProblem('read the queues', error);
      }
    }
    return this.assemble();
  }

  private assemble(): Overview {
    const { engine, now } = this.parts;
    const began = performance.now();
    const queues = this.snapshots.map((snapshot) => this.overviewOf(snapshot));
    this.computeCost = performance.now() - began;
    return { at: new Date(now()).toISOString(), engine: engine.health(), queues };
  }

  private async refreshHosts(): Promise<void> {
    const { engine, now } = this.parts;
    if (elapsed(this.hostsAt, now()) < HOSTS_MS) return;
    this.hostsAt = now();
    const [hosts, clients] = await Promise.all([engine.coordination.hosts(), engine.workerClients()]);
    this.workers = countWorkers(hosts, clients);
  }

  private overviewOf({ queue, counts, paused, oldestWaitingAt }: QueueSnapshot): QueueOverview {
    const measures = this.measuresOf(queue);
    const rate = measures.completedPerSecond + measures.failedPerSecond;
    return {
      name: queue,
      counts,
      paused,
      workers: this.workersOf(queue),
      oldestWaitingAt: oldestWaitingAt?.toISOString() ?? null,
      backlogEtaSeconds: backlogEtaSeconds(counts.waiting, rate, paused),
      ...measures,
    };
  }

  /** Of ADSapp's queues what announced itself counts, also where the engine does not tell who is connected. */
  private workersOf(queue: QueueName): number | null {
    const own = this.workers.own.get(queue) ?? 0;
    if (this.workers.other === null) return isAdsappQueue(queue) ? own : null;
    return own + (this.workers.other.get(queue) ?? 0);
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
    // Most of hundreds of queues stand still: a line of zeros says nothing, and would cross over with each overview.
    const isStill = latency.completed + latency.failed === 0;
    const spark = Array.from({ length: isStill ? 0 : SPARK_POINTS }, (_, index) => {
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
