import type { ClientWire } from '@shared/rpc/frames';
import {
  cancelled,
  createTransport,
  lostInFlight,
  notSent,
  type Transport,
  type TransportListener,
} from '@shared/rpc/transport';

/** `connecting` until the first attempt has ended; afterwards `open` or `reconnecting`. */
export type ConnectionState = 'connecting' | 'open' | 'reconnecting';

/** A wire on its way up; its `onClose` also says that it never came up. */
export interface Attempt {
  readonly wire: ClientWire;
  onOpen(opened: () => void): void;
  close(): void;
}

export interface ReconnectingTransport extends Transport {
  state(): ConnectionState;
  onState(listener: () => void): () => void;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;

/** How long to wait before attempt `n` (from 0): doubling, capped, half of it at random so that not all come back at once. */
export function reconnectDelay(n: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(n, 16));
  return full / 2 + (full / 2) * random();
}

interface HeldCall {
  readonly path: string;
  readonly input: unknown;
  readonly settle: (envelope: unknown) => void;
}

interface KeptStream {
  readonly path: string;
  readonly input: unknown;
  readonly listener: TransportListener;
}

/**
 * A transport that outlives its wires. Streams are opened again on each new one. A call is sent once:
 * it waits for the very first connection, fails where there is none, and is never repeated, because
 * nobody knows whether it took effect.
 */
export function createReconnectingTransport(connect: () => Attempt): ReconnectingTransport {
  const listeners = new Set<() => void>();
  const held = new Map<number, HeldCall>();
  const streams = new Map<number, KeptStream>();
  /** Our ids to those of the current wire. */
  const sent = new Map<number, number>();
  let current: Transport | undefined;
  let state: ConnectionState = 'connecting';
  let failures = 0;
  let lastId = 0;

  const become = (next: ConnectionState): void => {
    if (state === next) return;
    state = next;
    for (const listener of listeners) listener();
  };

  const openOn = (transport: Transport, id: number, stream: KeptStream): void => {
    const innerId = transport.open(stream.path, stream.input, {
      next: (value) => stream.listener.next(value),
      end: (envelope) => {
        if (envelope === lostInFlight || envelope === notSent) return;
        streams.delete(id);
        sent.delete(id);
        stream.listener.end(envelope);
      },
    });
    sent.set(id, innerId);
  };

  const sendOn = (transport: Transport, id: number, call: HeldCall): void => {
    const inner = transport.call(call.path, call.input);
    sent.set(id, inner.id);
    const done = (envelope: unknown): void => {
      sent.delete(id);
      call.settle(envelope);
    };
    inner.answer.then(done, () => done(lostInFlight));
  };

  const opened = (wire: ClientWire): void => {
    const transport = createTransport(wire);
    current = transport;
    failures = 0;
    for (const [id, stream] of streams) openOn(transport, id, stream);
    for (const [id, call] of takeAll(held)) sendOn(transport, id, call);
    become('open');
  };

  const closed = (): void => {
    current = undefined;
    for (const call of takeAll(held).values()) call.settle(notSent);
    become('reconnecting');
    setTimeout(attempt, reconnectDelay(failures++));
  };

  const attempt = (): void => {
    const next = connect();
    next.onOpen(() => opened(next.wire));
    next.wire.onClose(closed);
  };
  attempt();

  return {
    call(path, input) {
      const id = ++lastId;
      const answer = new Promise<unknown>((settle) => {
        const call: HeldCall = { path, input, settle };
        if (current !== undefined) sendOn(current, id, call);
        else if (state === 'connecting') held.set(id, call);
        else settle(notSent);
      });
      return { id, answer };
    },
    open(path, input, listener) {
      const id = ++lastId;
      const stream: KeptStream = { path, input, listener };
      streams.set(id, stream);
      if (current !== undefined) openOn(current, id, stream);
      return id;
    },
    cancel(id) {
      streams.delete(id);
      const call = held.get(id);
      held.delete(id);
      call?.settle(cancelled);
      const innerId = sent.get(id);
      sent.delete(id);
      if (innerId !== undefined) current?.cancel(innerId);
    },
    state: () => state,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function takeAll<K, V>(map: Map<K, V>): Map<K, V> {
  const taken = new Map(map);
  map.clear();
  return taken;
}
