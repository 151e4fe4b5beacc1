import type { AppError, AppErrorCode, Result } from '@shared/errors';
import type { StreamListener } from '@shared/rpc/define';
import { reconnectDelay } from '@shared/rpc/reconnecting-transport';

/** A stream procedure of the client, such as `client.queues.live`. */
export type OpenStream<In, Out> = (input: In, listener: StreamListener<Out>) => () => void;

/**
 * `waiting` for the first value, `live`, `retrying` after a failure that may pass, `ended` for good
 * (by the server, or by an error that trying again cannot mend).
 */
export type StreamStatus = 'waiting' | 'live' | 'retrying' | 'ended';

export interface LiveStreamListener<Out> {
  value(value: Out): void;
  status(status: StreamStatus, error?: AppError): void;
}

/** Whether somebody can see the page, and when that changes. */
export interface Visibility {
  hidden(): boolean;
  onChange(listener: () => void): () => void;
}

export const pageVisibility: Visibility = {
  hidden: () => document.hidden,
  onChange: (listener) => {
    document.addEventListener('visibilitychange', listener);
    return () => document.removeEventListener('visibilitychange', listener);
  },
};

/** Errors that stay what they are however often one asks. */
const FINAL: ReadonlySet<AppErrorCode> = new Set<AppErrorCode>([
  'invalid_input',
  'not_found',
  'unauthorized',
  'forbidden',
  'unknown_procedure',
]);

/**
 * Keeps a stream open for as long as the page is seen: closed while it is hidden, opened again with
 * back-off after a failure. Returns how to end it.
 */
export function keepStreamOpen<In, Out>(
  open: OpenStream<In, Out>,
  input: In,
  listener: LiveStreamListener<Out>,
  visibility: Visibility,
): () => void {
  let close: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let over = false;

  const next = (value: Out): void => {
    failures = 0;
    listener.value(value);
    listener.status('live');
  };

  const end = (result: Result<void>): void => {
    close = undefined;
    if (result.ok || FINAL.has(result.error.code)) {
      over = true;
      listener.status('ended', result.ok ? undefined : result.error);
      return;
    }
    listener.status('retrying', result.error);
    timer = setTimeout(start, reconnectDelay(failures++));
  };

  const start = (): void => {
    timer = undefined;
    if (over || close !== undefined || visibility.hidden()) return;
    close = open(input, { next, end });
  };

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const closing = close;
    close = undefined;
    closing?.();
  };

  const forgetVisibility = visibility.onChange(() => {
    if (visibility.hidden()) stop();
    else if (timer === undefined) start();
  });
  start();

  return () => {
    over = true;
    forgetVisibility();
    stop();
  };
}
