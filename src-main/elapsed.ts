/**
 * Ms since a moment, by a clock that people and machines set: one that was set back has not said how long it is, so it
 * was long ago. What waits for its time would otherwise wait for the clock to come round to it.
 */
export const elapsed = (since: number, now: number): number => (now < since ? Infinity : now - since);
