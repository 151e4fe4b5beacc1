import type { Envelope } from './frames';
import type { ClientWire } from './wire';
import type { ReceivedFrame } from './server-frame';

/**
 * What a client needs from its side of a wire. The Electron preload exposes exactly this across the
 * context bridge, so its shape is plain functions and plain values. Envelopes are `unknown` here: the
 * client parses them, on its own side of that bridge.
 */
export interface Transport {
  call(path: string, input: unknown): { readonly id: number; readonly answer: Promise<unknown> };
  open(path: string, input: unknown, listener: TransportListener): number;
  /** Gives up a call or a subscription: the call's answer is `cancelled`, the subscription's values stop. */
  cancel(id: number): void;
}

export interface TransportListener {
  next(value: unknown): void;
  /** Called once, never after a cancel. */
  end(envelope: unknown): void;
}

/** The answer to a call whose wire closed while it was under way. */
export const lostInFlight: Envelope = {
  ok: false,
  error: {
    code: 'connection_lost',
    message: 'The connection to the console was lost before the answer came.',
    action: 'It is not known whether the action took effect. Check before you repeat it.',
  },
};

/** The answer to a call that was not sent because there is no connection. */
export const notSent: Envelope = {
  ok: false,
  error: {
    code: 'connection_lost',
    message: 'There is no connection to the console, so nothing was sent.',
    action: 'Try again when the connection is back.',
  },
};

/** The answer to a call that its caller gave up. */
export const cancelled: Envelope = {
  ok: false,
  error: { code: 'cancelled', message: 'The call was given up.' },
};

/** Speaks the frame protocol over a wire. When the wire closes, every open call and stream ends with `connection_lost`. */
export const createTransport = (wire: ClientWire): Transport => {
  const calls = new Map<number, (envelope: unknown) => void>();
  const streams = new Map<number, TransportListener>();
  let lastId = 0;
  let closed = false;

  const receive = (frame: ReceivedFrame): void => {
    switch (frame.t) {
      case 'result':
        calls.get(frame.id)?.(frame.result);
        calls.delete(frame.id);
        return;
      case 'next':
        streams.get(frame.id)?.next(frame.value);
        return;
      case 'end':
        endStream(frame.id, frame.result);
    }
  };

  const endStream = (id: number, envelope: unknown): void => {
    const listener = streams.get(id);
    streams.delete(id);
    listener?.end(envelope);
  };

  wire.onFrame(receive);
  wire.onClose(() => {
    closed = true;
    for (const settle of calls.values()) settle(lostInFlight);
    calls.clear();
    for (const id of [...streams.keys()]) endStream(id, lostInFlight);
  });

  return {
    call(path, input) {
      const id = ++lastId;
      if (closed) return { id, answer: Promise.resolve(notSent) };
      const answer = new Promise<unknown>((resolve) => calls.set(id, resolve));
      wire.send({ t: 'call', id, path, input });
      return { id, answer };
    },
    open(path, input, listener) {
      const id = ++lastId;
      streams.set(id, listener);
      if (closed) queueMicrotask(() => endStream(id, notSent));
      else wire.send({ t: 'open', id, path, input });
      return id;
    },
    cancel(id) {
      const settle = calls.get(id);
      const known = streams.delete(id) || settle !== undefined;
      calls.delete(id);
      settle?.(cancelled);
      if (known && !closed) wire.send({ t: 'cancel', id });
    },
  };
};
