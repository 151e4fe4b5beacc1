import { fingerprintError, likeMessage, type ErrorFingerprint } from './error-fingerprint';

/** Begins the failure reason of a job that somebody cancelled. */
export const CANCELLED_PREFIX = 'Cancelled by ';

/** Whether a failed job ended because somebody cancelled it: to stop it was meant. */
export const isCancelled = (failedReason: string | null): boolean =>
  failedReason?.startsWith(CANCELLED_PREFIX) === true;

const ERROR_NAME = /^([A-Za-z_$][\w$]{0,80}):/;

/** Why a job failed, from its reason and the stack of its last attempt: equal for equal causes. */
export function failureCause(reason: string | null, stack: string | null): ErrorFingerprint {
  const name = ERROR_NAME.exec(stack ?? '')?.[1];
  return fingerprintError({
    message: reason ?? '',
    ...(name?.endsWith('Error') === true && { name }),
    ...(stack !== null && { stack }),
  });
}

/** The same for one failure after the other, which come in thousands alike: what was seen before is remembered. */
export function causeReader(limit = 5_000): typeof failureCause {
  const known = new Map<string, ErrorFingerprint>();
  return (reason, stack) => {
    // Of the stack only the error's name and the frames count: its message is the reason again.
    const frames = stack === null ? '' : stack.slice(Math.max(0, stack.indexOf('\n    at ')));
    const name = ERROR_NAME.exec(stack ?? '')?.[1] ?? '';
    const key = `${likeMessage(reason ?? '')}\n${name}\n${frames}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const cause = failureCause(reason, stack);
    if (known.size >= limit) known.clear();
    known.set(key, cause);
    return cause;
  };
}
