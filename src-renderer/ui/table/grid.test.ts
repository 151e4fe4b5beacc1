import { describe, expect, it } from 'vitest';
import { gridAction, type GridKey } from './grid-keys';
import { emptySelection, extentOf, toggled, withRange } from './selection';

const key = (name: string, held: Partial<GridKey> = {}): GridKey => ({
  key: name,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

describe('keys in a table', () => {
  it.each([
    ['j', 5],
    ['ArrowDown', 5],
    ['k', 3],
    ['PageDown', 14],
    ['Home', 0],
    ['End', 99],
  ])('%s moves to row %i', (name, to) => {
    expect(gridAction(key(name), 4, 100, 10)).toEqual({ kind: 'move', to, extend: false });
  });

  it('stops at the ends', () => {
    expect(gridAction(key('j'), 99, 100, 10)).toEqual({ kind: 'move', to: 99, extend: false });
    expect(gridAction(key('PageUp'), 4, 100, 10)).toEqual({ kind: 'move', to: 0, extend: false });
  });

  it('extends with Shift, opens with Enter, selects with x', () => {
    expect(gridAction(key('ArrowDown', { shiftKey: true }), 4, 100, 10)).toMatchObject({ extend: true });
    expect(gridAction(key('Enter'), 4, 100, 10)).toEqual({ kind: 'open' });
    expect(gridAction(key('x'), 4, 100, 10)).toEqual({ kind: 'select' });
  });

  it('leaves other keys alone: Ctrl+K belongs to the palette', () => {
    expect(gridAction(key('k', { ctrlKey: true }), 4, 100, 10)).toBeNull();
    expect(gridAction(key('j'), -1, 0, 10)).toBeNull();
  });
});

describe('selection', () => {
  const idAt = (index: number): string | undefined => (index === 3 ? undefined : `row-${index}`);

  it('adds and removes one', () => {
    const one = toggled(emptySelection, 'a');
    expect([...one]).toEqual(['a']);
    expect(toggled(one, 'a').size).toBe(0);
    expect(emptySelection.size).toBe(0);
  });

  it('takes a range in either direction, without rows that are not loaded', () => {
    expect([...withRange(emptySelection, 4, 2, idAt)]).toEqual(['row-2', 'row-4']);
  });

  it('says how much of what is in sight is selected', () => {
    expect(extentOf(emptySelection, ['a'])).toBe('none');
    expect(extentOf(new Set(['a']), ['a', 'b'])).toBe('some');
    expect(extentOf(new Set(['a', 'b']), ['a', 'b'])).toBe('all');
    expect(extentOf(new Set(['z']), ['a'])).toBe('some');
  });
});
