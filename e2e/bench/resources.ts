/** What a run has started, in order, and how each part is ended. */
export class Resources {
  private readonly endings: (() => unknown)[] = [];
  private releasing: Promise<void> | undefined;

  /** Registers how something is ended. Once the release has begun, it is ended at once. */
  add(end: () => unknown): void {
    this.endings.push(end);
    if (this.releasing) this.releasing = this.releasing.then(() => this.endAll());
  }

  /** Ends everything, the newest first; a second call waits for the same end. @throws AggregateError of what failed */
  release(): Promise<void> {
    this.releasing ??= this.endAll();
    return this.releasing;
  }

  private async endAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let end = this.endings.pop(); end !== undefined; end = this.endings.pop()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be ended.');
  }
}
