import type { Envelope } from './frames';
import type { ClientWire } from './wire';
import {
  cancelled,
  createTransport,
  lostInFlight,
  notSent,
  type Transport,
  type TransportListener,
} from './transport';

/** `connecting` until the first attempt has ended; afterwards `open` or `reconnecting`. */
export type ConnectionState = 'connecting' | 'open' | 'reconnecting';

/** A wire on its way up; its `onClose` also says that it never came up. */
export interface Attempt {
  readonly wire: ClientWire;
  onOpen(opened: () => void): void;
}

export interface ReconnectingTransport extends Transport {
  state(): ConnectionState;
  /** Calls `listener` at every change of the state; returns how to stop it. */
  onState(listener: () => void): () => void;
  /** Makes no further attempt. The current wire is for its owner to close. */
  stop(): void;
}

export interface ReconnectOptions {
  /** The answer to a call that finds no connection. */
  readonly notSent?: Envelope;
  /** The answer to a call whose wire closed under it. */
  readonly lostInFlight?: Envelope;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;
/** A wire that lived this long was good: the next attempt after it starts from the shortest delay. */
const STABLE_MS = 10_000;

/** How long to wait before attempt `n` (from 0): doubling, capped, half of it at random so that not all come back at once. */
export const reconnectDelay = (n: number, random: () => number = Math.random): number => {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(n, 16));
  return full / 2 + (full / 2) * random();
};

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
export const createReconnectingTransport = (
  connect: () => Attempt,
  answers: ReconnectOptions = {},
): ReconnectingTransport => {
  const listeners = new Set<() => void>();
  const held = new Map<number, HeldCall>();
  const streams = new Map<number, KeptStream>();
  /** Our ids to those of the current wire. */
  const sent = new Map<number, number>();
  let current: Transport | undefined;
  let openedAt = 0;
  let state: ConnectionState = 'connecting';
  let failures = 0;
  let lastId = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const unsent = answers.notSent ?? notSent;

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
      call.settle(envelope === lostInFlight ? (answers.lostInFlight ?? lostInFlight) : envelope);
    };
    inner.answer.then(done, () => done(lostInFlight));
  };

  const opened = (wire: ClientWire): void => {
    const transport = createTransport(wire);
    current = transport;
    openedAt = Date.now();
    for (const [id, stream] of streams) openOn(transport, id, stream);
    for (const [id, call] of takeAll(held)) sendOn(transport, id, call);
    become('open');
  };

  const closed = (): void => {
    if (current !== undefined && Date.now() - openedAt >= STABLE_MS) failures = 0;
    current = undefined;
    for (const call of takeAll(held).values()) call.settle(unsent);
    become('reconnecting');
    if (!stopped) timer = setTimeout(attempt, reconnectDelay(failures++));
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
        else settle(unsent);
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
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
};

const takeAll = <K, V>(map: Map<K, V>): Map<K, V> => {
  const taken = new Map(map);
  map.clear();
  return taken;
};
