import { usePreferences, type ThemeChoice } from './preferences';

export type Scheme = 'light' | 'dark';

const DARK_QUERY = '(prefers-color-scheme: dark)';

/** The scheme that a choice means on this system. */
export function resolveScheme(choice: ThemeChoice, systemIsDark: boolean): Scheme {
  if (choice !== 'system') return choice;
  return systemIsDark ? 'dark' : 'light';
}

function apply(choice: ThemeChoice, systemIsDark: boolean): void {
  const root = document.documentElement;
  root.dataset['theme'] = choice;
  root.dataset['scheme'] = resolveScheme(choice, systemIsDark);
}

/**
 * Puts the chosen theme on <html> now and whenever the choice or the system changes.
 * Called before the first render so that no wrong colour is ever painted.
 */
export function followTheme(): () => void {
  const media = window.matchMedia(DARK_QUERY);
  const update = (): void => apply(usePreferences.getState().theme, media.matches);
  update();
  media.addEventListener('change', update);
  const unsubscribe = usePreferences.subscribe(update);
  return () => {
    media.removeEventListener('change', update);
    unsubscribe();
  };
}
