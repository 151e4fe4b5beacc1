import { useEffect } from 'react';
import { useRouterState } from '@tanstack/react-router';
import { client } from '@renderer/platform/client';

/** Screens that list queues, or let one be chosen. */
const LISTING: ReadonlySet<string> = new Set(['/', '/jobs', '/charts', '/failures', '/engine', '/alerts']);

/** What comes of it comes with the live overview; where it fails, the console looks by itself soon. */
const glance = (): void => void client.queues.glance({});

/**
 * Has the engine looked through for new queues when somebody comes to look: the window comes to the front, a screen
 * that lists queues or the palette is opened. Nobody waits half a minute for a queue that they have just made.
 */
export function useQueueGlances(isPaletteOpen: boolean): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    if (isPaletteOpen || LISTING.has(path)) glance();
  }, [isPaletteOpen, path]);

  useEffect(() => {
    window.addEventListener('focus', glance);
    return () => window.removeEventListener('focus', glance);
  }, []);
}
