import { z } from 'zod';

export { FROM_PAGE, TO_PAGE } from './ipc-channels';

/** Chosen by the preload script anew for each document, so that a reload is told from what was before. */
export const SessionId = z.string().regex(/^[0-9a-f]{32}$/);
