const lists = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>('#content [data-list]')].filter((list) =>
    list.checkVisibility(),
  );

/** Whether the screen has a list that the keys can move in. */
export const hasList = (): boolean => document.querySelector('#content [data-list]') !== null;

/**
 * Puts the focus into the screen's first list, onto the row that it was on before. From there the list's own keys
 * go on; the first press only shows where one is.
 */
export function focusList(key: 'j' | 'k'): void {
  const [list] = lists();
  if (list === undefined) return;
  const place =
    list.getAttribute('role') === 'grid'
      ? list
      : list.querySelector<HTMLElement>('[data-row-focus][tabindex="0"]');
  if (place === null) return;
  const wasOn = list.hasAttribute('aria-activedescendant');
  place.focus();
  if (wasOn) place.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}

/** The screen's own search field; null where it has none. */
export const screenSearch = (): HTMLInputElement | null =>
  document.querySelector('#content input[type="search"], #content [role="search"] input');
