import { elapsed } from '../elapsed';
import type { Engine } from '../engine/engine';
import type { EngineVitals } from '../engine/vitals';
import type { EngineMetricsRepository, EngineMinute } from './repository';

/** A round trip is measured so often, in ms. */
const PING_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface EngineRecorderParts {
  readonly engine: Pick<Engine, 'kind' | 'label' | 'health' | 'ping' | 'vitals'>;
  readonly repository: EngineMetricsRepository;
  readonly organizationId: string;
  /** Days that measurements are kept. */
  readonly keepDays: number;
  readonly onProblem: (what: string, error: unknown) => void;
  readonly now?: () => number;
}

/** Round trips of the last minute, in ms. */
export interface Latency {
  readonly medianMs: number;
  readonly longestMs: number;
}

/** Measures the engine as long as the console runs, and keeps each minute. A minute without an answer is a gap. */
export class EngineRecorder {
  /** Of the last minute: when, and how long. */
  private trips: { readonly at: number; readonly ms: number }[] = [];
  private lastVitals: { readonly at: number; readonly vitals: EngineVitals } | null = null;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly now: () => number;

  constructor(private readonly parts: EngineRecorderParts) {
    this.now = parts.now ?? Date.now;
  }

  start(): void {
    void this.measure();
    void this.tidy();
    this.timers.push(
      setInterval(() => void this.measure(), PING_EVERY_MS).unref(),
      setInterval(() => void this.keepMinute(), MINUTE_MS).unref(),
      setInterval(() => void this.tidy(), DAY_MS).unref(),
    );
  }

  stop(): void {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
  }

  /** Null where nothing has answered within the last minute. */
  latency(): Latency | null {
    const since = this.now() - MINUTE_MS;
    this.trips = this.trips.filter(({ at }) => at > since);
    const sorted = this.trips.map(({ ms }) => ms).sort((a, b) => a - b);
    const medianMs = sorted[Math.floor(sorted.length / 2)];
    return medianMs === undefined ? null : { medianMs, longestMs: sorted.at(-1) ?? medianMs };
  }

  /** What the engine says of itself, asked now. Rejects where it does not answer. */
  async readVitals(): Promise<EngineVitals> {
    const vitals = await this.parts.engine.vitals();
    this.lastVitals = { at: this.now(), vitals };
    return vitals;
  }

  /** What it said at most `maxAgeMs` ago, whoever asked. */
  recentVitals(maxAgeMs: number): EngineVitals | null {
    const last = this.lastVitals;
    return last !== null && elapsed(last.at, this.now()) <= maxAgeMs ? last.vitals : null;
  }

  /** One round trip; an engine that is away is no news here: its health says so. */
  async measure(): Promise<void> {
    if (this.parts.engine.health().state !== 'up') return;
    try {
      const ms = await this.parts.engine.ping();
      this.trips.push({ at: this.now(), ms });
    } catch {
      // Its health tells.
    }
  }

  /** Writes down how the engine is now, as the reading of the minute that ends. */
  async keepMinute(): Promise<void> {
    const { engine, repository, organizationId, onProblem } = this.parts;
    const latency = this.latency();
    if (latency === null) return;
    try {
      // A server that keeps INFO to itself still answers a PING: the minute is kept without them.
      const vitals = await this.readVitals().catch(() => null);
      const minute = new Date(Math.floor(this.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS);
      await repository.save(organizationId, engineName(engine), reading(minute, latency, vitals));
    } catch (error) {
      onProblem('keep how the engine did in the last minute', error);
    }
  }

  /** Removes measurements that are older than they are kept. */
  async tidy(): Promise<void> {
    const { repository, organizationId, keepDays, onProblem } = this.parts;
    try {
      await repository.removeBefore(organizationId, new Date(this.now() - keepDays * DAY_MS));
    } catch (error) {
      onProblem('remove old measurements', error);
    }
  }
}

/** Under which name an engine's readings are kept. */
export const engineName = ({ kind, label }: Pick<Engine, 'kind' | 'label'>): string => `${kind} ${label}`;

const reading = (minute: Date, latency: Latency, vitals: EngineVitals | null): EngineMinute => ({
  minute,
  latencyMs: latency.medianMs,
  longestMs: latency.longestMs,
  memoryBytes: vitals?.memory.usedBytes ?? null,
  storageBytes: vitals?.storageBytes ?? null,
  clients: vitals?.clients ?? null,
});
