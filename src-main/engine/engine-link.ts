import { AppFailure } from '@shared/errors';
import { engineUnavailable, isUnreachable, translateEngineError } from './engine-errors';
import { HealthState } from './health';

/** Longest a command waits for the very first connection, in ms. */
const FIRST_CONNECTION_MS = 3_000;

/** The connection an engine stands on: whether it works, and what a failure on it means. */
export abstract class EngineLink {
  readonly health = new HealthState();

  /** A round trip in ms; rejects where there is none. */
  abstract ping(): Promise<number>;
  abstract close(): Promise<void>;
  /** An error in plain words, without secrets. */
  abstract describe(error: unknown): string;

  /**
   * Carries out a command. Refused at once while the engine is known to be away, so that nothing is kept
   * unseen; only the very first connection is waited for.
   */
  async run<T>(work: () => Promise<T>, jobId?: string): Promise<T> {
    await this.health.settled(FIRST_CONNECTION_MS);
    if (!this.health.isUp) throw new AppFailure(engineUnavailable(this.health.value.problem));
    try {
      return await work();
    } catch (error) {
      if (isUnreachable(error)) this.failed(error);
      throw translateEngineError(error, jobId);
    }
  }

  /** An error that a library reported outside any command. */
  noticed(error: unknown): void {
    if (isUnreachable(error)) this.failed(error);
  }

  /** A command found the connection broken: somebody has to look at once. */
  protected abstract failed(error: unknown): void;
}
