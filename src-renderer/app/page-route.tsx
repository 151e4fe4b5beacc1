import { createRootRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { type ComponentType, useDeferredValue } from 'react';
import { z } from 'zod';
import { RouteError, RouteNotFound, RoutePending } from './route-states';
import { Shell } from './shell';

export const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: RouteNotFound,
  errorComponent: RouteError,
});

/** For a screen without parameters in its address. */
export const noSearch = z.object({});

/**
 * One screen: its path, the schema of its search parameters (filters, the chosen id), and its code,
 * loaded when it is first visited. The module exports `Page`. Give every parameter a `.catch(...)` or
 * `.optional().catch(undefined)`: an address typed by hand must not break the screen.
 */
export function page<const Path extends string, Search extends z.ZodObject>(
  path: Path,
  search: Search,
  load: () => Promise<{ readonly Page: ComponentType }>,
) {
  return createRoute({
    getParentRoute: () => rootRoute,
    path,
    validateSearch: search,
    component: lazyRouteComponent(async () => ({ Page: inSlices((await load()).Page) }), 'Page'),
    errorComponent: RouteError,
    pendingComponent: RoutePending,
  });
}

/**
 * The screen, drawn in slices between which the window answers: the router itself draws at once, however long it takes.
 */
function inSlices(Page: ComponentType): ComponentType {
  return function Sliced() {
    return useDeferredValue(true, false) ? <Page /> : null;
  };
}
