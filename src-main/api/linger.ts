import type { IncomingMessage } from 'node:http';

/** What a sender may still send after the answer, and how long it may take or be silent; then it is cut off. */
const LIMITS = { bytes: 64 * 1024 ** 2, totalMs: 10_000, silentMs: 2_000 } as const;
export type LingerLimits = Readonly<Record<keyof typeof LIMITS, number>>;

/**
 * The body of an answer to a request that is not read to its end. It is complete at once, but ends only when the
 * rest of the request was read and thrown away: a socket that is closed on bytes nobody has read resets the
 * connection, and a sender that writes on would find it broken instead of the answer (RFC 9112, 9.6; what nginx
 * calls a lingering close). The answer must carry `Content-Length`, so that its reader need not wait for that end.
 */
export const lingeringBody = (
  answer: Uint8Array,
  request: IncomingMessage,
  limits: LingerLimits = LIMITS,
): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async start(controller) {
      controller.enqueue(answer);
      await discard(request, limits);
      controller.close();
    },
  });

/** Reads the rest of a request for nobody; ends with it, or where it is too much or takes too long. */
function discard(request: IncomingMessage, limits: LingerLimits): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const end = (): void => {
      clearTimeout(total);
      clearTimeout(silent);
      request.off('data', count);
      resolve();
    };
    const count = (piece: Buffer): void => {
      bytes += piece.length;
      silent.refresh();
      if (bytes > limits.bytes) end();
    };
    const total = setTimeout(end, limits.totalMs).unref();
    const silent = setTimeout(end, limits.silentMs).unref();
    if (request.readableEnded || request.destroyed) {
      end();
      return;
    }
    for (const event of ['end', 'close', 'error'] as const) request.once(event, end);
    // Whoever has read it so far would hold it up as soon as it has had enough.
    request.removeAllListeners('data');
    request.on('data', count);
    request.resume();
  });
}
