import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { listenForShortcuts } from '@renderer/commands/keyboard';
import { CommandPalette } from '@renderer/commands/palette';
import { ShortcutSheet } from '@renderer/commands/shortcut-sheet';
import { DrainDialog } from '@renderer/operations/drain';
import { usePreferences } from '@renderer/platform/preferences';
import { DropOverlay } from '@renderer/ui/file-drop';
import { useNativeMenu } from './native-menu';
import { useQueueGlances } from './queue-glances';
import { Nav } from './nav';
import { navigation } from './navigation';
import { useShellCommands } from './shell-commands';
import { useShellSlots } from './shell-slots';
import { StatusBar } from './status-bar';
import { useShellText } from './texts';
import { TopBar } from './top-bar';
import { useMediaQuery } from './use-media-query';
import { useWindowDrop } from './use-window-drop';

const ROOMY = '(min-width: 1200px)';

/** The frame around every screen. */
export function Shell() {
  const t = useShellText();
  const router = useRouter();
  const { banner, onFiles } = useShellSlots();
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  const roomy = useMediaQuery(ROOMY);
  const chosen = usePreferences((state) => state.navCollapsed);
  const set = usePreferences((state) => state.set);
  const collapsed = chosen ?? !roomy;
  const toggleNav = (): void => set({ navCollapsed: !collapsed });
  const dragging = useWindowDrop(onFiles);
  const paths = new Set<string>(Object.keys(router.routesByPath));
  const entries = navigation.filter((entry) => paths.has(entry.path));

  useEffect(() => listenForShortcuts(), []);
  useNativeMenu();
  useQueueGlances(palette);
  useShellCommands({
    entries,
    openPalette: () => setPalette(true),
    openShortcuts: () => setSheet(true),
    toggleNav,
  });

  return (
    <div className="flex h-full min-w-[1000px] flex-col">
      <a
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-raised focus:px-3 focus:py-1.5"
      >
        {t('skip')}
      </a>
      <TopBar
        collapsed={collapsed}
        onToggleNav={toggleNav}
        onOpenPalette={() => setPalette(true)}
        onOpenShortcuts={() => setSheet(true)}
      />
      {banner}
      <div className="flex min-h-0 flex-1">
        <Nav entries={entries} collapsed={collapsed} />
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 overflow-hidden outline-none">
          <Outlet />
        </main>
      </div>
      <StatusBar />
      {dragging && <DropOverlay />}
      <CommandPalette
        open={palette}
        onOpenChange={setPalette}
        onAddress={(address) => router.history.push(address)}
      />
      <DrainDialog onShow={() => void router.navigate({ to: '/failures', search: { view: 'operations' } })} />
      <ShortcutSheet open={sheet} onOpenChange={setSheet} />
    </div>
  );
}
