import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { MIN_HEIGHT, MIN_WIDTH } from './window-size';

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });
type Bounds = z.infer<typeof Bounds>;

/** Where a window goes: without x and y the system centres it. */
export interface WindowPlacement {
  readonly bounds: {
    readonly width: number;
    readonly height: number;
    readonly x?: number;
    readonly y?: number;
  };
  readonly maximized: boolean;
}

const SavedState = z.object({ bounds: Bounds, maximized: z.boolean() });
export type SavedState = z.infer<typeof SavedState>;

const DEFAULT: WindowPlacement = { bounds: { width: 1440, height: 900 }, maximized: false };

/** So much of the title bar must be on a display that the window can be grasped. */
const GRASP_WIDTH = 120;
const GRASP_HEIGHT = 32;

const overlap = (aStart: number, aLength: number, bStart: number, bLength: number): number =>
  Math.min(aStart + aLength, bStart + bLength) - Math.max(aStart, bStart);

/** A saved place, where it can still be seen on one of the displays' work areas; else the default. */
export const placementOn = (saved: SavedState | null, displays: readonly Bounds[]): WindowPlacement => {
  if (saved === null) return DEFAULT;
  const { bounds, maximized } = saved;
  const size = {
    width: Math.max(MIN_WIDTH, bounds.width),
    height: Math.max(MIN_HEIGHT, bounds.height),
  };
  const graspable = displays.some(
    (display) =>
      overlap(bounds.x, size.width, display.x, display.width) >= GRASP_WIDTH &&
      overlap(bounds.y, GRASP_HEIGHT, display.y, display.height) >= GRASP_HEIGHT,
  );
  return graspable
    ? { bounds: { x: bounds.x, y: bounds.y, ...size }, maximized }
    : { bounds: DEFAULT.bounds, maximized };
};

/** What was saved; null where nothing was, or nothing that this version understands. */
export const readWindowState = (path: string): SavedState | null => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return parseState(text);
};

const parseState = (text: string): SavedState | null => {
  try {
    const parsed = SavedState.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    // A file cut short by a crash costs a window's place, nothing else.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
};

export const writeWindowState = (path: string, state: SavedState): void =>
  writeFileSync(path, JSON.stringify(state));
