import { z } from 'zod';
import { JobState, QueueName } from '@shared/domain/queues';
import { contactsSearch } from '@renderer/features/contacts/search';
import { importSearch } from '@renderer/features/import/search';
import { activitySearch } from '@renderer/features/activity/search';
import { DeliveryState } from '@shared/contract/campaigns';
import { Channel } from '@shared/contract/templates';
import { CampaignId, ImportId, TemplateId } from '@shared/domain/ids';
import { overviewSearch } from '@renderer/features/overview/search';
import { noSearch, page } from './page-route';

/** The gallery of the design system is for development; a release is built without it. */
const gallery =
  import.meta.env.DEV || import.meta.env['VITE_GALLERY'] === '1'
    ? [page('/gallery', noSearch, () => import('@renderer/ui/gallery/page'))]
    : [];

const campaignSearch = z.object({
  id: CampaignId.optional().catch(undefined),
  state: DeliveryState.optional().catch(undefined),
});

/**
 * Every screen, one line each: path, search parameters, code. The navigation (app/navigation.ts)
 * shows the entries whose path is here.
 */
export const pages = [
  page(
    '/failures',
    z.object({ queue: QueueName.optional().catch(undefined) }),
    () => import('@renderer/features/failures/page'),
  ),
  page('/', overviewSearch, () => import('@renderer/features/overview/page')),
  page(
    '/jobs',
    z.object({
      queue: QueueName.optional().catch(undefined),
      state: JobState.optional().catch(undefined),
      job: z.string().optional().catch(undefined),
    }),
    () => import('@renderer/features/jobs/page'),
  ),
  page('/import', importSearch, () => import('@renderer/features/import/page')),
  page('/contacts', contactsSearch, () => import('@renderer/features/contacts/page')),
  page('/activity', activitySearch, () => import('@renderer/features/activity/page')),
  page('/settings', noSearch, () => import('@renderer/features/settings/page')),
  page(
    '/compose',
    z.object({
      import: ImportId.optional().catch(undefined),
      template: TemplateId.optional().catch(undefined),
      channel: Channel.optional().catch(undefined),
    }),
    () => import('@renderer/features/compose/page'),
  ),
  page('/campaigns', campaignSearch, () => import('@renderer/features/campaigns/page')),
  page('/emails', campaignSearch, () => import('@renderer/features/campaigns/emails-page')),
  page(
    '/templates',
    z.object({ id: TemplateId.optional().catch(undefined) }),
    () => import('@renderer/features/templates/page'),
  ),
  ...gallery,
] as const;
