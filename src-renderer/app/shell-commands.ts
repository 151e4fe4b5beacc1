import { useNavigate } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, Keyboard, PanelLeft, Search, SunMoon, TextSearch } from 'lucide-react';
import { useCommands } from '@renderer/commands';
import { usePreferences } from '@renderer/platform/preferences';
import { focusList, hasList, screenSearch } from './lists';
import type { NavEntry } from './navigation';
import { useShellText } from './texts';

interface ShellActions {
  readonly entries: readonly NavEntry[];
  readonly openPalette: () => void;
  readonly openShortcuts: () => void;
  readonly toggleNav: () => void;
}

/** The commands that are there on every screen. */
export function useShellCommands({ entries, openPalette, openShortcuts, toggleNav }: ShellActions): void {
  const t = useShellText();
  const navigate = useNavigate();
  const set = usePreferences((state) => state.set);
  const toggleTheme = (): void => {
    set({ theme: document.documentElement.dataset['scheme'] === 'dark' ? 'light' : 'dark' });
  };
  useCommands([
    ...entries.map((entry) => ({
      id: `go.${entry.key}`,
      title: t('goTo', { screen: t(`nav.${entry.key}`) }),
      section: 'navigate' as const,
      icon: entry.icon,
      shortcut: entry.shortcut,
      run: () => void navigate({ to: entry.path }),
    })),
    {
      id: 'list.next',
      title: t('list.next'),
      section: 'view',
      icon: ArrowDown,
      shortcut: 'j',
      when: hasList,
      run: () => focusList('j'),
    },
    {
      id: 'list.previous',
      title: t('list.previous'),
      section: 'view',
      icon: ArrowUp,
      shortcut: 'k',
      when: hasList,
      run: () => focusList('k'),
    },
    {
      id: 'screen.search',
      title: t('searchScreen'),
      section: 'view',
      icon: TextSearch,
      shortcut: '/',
      // Where a screen has no search of its own, there is the one over everything.
      run: () => {
        const field = screenSearch();
        if (field === null) openPalette();
        else field.focus();
      },
    },
    {
      id: 'shell.palette',
      title: t('palette'),
      section: 'system',
      icon: Search,
      shortcut: 'Mod+K',
      run: openPalette,
    },
    {
      id: 'shell.shortcuts',
      title: t('shortcuts'),
      section: 'system',
      icon: Keyboard,
      shortcut: '?',
      run: openShortcuts,
    },
    {
      id: 'shell.nav',
      title: t('toggleNav'),
      section: 'view',
      icon: PanelLeft,
      shortcut: 'Mod+B',
      run: toggleNav,
    },
    {
      id: 'shell.theme',
      title: t('theme.toggle'),
      section: 'view',
      icon: SunMoon,
      shortcut: 'Shift+D',
      run: toggleTheme,
    },
  ]);
}
