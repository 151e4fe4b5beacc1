import { createHashHistory, createRouter } from '@tanstack/react-router';
import { usePreferences } from '@renderer/platform/preferences';
import { rootRoute } from '@renderer/app/page-route';
import { pages } from '@renderer/app/routes';

const history = createHashHistory();

/** Where the user was last time; only on a start that names no screen itself. */
function restoreLastLocation(): void {
  const last = usePreferences.getState().lastLocation;
  if (window.location.hash === '' && last !== null) history.replace(last);
}

restoreLastLocation();

export const router = createRouter({
  history,
  routeTree: rootRoute.addChildren(pages),
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  // The address keeps what differs from a screen's defaults as plain `?state=failed`.
  defaultStructuralSharing: true,
});

router.subscribe('onResolved', ({ toLocation }) => {
  usePreferences.getState().set({ lastLocation: toLocation.href });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
