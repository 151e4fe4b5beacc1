import { RouterProvider } from '@tanstack/react-router';
import { startTransition, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { followTheme } from '@renderer/platform/theme';
import { LiveShell } from './live-shell';
import { Providers } from './providers';
import { createQueryClient } from './query-client';
import { router } from './router';

/** Draws the window, in slices: the first picture of all is the largest. */
export function start(): void {
  followTheme();
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  const reactRoot = createRoot(root);
  startTransition(() =>
    reactRoot.render(
      <StrictMode>
        <Providers queryClient={createQueryClient()}>
          <LiveShell>
            <RouterProvider router={router} />
          </LiveShell>
        </Providers>
      </StrictMode>,
    ),
  );
}
