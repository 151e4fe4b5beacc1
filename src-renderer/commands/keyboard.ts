import { isApplePlatform } from '@renderer/platform/bridge';
import { ChordMatcher, strokeOf } from './chords';
import { type Command, commandRegistry } from './registry';

const TEXT_INPUTS = [
  'text',
  'search',
  'email',
  'url',
  'tel',
  'password',
  'number',
  'date',
  'time',
  'datetime-local',
];

/** True where typing belongs to the element: no shortcut may take its keys. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return target instanceof HTMLInputElement && TEXT_INPUTS.includes(target.type);
}

/** Keys that stay free in a text field: with Ctrl or ⌘, they type nothing. */
function allowedWhileTyping(shortcut: string): boolean {
  return shortcut.startsWith('Mod+');
}

function insideDialog(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('[role="dialog"],[role="alertdialog"],[role="menu"]') !== null
  );
}

const insideList = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[data-list]') !== null;

/**
 * In a list a key means the row that it stands on; elsewhere what the screen has open. Of the others the last
 * registered wins: a page may redefine a key of the shell.
 */
export function meant(matched: readonly Command[], inList: boolean): Command | undefined {
  const ofRow = matched.filter(({ section }) => section === 'row').pop();
  const ofScreen = matched.filter(({ section }) => section !== 'row').pop();
  return inList ? (ofRow ?? ofScreen) : (ofScreen ?? ofRow);
}

/** Listens for the shortcuts of all registered commands on the window. Returns the way to stop. */
export function listenForShortcuts(): () => void {
  const matcher = new ChordMatcher();
  const apple = isApplePlatform();

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const stroke = strokeOf(event, apple);
    if (stroke === null) return;
    const typing = isTyping(event.target) || insideDialog(event.target);
    const commands = commandRegistry
      .available()
      .filter(
        (command) => command.shortcut !== undefined && (!typing || allowedWhileTyping(command.shortcut)),
      );
    const outcome = matcher.press(
      stroke,
      event.timeStamp,
      commands.map((command) => command.shortcut ?? ''),
    );
    if (outcome.kind === 'none') return;
    event.preventDefault();
    if (outcome.kind === 'match') {
      const matched = commands.filter((command) => command.shortcut === outcome.shortcut);
      meant(matched, insideList(event.target))?.run();
    }
  };

  const reset = (): void => matcher.reset();
  window.addEventListener('keydown', onKeyDown);
  window.addEventListener('blur', reset);
  return () => {
    window.removeEventListener('keydown', onKeyDown);
    window.removeEventListener('blur', reset);
  };
}
