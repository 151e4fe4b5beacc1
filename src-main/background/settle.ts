import { setTimeout as delay } from 'node:timers/promises';

/** After the start's last rush: what it needed once is garbage by then. */
const SETTLED_AFTER_MS = 1_000;

/**
 * Gives back what only the start needed, such as the 9 MB that PGlite's program was read into: V8 looks by itself
 * only when much more has gathered, and an idle process never gathers it. It takes about 16 ms once. Does
 * nothing where V8 was not started with `--expose-gc`.
 */
export const collectWhenSettled = async (): Promise<void> => {
  await delay(SETTLED_AFTER_MS, undefined, { ref: false });
  globalThis.gc?.();
};
