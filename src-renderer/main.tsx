import './styles/index.css';
import './platform/zod-setup';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveShell } from './app/live-shell';
import { Providers } from './app/providers';
import { createQueryClient } from './app/query-client';
import { router } from './app/router';
import { followTheme } from './platform/theme';

followTheme();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <Providers queryClient={createQueryClient()}>
      <LiveShell>
        <RouterProvider router={router} />
      </LiveShell>
    </Providers>
  </StrictMode>,
);
