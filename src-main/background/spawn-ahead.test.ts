import { describe, expect, it } from 'vitest';
import type { BackgroundProcess } from './control';
import { spawnAhead } from './spawn-ahead';

const duplex = {
  post: () => undefined,
  onMessage: () => undefined,
  onClose: () => undefined,
  close: () => undefined,
};

/** Spawns processes that the test itself ends. */
const nursery = () => {
  const ends: ((code: number | null) => void)[] = [];
  const spawn = (): BackgroundProcess => {
    const listeners: ((code: number | null) => void)[] = [];
    ends.push((code) => {
      for (const listener of listeners.splice(0)) listener(code);
    });
    return {
      channels: { control: duplex, rpc: duplex, database: duplex },
      onExit: (listener) => void listeners.push(listener),
      kill: () => undefined,
    };
  };
  return { ends, spawn };
};

describe('spawnAhead', () => {
  it('begins the first process before it is asked for, and the later ones when they are', () => {
    const { ends, spawn } = nursery();
    const ask = spawnAhead(spawn);
    expect(ends).toHaveLength(1);
    ask();
    expect(ends).toHaveLength(1);
    ask();
    expect(ends).toHaveLength(2);
  });

  it('tells of an end before and after it was asked for', async () => {
    for (const early of [true, false]) {
      const { ends, spawn } = nursery();
      const ask = spawnAhead(spawn);
      if (early) ends[0]?.(7);
      const process = ask();
      const code = new Promise((resolve) => {
        process.onExit(resolve);
      });
      if (!early) ends[0]?.(7);
      expect(await code).toBe(7);
    }
  });
});
