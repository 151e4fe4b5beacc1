import { randomUUID } from 'node:crypto';
import type { OperationId } from '@shared/contract/operations';
import { OperationRun, type RunParts } from './run';

export interface RunnerParts extends Omit<RunParts, 'runner' | 'leaseMs'> {
  /** How long a console that fell silent keeps the word. Ms. */
  readonly leaseMs?: number;
}

const LEASE_MS = 15_000;
const CLAIM_EVERY_MS = 5_000;

/**
 * Carries operations out: those that begin here, and those that another console, or this one before it was
 * restarted, left behind.
 */
export class OperationRunner {
  private readonly id = randomUUID();
  private readonly runs = new Map<
    OperationId,
    { readonly stop: AbortController; readonly ended: Promise<void> }
  >();
  private timer: NodeJS.Timeout | undefined;
  private claiming: Promise<void> | undefined;
  private readonly leaseMs: number;

  constructor(private readonly parts: RunnerParts) {
    this.leaseMs = parts.leaseMs ?? LEASE_MS;
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), CLAIM_EVERY_MS);
    this.timer.unref();
    void this.look();
  }

  /** Takes up what is to be done now. Never rejects. */
  look(): Promise<void> {
    this.claiming ??= this.claim().finally(() => (this.claiming = undefined));
    return this.claiming;
  }

  /** Leaves everything as it stands: the next console goes on with it. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.claiming;
    for (const { stop } of this.runs.values()) stop.abort();
    await Promise.all([...this.runs.values()].map(({ ended }) => ended));
    await this.parts.repository.release(this.id).catch((error: unknown) => {
      this.parts.logger.warn('Operations on jobs go on once their lease has run out.', { error });
    });
  }

  private async claim(): Promise<void> {
    try {
      for (const row of await this.parts.repository.claim(this.id, this.leaseMs)) {
        if (this.runs.has(row.id)) continue;
        const stop = new AbortController();
        const run = new OperationRun(
          { ...this.parts, runner: this.id, leaseMs: this.leaseMs },
          row,
          stop.signal,
        );
        const ended = run.run().finally(() => this.runs.delete(row.id));
        this.runs.set(row.id, { stop, ended });
      }
      await this.parts.repository.forgetOld();
    } catch (error) {
      this.parts.logger.warn('Operations on jobs could not be taken up; it is tried again soon.', { error });
    }
  }
}
