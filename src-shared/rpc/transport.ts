import { fail, ok, type Result } from '../errors';
import type { ClientWire, Envelope, ServerFrame } from './frames';

/**
 * What a client needs from its side of a wire. The Electron preload exposes exactly this across the
 * context bridge, so its shape is plain functions and plain values.
 */
export interface Transport {
  call(path: string, input: unknown): { readonly id: number; readonly answer: Promise<Envelope> };
  open(path: string, input: unknown, listener: TransportListener): number;
  /** Gives up a call or a subscription: its answer is not waited for and its values stop. */
  cancel(id: number): void;
}

export interface TransportListener {
  next(value: unknown): void;
  end(result: Envelope): void;
}

const lost = fail({
  code: 'connection_lost',
  message: 'The connection to the console was lost before the answer came.',
  action: 'It is not known whether the action took effect. Check before you repeat it.',
});

const cancelled = fail({ code: 'cancelled', message: 'The call was given up.' });

/** Speaks the frame protocol over a wire. When the wire closes, every open call and stream ends with `connection_lost`. */
export const createTransport = (wire: ClientWire): Transport => {
  const calls = new Map<number, (result: Envelope) => void>();
  const streams = new Map<number, TransportListener>();
  let lastId = 0;
  let closed = false;

  const receive = (frame: ServerFrame): void => {
    switch (frame.t) {
      case 'result':
        calls.get(frame.id)?.(frame.result);
        calls.delete(frame.id);
        return;
      case 'next':
        streams.get(frame.id)?.next(frame.value);
        return;
      case 'end': {
        const listener = streams.get(frame.id);
        streams.delete(frame.id);
        listener?.end(frame.result);
      }
    }
  };

  wire.onFrame(receive);
  wire.onClose(() => {
    closed = true;
    for (const settle of calls.values()) settle(lost);
    calls.clear();
    const open = [...streams.values()];
    streams.clear();
    for (const listener of open) listener.end(lost);
  });

  return {
    call(path, input) {
      const id = ++lastId;
      if (closed) return { id, answer: Promise.resolve(lost) };
      const answer = new Promise<Envelope>((resolve) => calls.set(id, resolve));
      wire.send({ t: 'call', id, path, input });
      return { id, answer };
    },
    open(path, input, listener) {
      const id = ++lastId;
      if (closed) {
        queueMicrotask(() => listener.end(lost));
        return id;
      }
      streams.set(id, listener);
      wire.send({ t: 'open', id, path, input });
      return id;
    },
    cancel(id) {
      const settle = calls.get(id);
      const known = settle !== undefined || streams.delete(id);
      calls.delete(id);
      settle?.(cancelled);
      if (known && !closed) wire.send({ t: 'cancel', id });
    },
  };
};

/** An envelope that came over a wire, as a result whose value is still to be parsed. */
export const fromEnvelope = (envelope: Envelope): Result<unknown> =>
  envelope.ok ? ok(envelope.value) : fail(envelope.error);
