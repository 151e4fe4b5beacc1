import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fail, ok } from '@shared/errors';
import type { StreamListener } from '@shared/rpc/define';
import { keepStreamOpen } from './live-stream';

const world = () => {
  const streams: { listener: StreamListener<number>; closed: boolean }[] = [];
  const listeners = new Set<() => void>();
  let hidden = false;
  const log: string[] = [];
  const stop = keepStreamOpen(
    (_input: object, listener: StreamListener<number>) => {
      const stream = { listener, closed: false };
      streams.push(stream);
      return () => {
        stream.closed = true;
      };
    },
    {},
    {
      value: (value) => log.push(String(value)),
      status: (status, error) => log.push(error === undefined ? status : `${status}:${error.code}`),
    },
    {
      hidden: () => hidden,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  );
  return {
    streams,
    log,
    stop,
    listeners,
    hide: (value: boolean) => {
      hidden = value;
      for (const listener of listeners) listener();
    },
  };
};

describe('a stream kept open', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('hands on its values', () => {
    const { streams, log } = world();
    streams[0]?.listener.next(1);
    streams[0]?.listener.next(2);
    expect(log).toEqual(['1', 'live', '2', 'live']);
  });

  it('is closed while nobody sees the page and opened again when somebody does', () => {
    const { streams, hide } = world();
    hide(true);
    expect(streams.map(({ closed }) => closed)).toEqual([true]);
    hide(false);
    expect(streams.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it('is opened again after a failure that may pass, and not before its time', async () => {
    const { streams, log, hide } = world();
    streams[0]?.listener.end?.(fail({ code: 'engine_unavailable', message: 'down' }));
    expect(log).toEqual(['retrying:engine_unavailable']);
    hide(false);
    expect(streams).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(250);
    expect(streams).toHaveLength(2);
  });

  it('does not retry while hidden', async () => {
    const { streams, hide } = world();
    streams[0]?.listener.end?.(fail({ code: 'timeout', message: 'slow' }));
    hide(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(streams).toHaveLength(1);
    hide(false);
    expect(streams).toHaveLength(2);
  });

  it.each(['invalid_input', 'not_found', 'unknown_procedure'] as const)(
    'ends for good on %s',
    async (code) => {
      const { streams, log, hide } = world();
      streams[0]?.listener.end?.(
        code === 'invalid_input'
          ? fail({ code, message: 'x', issues: [] })
          : code === 'not_found'
            ? fail({ code, message: 'x', what: 'job', id: '1' })
            : fail({ code, message: 'x' }),
      );
      await vi.advanceTimersByTimeAsync(60_000);
      hide(true);
      hide(false);
      expect(log).toEqual([`ended:${code}`]);
      expect(streams).toHaveLength(1);
    },
  );

  it('ends when the server ends it, and leaves nothing behind when stopped', async () => {
    const { streams, log, stop, listeners } = world();
    streams[0]?.listener.end?.(ok(undefined));
    expect(log).toEqual(['ended']);
    stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(streams).toHaveLength(1);
    expect(listeners.size).toBe(0);
  });
});
