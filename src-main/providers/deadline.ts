/** A signal that also ends after a time: AbortSignal.any() is missing in Node 18. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether the time, and not the caller, ended it. */
  expired(): boolean;
  /** Frees the timer; call once the work is over. */
  clear(): void;
}

/** Aborts when `parent` does or after `ms`, whichever comes first. */
export function deadline(parent: AbortSignal, ms: number): Deadline {
  const controller = new AbortController();
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    controller.abort();
  }, ms);
  const follow = (): void => controller.abort();
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    expired: () => expired,
    clear: () => {
      clearTimeout(timer);
      parent.removeEventListener('abort', follow);
    },
  };
}
