import { useEffect } from 'react';
import type { MenuCommand } from '@shared/contract/app';
import { commandRegistry } from '@renderer/commands/registry';
import { client, isDesktopWindow } from '@renderer/platform/client';

/** How long after the last change the menu follows, in ms: queues change all the time. */
const SETTLE_MS = 200;
const MOST = 300;

/** What the registry offers now, in words. Of 200 queues some are left out, of the screen nothing. */
export const offered = (): MenuCommand[] =>
  [...commandRegistry.all()]
    .sort((a, b) => Number(a.section === 'queue') - Number(b.section === 'queue'))
    .slice(0, MOST)
    .map(({ id, title, section, shortcut, when }) => ({
      id,
      title,
      section,
      ...(shortcut === undefined ? {} : { shortcut }),
      enabled: when?.() ?? true,
    }));

/** Keeps the native menu of the desktop window as the registry is. In a browser there is none. */
export function useNativeMenu(): void {
  useEffect(() => {
    if (!isDesktopWindow()) return;
    let told = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = async (): Promise<void> => {
      timer = undefined;
      const commands = offered();
      const now = JSON.stringify(commands);
      if (now === told) return;
      told = now;
      const result = await client.app.offerMenu({ commands });
      // Told again with the next change.
      if (!result.ok) told = '';
    };
    const soon = (): void => {
      timer ??= setTimeout(() => void tell(), SETTLE_MS);
    };
    soon();
    const stop = commandRegistry.subscribe(soon);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
}
