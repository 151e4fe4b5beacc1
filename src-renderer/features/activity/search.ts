import { z } from 'zod';
import { JobLogStatus } from '@shared/contract/activity';

/** What the address of the activity screen holds. */
export const activitySearch = z.object({
  tab: z.enum(['jobs', 'stats', 'audit']).catch('jobs').default('jobs'),
  status: JobLogStatus.optional().catch(undefined),
});
