import type { z } from 'zod';
import {
  METRICS_DAYS,
  type EngineFacts,
  type EnginePoint,
  type EngineWarning,
} from '@shared/contract/health';
import { engineWarnings } from '@shared/domain/engine-warnings';
import type { Health } from '@shared/contract/common';
import type { Engine } from '../engine/engine';
import type { EngineVitals } from '../engine/vitals';
import { EngineRecorder, engineName } from './recorder';
import type { EngineMetricsRepository } from './repository';

export interface HealthDependencies {
  readonly engine: Pick<Engine, 'kind' | 'label' | 'health' | 'ping' | 'vitals'>;
  readonly repository: EngineMetricsRepository;
  readonly organizationId: string;
  readonly logger: { warn(message: string): void };
  readonly now?: () => number;
}

export interface HealthService {
  /** Begins to measure. */
  start(): void;
  stop(): void;
  /** How the engine is now; never rejects: what cannot be asked is null. */
  engine(): Promise<EngineReport>;
  /**
   * What it said of itself at most `maxAgeMs` ago, asked anew only where that is older; null while it is down. Rejects
   * where it is up and does not let us ask: whoever needs the figure has to say why it is missing.
   */
  vitals(maxAgeMs: number): Promise<EngineVitals | null>;
  /** How it was; at most about 400 points, gaps are null. */
  engineHistory(minutes: number): Promise<{ stepSeconds: number; points: EnginePoint[] }>;
}

export interface EngineReport {
  readonly label: string;
  readonly health: z.infer<typeof Health>;
  readonly facts: EngineFacts | null;
  readonly warnings: EngineWarning[];
}

const MAX_POINTS = 400;
const STEPS_SECONDS = [60, 300, 900, 3_600, 21_600] as const;
const LONGEST_STEP_SECONDS = 86_400;

/** How the queues' engine does, now and over time. */
export const createHealthService = (deps: HealthDependencies): HealthService => {
  const { engine, repository, organizationId } = deps;
  const now = deps.now ?? Date.now;
  const recorder = new EngineRecorder({
    ...deps,
    keepDays: METRICS_DAYS,
    onProblem: (what, error) =>
      deps.logger.warn(
        `The console could not ${what}: ${error instanceof Error ? error.message : String(error)}`,
      ),
  });

  const facts = async (): Promise<EngineFacts | null> => {
    if (engine.health().state !== 'up') return null;
    try {
      const vitals = await recorder.readVitals();
      if (recorder.latency() === null) await recorder.measure();
      return { kind: engine.kind, ...vitals, latency: recorder.latency() };
    } catch {
      // Away since a moment ago, or it does not let us ask: the facts are missing, not the page.
      return null;
    }
  };

  return {
    start: () => recorder.start(),
    stop: () => recorder.stop(),
    async engine() {
      const known = await facts();
      const warnings = known === null ? [] : engineWarnings(known);
      return { label: engine.label, health: engine.health(), facts: known, warnings };
    },
    async vitals(maxAgeMs) {
      if (engine.health().state !== 'up') return null;
      return recorder.recentVitals(maxAgeMs) ?? recorder.readVitals();
    },
    async engineHistory(minutes) {
      const stepSeconds = stepOf(minutes);
      const end = (Math.floor(now() / 1_000 / stepSeconds) + 1) * stepSeconds;
      const count = Math.ceil((minutes * 60) / stepSeconds);
      const start = end - count * stepSeconds;
      const range = { from: new Date(start * 1_000), to: new Date(end * 1_000), stepSeconds };
      const steps = await repository.steps(organizationId, engineName(engine), range);
      const known = new Map(steps.map((step) => [step.minute.getTime(), step]));
      const points = Array.from({ length: count }, (_, index): EnginePoint => {
        const at = new Date((start + index * stepSeconds) * 1_000);
        const { minute: _minute, ...values } = known.get(at.getTime()) ?? { ...GAP, minute: at };
        return { at: at.toISOString(), ...values };
      });
      return { stepSeconds, points };
    },
  };
};

const GAP = {
  latencyMs: null,
  longestMs: null,
  memoryBytes: null,
  storageBytes: null,
  clients: null,
} as const;

const stepOf = (minutes: number): number =>
  STEPS_SECONDS.find((step) => (minutes * 60) / step <= MAX_POINTS) ?? LONGEST_STEP_SECONDS;
