import type { Health } from '@shared/contract/common';

/** Keeps the engine's state and tells about changes of it, and only about changes. */
export class HealthState {
  private current: Health;
  private readonly listeners = new Set<(health: Health) => void>();

  constructor(private readonly now: () => Date = () => new Date()) {
    this.current = { state: 'connecting', since: this.now().toISOString(), problem: null };
  }

  get value(): Health {
    return this.current;
  }

  get isUp(): boolean {
    return this.current.state === 'up';
  }

  up(): void {
    this.become('up', null);
  }

  /** The latest problem replaces the earlier one; `since` stays the moment the engine went down. */
  down(problem: string): void {
    this.become('down', problem);
  }

  subscribe(listener: (health: Health) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when the first connection worked or failed, at the latest after `timeoutMs`. */
  async settled(timeoutMs: number): Promise<void> {
    if (this.current.state !== 'connecting') return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        unsubscribe();
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      const unsubscribe = this.subscribe(done);
    });
  }

  private become(state: 'up' | 'down', problem: string | null): void {
    if (this.current.state === state && this.current.problem === problem) return;
    const since = this.current.state === state ? this.current.since : this.now().toISOString();
    this.current = { state, since, problem };
    for (const listener of this.listeners) listener(this.current);
  }
}
