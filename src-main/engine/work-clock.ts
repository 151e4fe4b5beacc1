/** A worker that dies loses so many ms of a job's time at work, at most. */
const WRITE_MS = 10_000;

/** The time that workers spend on one job, over all its runs. */
export interface WorkClock {
  /** Ms so far: those of earlier runs and of this one. */
  ms(): number;
  /** What earlier runs took, in ms. From now on it is written down every few seconds. */
  goOn(earlierMs: number): void;
  end(): void;
}

/** Begins with the run. `write` never rejects. */
export function createWorkClock(write: (ms: number) => Promise<void>, everyMs = WRITE_MS): WorkClock {
  const startedAt = performance.now();
  let earlier = 0;
  let timer: NodeJS.Timeout | undefined;
  const ms = (): number => earlier + Math.round(performance.now() - startedAt);
  return {
    ms,
    goOn: (earlierMs) => {
      earlier = earlierMs;
      timer = setInterval(() => void write(ms()), everyMs);
    },
    end: () => clearInterval(timer),
  };
}
