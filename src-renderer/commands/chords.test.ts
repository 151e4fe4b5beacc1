import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChordMatcher, type KeyPress, parseShortcut, SEQUENCE_TIMEOUT_MS, strokeOf } from './chords';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('strokeOf', () => {
  it('writes a press as the registry writes shortcuts', () => {
    expect(strokeOf(press('k', { ctrlKey: true }), false)).toBe('Mod+k');
    expect(strokeOf(press('K', { metaKey: true, shiftKey: true }), true)).toBe('Mod+Shift+k');
    expect(strokeOf(press('?', { shiftKey: true }), false)).toBe('?');
    expect(strokeOf(press('Enter', { shiftKey: true }), false)).toBe('Shift+Enter');
  });

  it('takes Ctrl for itself on Apple systems, where it is not the command key', () => {
    expect(strokeOf(press('k', { ctrlKey: true }), true)).toBe('Ctrl+k');
  });

  it('says nothing for a modifier alone', () => {
    expect(strokeOf(press('Shift', { shiftKey: true }), false)).toBeNull();
  });
});

describe('parseShortcut', () => {
  it('splits sequences and puts modifiers in order', () => {
    expect(parseShortcut('g o')).toEqual(['g', 'o']);
    expect(parseShortcut('Shift+Mod+K')).toEqual(['Mod+Shift+k']);
    expect(parseShortcut('?')).toEqual(['?']);
  });
});

describe('ChordMatcher', () => {
  const shortcuts = ['g o', 'g j', 'Mod+K', 'x', '?'];

  it('runs a single stroke at once', () => {
    expect(new ChordMatcher().press('Mod+k', 0, shortcuts)).toEqual({ kind: 'match', shortcut: 'Mod+K' });
  });

  it('waits for the second key of a sequence', () => {
    const matcher = new ChordMatcher();
    expect(matcher.press('g', 0, shortcuts).kind).toBe('pending');
    expect(matcher.press('j', 300, shortcuts)).toEqual({ kind: 'match', shortcut: 'g j' });
  });

  it('forgets the first key after a while', () => {
    const matcher = new ChordMatcher();
    matcher.press('g', 0, shortcuts);
    expect(matcher.press('j', SEQUENCE_TIMEOUT_MS + 1, shortcuts).kind).toBe('none');
  });

  it('lets a wrong second key be a shortcut of its own', () => {
    const matcher = new ChordMatcher();
    matcher.press('g', 0, shortcuts);
    expect(matcher.press('x', 100, shortcuts)).toEqual({ kind: 'match', shortcut: 'x' });
  });

  it('starts afresh after a match and after a miss', () => {
    const matcher = new ChordMatcher();
    matcher.press('g', 0, shortcuts);
    matcher.press('o', 100, shortcuts);
    expect(matcher.press('o', 200, shortcuts).kind).toBe('none');
    expect(matcher.press('g', 300, shortcuts).kind).toBe('pending');
  });

  it('never matches a key that is in no shortcut', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('q', 'w', 'z', 'Mod+p')), (keys) => {
        const matcher = new ChordMatcher();
        return keys.every((key, index) => matcher.press(key, index, shortcuts).kind === 'none');
      }),
    );
  });
});
