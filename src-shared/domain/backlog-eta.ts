/**
 * Seconds until a backlog is gone at a measured rate: 0 where nothing waits, null where the rate says nothing (none
 * was measured, or the queue is paused and will not go on by itself).
 */
export const backlogEtaSeconds = (waiting: number, perSecond: number, isPaused = false): number | null => {
  if (waiting === 0) return 0;
  return perSecond > 0 && !isPaused ? waiting / perSecond : null;
};
