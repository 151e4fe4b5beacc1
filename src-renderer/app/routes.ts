import { z } from 'zod';
import { JobState, QueueName } from '@shared/domain/queues';
import { contactsSearch } from '@renderer/features/contacts/search';
import { importSearch } from '@renderer/features/import/search';
import { activitySearch } from '@renderer/features/activity/search';
import { chartsSearch } from '@renderer/features/charts/search';
import { alertsSearch } from '@renderer/features/alerts/search';
import { engineSearch } from '@renderer/features/engine/search';
import { DeliveryState } from '@shared/contract/campaigns';
import { Channel } from '@shared/contract/templates';
import { CampaignId, DeliveryId, ImportId, ScheduleId, TemplateId } from '@shared/domain/ids';
import { overviewSearch } from '@renderer/features/overview/search';
import { templatesSearch } from '@renderer/features/templates/search';
import { noSearch, page } from './page-route';

/** The gallery of the design system is for development; a release is built without it. */
const gallery =
  import.meta.env.DEV || import.meta.env['VITE_GALLERY'] === '1'
    ? [page('/gallery', noSearch, () => import('@renderer/ui/gallery/page'))]
    : [];

const campaignSearch = z.object({
  id: CampaignId.optional().catch(undefined),
  state: DeliveryState.optional().catch(undefined),
  /** Only recipients that ended with this error code. */
  code: z.string().max(100).optional().catch(undefined),
  /** Only recipients in whose address or name it stands. */
  search: z.string().max(200).optional().catch(undefined),
  recipient: DeliveryId.optional().catch(undefined),
});

/**
 * Every screen, one line each: path, search parameters, code. The navigation (app/navigation.ts)
 * shows the entries whose path is here.
 */
export const pages = [
  page(
    '/failures',
    z.object({
      queue: QueueName.optional().catch(undefined),
      view: z.enum(['causes', 'jobs', 'operations']).optional().catch(undefined),
      /** Only failures of this cause. */
      cause: z.string().max(16).optional().catch(undefined),
    }),
    () => import('@renderer/features/failures/page'),
  ),
  page('/', overviewSearch, () => import('@renderer/features/overview/page')),
  page(
    '/jobs',
    z.object({
      queue: QueueName.optional().catch(undefined),
      state: JobState.optional().catch(undefined),
      job: z.string().optional().catch(undefined),
      /** A line of search over all queues: see job-query.ts. */
      q: z.string().max(4_000).optional().catch(undefined),
    }),
    () => import('@renderer/features/jobs/page'),
  ),
  page('/alerts', alertsSearch, () => import('@renderer/features/alerts/page')),
  page('/import', importSearch, () => import('@renderer/features/import/page')),
  page('/contacts', contactsSearch, () => import('@renderer/features/contacts/page')),
  page('/charts', chartsSearch, () => import('@renderer/features/charts/page')),
  page('/engine', engineSearch, () => import('@renderer/features/engine/page')),
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
  page('/senders', noSearch, () => import('@renderer/features/campaigns/senders/page')),
  page('/templates', templatesSearch, () => import('@renderer/features/templates/page')),
  page(
    '/schedules',
    z.object({ id: ScheduleId.optional().catch(undefined) }),
    () => import('@renderer/features/schedules/page'),
  ),
  ...gallery,
] as const;
