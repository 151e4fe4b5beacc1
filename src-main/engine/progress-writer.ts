/** Ms between two writes of one job's progress. */
const INTERVAL_MS = 250;

/** Writes the latest progress at most four times a second; steps in between are left out. */
export class ProgressWriter {
  private latest: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly write: (percent: number) => Promise<void>,
    private readonly onProblem: (error: unknown) => void,
  ) {}

  set(percent: number): void {
    if (!Number.isFinite(percent)) return;
    this.latest = Math.round(Math.min(100, Math.max(0, percent)) * 10) / 10;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, INTERVAL_MS);
  }

  /** Writes what is not written yet; never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const percent = this.latest;
    this.latest = undefined;
    if (percent !== undefined) {
      this.writing = this.writing.then(() => this.write(percent)).catch(this.onProblem);
    }
    return this.writing;
  }
}
