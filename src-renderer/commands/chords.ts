/**
 * Shortcuts are written `Mod+K`, `Shift+Enter`, `?` or as a sequence, `g o`. `Mod` is ⌘ on Apple
 * systems and Ctrl elsewhere.
 */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** How long the second key of a sequence may take, in milliseconds. */
export const SEQUENCE_TIMEOUT_MS = 1_200;

/** The written form of a key press; null for a bare modifier. */
export function strokeOf(press: KeyPress, apple: boolean): string | null {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead'].includes(press.key)) return null;
  const parts: string[] = [];
  const mod = apple ? press.metaKey : press.ctrlKey;
  const other = apple ? press.ctrlKey : press.metaKey;
  if (mod) parts.push('Mod');
  if (other) parts.push('Ctrl');
  if (press.altKey) parts.push('Alt');
  const letter = /^[a-z]$/i.test(press.key);
  // `?` and `!` already say that Shift is held; a letter and a named key do not.
  if (press.shiftKey && (letter || press.key.length > 1)) parts.push('Shift');
  parts.push(letter ? press.key.toLowerCase() : press.key === ' ' ? 'Space' : press.key);
  return parts.join('+');
}

/** A shortcut as a list of strokes in the form that `strokeOf` writes. */
export function parseShortcut(shortcut: string): readonly string[] {
  return shortcut.split(' ').map((chord) => {
    if (chord.length === 1) return chord.toLowerCase();
    const parts = chord.split('+');
    const key = parts[parts.length - 1] ?? '';
    const rank = ['Mod', 'Ctrl', 'Alt', 'Shift'];
    const modifiers = parts.slice(0, -1).sort((a, b) => rank.indexOf(a) - rank.indexOf(b));
    return [...modifiers, /^[A-Za-z]$/.test(key) ? key.toLowerCase() : key].join('+');
  });
}

export type ChordOutcome =
  | { readonly kind: 'none' }
  /** The keys so far begin a sequence; the press is taken. */
  | { readonly kind: 'pending'; readonly strokes: readonly string[] }
  | { readonly kind: 'match'; readonly shortcut: string };

/** Follows key presses and tells which shortcut they make. Time is given, not read, so that it can be tested. */
export class ChordMatcher {
  #strokes: readonly string[] = [];
  #lastAt = 0;

  press(stroke: string, atMs: number, shortcuts: readonly string[]): ChordOutcome {
    if (atMs - this.#lastAt > SEQUENCE_TIMEOUT_MS) this.#strokes = [];
    this.#lastAt = atMs;
    const outcome = this.#match([...this.#strokes, stroke], shortcuts);
    // A wrong second key may itself begin something: `g` `x` must not swallow `x`.
    const result =
      outcome.kind === 'none' && this.#strokes.length > 0 ? this.#match([stroke], shortcuts) : outcome;
    this.#strokes = result.kind === 'pending' ? result.strokes : [];
    return result;
  }

  reset(): void {
    this.#strokes = [];
  }

  #match(strokes: readonly string[], shortcuts: readonly string[]): ChordOutcome {
    let pending = false;
    for (const shortcut of shortcuts) {
      const wanted = parseShortcut(shortcut);
      if (!strokes.every((stroke, index) => wanted[index] === stroke)) continue;
      if (wanted.length === strokes.length) return { kind: 'match', shortcut };
      pending = true;
    }
    return pending ? { kind: 'pending', strokes } : { kind: 'none' };
  }
}
