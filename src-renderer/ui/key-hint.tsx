import { isApplePlatform } from '@renderer/platform/bridge';
import { cx } from './cx';

const APPLE: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Ctrl: '⌃' };
const OTHER: Readonly<Record<string, string>> = { Mod: 'Ctrl' };
const SHARED: Readonly<Record<string, string>> = {
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** One key as this platform's keyboard prints it. */
export function keyLabel(key: string, apple: boolean): string {
  const named = (apple ? APPLE[key] : OTHER[key]) ?? SHARED[key];
  if (named !== undefined) return named;
  return key.length === 1 ? key.toUpperCase() : key;
}

/** Keys as caps. `Mod+K` is pressed together, `g o` one after the other. */
export function KeyHint({ keys, className }: { keys: string; className?: string | undefined }) {
  const apple = isApplePlatform();
  const caps = keys.split(' ').flatMap((chord) => (chord === '+' ? ['+'] : chord.split('+')));
  return (
    <kbd className={cx('inline-flex gap-0.5 font-sans', className)}>
      {caps.map((cap, index) => (
        <span
          key={`${cap}${index}`}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-xs border border-line bg-sunken px-1 text-2xs font-medium text-ink-3"
        >
          {keyLabel(cap, apple)}
        </span>
      ))}
    </kbd>
  );
}
