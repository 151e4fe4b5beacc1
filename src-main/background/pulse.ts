import type { Client } from '@shared/rpc/define';
import type { BackgroundContract } from './contract';

const CHECK_EVERY_MS = 5_000;
/** Checks in a row without a sign of life, not a span of time: after a suspend the clock has jumped, the process has not hung. */
const SILENT_CHECKS = 12;

/**
 * Watches the health stream of the background process, which beats every few seconds, and calls `silent`
 * after a minute without a beat. Waits for the first beat, so that a slow start is no silence.
 */
export const watchPulse = (client: Client<BackgroundContract>, silent: () => void): (() => void) => {
  let beaten = false;
  let missed = 0;
  const close = client.process.health(
    {},
    {
      next: () => {
        beaten = true;
        missed = 0;
      },
    },
  );
  const timer = setInterval(() => {
    if (!beaten) return;
    missed += 1;
    if (missed < SILENT_CHECKS) return;
    beaten = false;
    missed = 0;
    silent();
  }, CHECK_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    close();
  };
};
