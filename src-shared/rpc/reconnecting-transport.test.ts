import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientFrame } from '@shared/rpc/frames';
import { createMemoryDuplex } from '@shared/rpc/memory-wire';
import { clientWireOver, type Duplex } from '@shared/rpc/duplex';
import {
  createReconnectingTransport,
  reconnectDelay,
  type Attempt,
  type ReconnectingTransport,
} from './reconnecting-transport';

interface Line {
  /** The server's end; what arrived there is in `frames`. */
  readonly server: Duplex;
  readonly frames: ClientFrame[];
  open(): void;
}

const isFrame = (message: unknown): message is ClientFrame => typeof message === 'object' && message !== null;

const world = (): { transport: ReconnectingTransport; lines: Line[]; last: () => Line } => {
  const lines: Line[] = [];
  const connect = (): Attempt => {
    const [client, server] = createMemoryDuplex();
    const frames: ClientFrame[] = [];
    server.onMessage((message) => {
      if (isFrame(message)) frames.push(message);
    });
    let opened = (): void => undefined;
    lines.push({ server, frames, open: () => opened() });
    return {
      wire: clientWireOver(client, () => undefined),
      onOpen: (listener) => {
        opened = listener;
      },
    };
  };
  const transport = createReconnectingTransport(connect);
  const last = (): Line => {
    const line = lines.at(-1);
    if (line === undefined) throw new Error('no attempt was made');
    return line;
  };
  return { transport, lines, last };
};

const flush = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};

describe('a transport that outlives its wires', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('holds calls for the very first connection', async () => {
    const { transport, last } = world();
    const { answer } = transport.call('a.b', { n: 1 });
    await flush();
    expect(last().frames).toEqual([]);
    last().open();
    await flush();
    expect(last().frames).toEqual([{ t: 'call', id: 1, path: 'a.b', input: { n: 1 } }]);
    last().server.post({ t: 'result', id: 1, result: { ok: true, value: 2 } });
    expect(await answer).toEqual({ ok: true, value: 2 });
    expect(transport.state()).toBe('open');
  });

  it('fails held calls when the first attempt fails, and says that nothing was sent', async () => {
    const { transport, last } = world();
    const { answer } = transport.call('a.b', {});
    last().server.close();
    expect(await answer).toMatchObject({
      ok: false,
      error: {
        code: 'connection_lost',
        message: 'There is no connection to the console, so nothing was sent.',
      },
    });
    expect(transport.state()).toBe('reconnecting');
    expect(await transport.call('a.b', {}).answer).toMatchObject({ error: { code: 'connection_lost' } });
  });

  it('never sends a call twice: one under way when the wire is lost fails', async () => {
    const { transport, last, lines } = world();
    last().open();
    const { answer } = transport.call('a.send', {});
    await flush();
    last().server.close();
    expect(await answer).toMatchObject({
      error: {
        code: 'connection_lost',
        action: expect.stringContaining('Check before you repeat') as string,
      },
    });
    await vi.advanceTimersByTimeAsync(10_000);
    last().open();
    await flush();
    expect(lines).toHaveLength(2);
    expect(last().frames).toEqual([]);
  });

  it('opens its streams again on each new wire, without telling their listeners of the gap', async () => {
    const { transport, last } = world();
    const values: unknown[] = [];
    const ends: unknown[] = [];
    const id = transport.open('q.live', {}, { next: (v) => values.push(v), end: (e) => ends.push(e) });
    const closed = transport.open('q.other', {}, { next: () => undefined, end: (e) => ends.push(e) });
    last().open();
    await flush();
    expect(last().frames.map((frame) => frame.t)).toEqual(['open', 'open']);
    last().server.post({ t: 'next', id: 1, value: 'first' });
    await flush();
    transport.cancel(closed);
    last().server.close();
    await vi.advanceTimersByTimeAsync(10_000);
    last().open();
    await flush();
    expect(last().frames).toEqual([{ t: 'open', id: 1, path: 'q.live', input: {} }]);
    last().server.post({ t: 'next', id: 1, value: 'second' });
    await flush();
    expect(values).toEqual(['first', 'second']);
    expect(ends).toEqual([]);
    transport.cancel(id);
    await flush();
    expect(last().frames.at(-1)).toEqual({ t: 'cancel', id: 1 });
  });

  it('ends a stream that the server ends, and does not open it again', async () => {
    const { transport, last } = world();
    const ends: unknown[] = [];
    transport.open('q.live', {}, { next: () => undefined, end: (e) => ends.push(e) });
    last().open();
    last().server.post({ t: 'end', id: 1, result: { ok: true } });
    await flush();
    expect(ends).toEqual([{ ok: true }]);
    last().server.close();
    await vi.advanceTimersByTimeAsync(10_000);
    last().open();
    await flush();
    expect(last().frames).toEqual([]);
  });

  it('tells its state as it changes', async () => {
    const { transport, last } = world();
    const states: string[] = [];
    const stop = transport.onState(() => states.push(transport.state()));
    last().open();
    last().server.close();
    await vi.advanceTimersByTimeAsync(10_000);
    last().open();
    stop();
    last().server.close();
    expect(states).toEqual(['open', 'reconnecting', 'open']);
  });

  it('waits longer from attempt to attempt, up to 5 s', () => {
    expect([0, 1, 2, 3, 10, 1_000].map((n) => reconnectDelay(n, () => 1))).toEqual([
      250, 500, 1_000, 2_000, 5_000, 5_000,
    ]);
    expect(reconnectDelay(0, () => 0)).toBe(125);
  });
});
