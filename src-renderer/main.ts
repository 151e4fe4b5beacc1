import './styles/index.css';
import './platform/zod-setup';
import { sessionToken } from './platform/session-token';

/**
 * The program in parts, in the order in which they need each other. Each is evaluated in a task of its own: all of
 * it at once, hundreds of schemas and components, keeps the window from answering for more than a tenth of a second.
 */
const parts: readonly (() => Promise<unknown>)[] = [
  () => import('@shared/contract/imports'),
  () => import('@shared/contract/campaigns'),
  () => import('@shared/contract'),
  () => import('./app/providers'),
];

async function open(): Promise<void> {
  // Kept before anything else is loaded: whoever leaves or loads the page anew meanwhile comes back without it.
  sessionToken();
  for (const load of parts) await load();
  const { start } = await import('./app/start');
  start();
}

void open().catch(reportError);
