import { isDatabaseOutage } from '../database/outage';
import { isUnreachable } from '../engine/engine-errors';

const REPEAT_MS = 60_000;

/**
 * Says what went wrong beside the way, the same at most once a minute. An engine or a database that is away is no
 * news: its state is shown, and what was tried is tried again.
 */
export const complaints = (
  say: (what: string, error: unknown) => void,
  now: () => number = Date.now,
): ((what: string, error: unknown) => void) => {
  const said = new Map<string, number>();
  return (what, error) => {
    if (isUnreachable(error) || isDatabaseOutage(error)) return;
    if (now() - (said.get(what) ?? -Infinity) < REPEAT_MS) return;
    said.set(what, now());
    say(what, error);
  };
};
