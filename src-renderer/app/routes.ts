import { z } from 'zod';
import { JobState, QueueName } from '@shared/domain/queues';
import { activitySearch } from '@renderer/features/activity/search';
import { noSearch, page } from './page-route';

/** The gallery of the design system is for development; a release is built without it. */
const gallery =
  import.meta.env.DEV || import.meta.env['VITE_GALLERY'] === '1'
    ? [page('/gallery', noSearch, () => import('@renderer/ui/gallery/page'))]
    : [];

/**
 * Every screen, one line each: path, search parameters, code. The navigation (app/navigation.ts)
 * shows the entries whose path is here.
 */
export const pages = [
  page(
    '/jobs',
    z.object({
      queue: QueueName.optional().catch(undefined),
      state: JobState.optional().catch(undefined),
      job: z.string().optional().catch(undefined),
    }),
    () => import('@renderer/features/jobs/page'),
  ),
  page('/activity', activitySearch, () => import('@renderer/features/activity/page')),
  page('/settings', noSearch, () => import('@renderer/features/settings/page')),
  ...gallery,
] as const;
