import { z } from 'zod';
import { JobLogStatus } from '@shared/contract/activity';
import { ProfileId } from '@shared/domain/ids';

export const rangeNames = ['week', 'month', 'quarter', 'year', 'custom'] as const;
export const RangeName = z.enum(rangeNames);
export type RangeName = z.infer<typeof RangeName>;

const day = z.iso.date().optional().catch(undefined);

/** What the address of the activity screen holds. */
export const activitySearch = z.object({
  tab: z.enum(['jobs', 'stats', 'audit']).catch('jobs').default('jobs'),
  status: JobLogStatus.optional().catch(undefined),
  /** Only jobs of this type; of the history and of the statistics. */
  type: z.string().max(200).optional().catch(undefined),
  /** Of the history: only this person's jobs. */
  user: ProfileId.optional().catch(undefined),
  /** Of the history: only what failed of this cause. */
  cause: z.string().max(120).optional().catch(undefined),
  /** Of the statistics: the last so many days, or `from` to `to`. */
  range: RangeName.optional().catch(undefined),
  from: day,
  to: day,
});
export type ActivitySearch = z.infer<typeof activitySearch>;
