interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
}

/** Whether a key asks for the menu of what the focus is on. */
export const isMenuKey = ({ key, shiftKey }: Key): boolean =>
  key === 'ContextMenu' || (shiftKey && key === 'F10');

/** Opens the menu of an element as a right click at its beginning would. */
export function openMenuAt(element: Element): void {
  const { left, bottom } = element.getBoundingClientRect();
  element.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX: left + 16,
      clientY: bottom - 4,
      button: 2,
    }),
  );
}
