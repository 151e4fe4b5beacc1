import { describe, expect, it } from 'vitest';
import { keyLabel } from './key-hint';
import { timeLeft } from './progress';
import { clampPanelWidth } from './side-panel';
import { sparklinePaths } from './sparkline';
import { parseStack } from './stack-frames';

describe('sparkline', () => {
  it('draws nothing across a gap', () => {
    const { lines } = sparklinePaths([1, 2, null, 3, 4], 100, 20);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^M0\.0 .*L25\.0 /);
    expect(lines[1]).toMatch(/^M75\.0 /);
  });

  it('survives no readings and only zeros', () => {
    expect(sparklinePaths([], 100, 20).lines).toEqual([]);
    expect(sparklinePaths([0, 0], 100, 20).lines[0]).toBe('M0.0 18.5L100.0 18.5');
  });
});

describe('stack trace', () => {
  it('tells own frames from those of libraries and of Node', () => {
    const { head, frames } = parseStack(
      'Error: no\nsecond line\n    at send (/app/src-main/send.ts:1:2)\n    at run (/app/node_modules/x/y.js:1:1)\n    at node:internal/a:1:1',
    );
    expect(head).toBe('Error: no\nsecond line');
    expect(frames.map((frame) => frame.own)).toEqual([true, false, false]);
  });

  it('takes a message without frames as it is', () => {
    expect(parseStack('timeout')).toEqual({ head: 'timeout', frames: [] });
  });
});

describe('time left', () => {
  it('follows from the measured rate and says nothing without one', () => {
    expect(timeLeft(4_000, 10_000, 12)).toBe(500_000);
    expect(timeLeft(4_000, 10_000, 0)).toBeNull();
    expect(timeLeft(4_000, null, 12)).toBeNull();
    expect(timeLeft(10_000, 10_000, 12)).toBeNull();
  });
});

describe('side panel', () => {
  it('leaves room for the page and never gets too small', () => {
    expect(clampPanelWidth(900, 340, 1_200)).toBe(780);
    expect(clampPanelWidth(100, 340, 1_200)).toBe(340);
    expect(clampPanelWidth(600, 340, 500)).toBe(340);
  });
});

describe('key caps', () => {
  it('carry what the keyboard of the platform carries', () => {
    expect(keyLabel('Mod', true)).toBe('⌘');
    expect(keyLabel('Mod', false)).toBe('Ctrl');
    expect(keyLabel('k', false)).toBe('K');
    expect(keyLabel('Escape', false)).toBe('Esc');
  });
});
