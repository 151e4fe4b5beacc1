const START = 250;
const SMALLEST = 25;
/**
 * A step that takes longer is halved, one that takes less than half of it grows. Ms: with 3 another client's PING takes
 * 6 to 7 ms while 20,000 jobs are retried on two busy cores, with 5 it took 9 to 15 ms, and the retry is not slower.
 */
const LONG_MS = 3;

/**
 * How many jobs one step takes, so that other clients of the engine hardly notice it: measured, because a server's
 * speed and the size of its jobs are not known before.
 */
export class StepSize {
  private current = START;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.current;
  }

  /** Does one step and learns from how long it took, by the server's word where it has one. */
  async time<T>(step: () => Promise<T>, spentMs: (answer: T) => number): Promise<T> {
    const started = performance.now();
    const answer = await step();
    const took = spentMs(answer) || performance.now() - started;
    if (took > LONG_MS) this.current = Math.max(SMALLEST, Math.floor(this.current / 2));
    else if (took <= LONG_MS / 2) this.current = Math.min(this.most, Math.ceil(this.current * 1.5));
    return answer;
  }
}
