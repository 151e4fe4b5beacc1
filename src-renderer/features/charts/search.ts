import { z } from 'zod';
import { Compare } from '@shared/contract/charts';
import { QueueName } from '@shared/domain/queues';

/** How far a chart looks back, in minutes. */
export const RANGES = {
  '5m': 5,
  '15m': 15,
  '1h': 60,
  '6h': 360,
  '24h': 1_440,
  '7d': 10_080,
  '30d': 43_200,
  '90d': 129_600,
} as const;
export type RangeName = keyof typeof RANGES;
export const rangeNames = [
  '5m',
  '15m',
  '1h',
  '6h',
  '24h',
  '7d',
  '30d',
  '90d',
] as const satisfies readonly RangeName[];

const moment = z.int().positive().optional().catch(undefined);

/** What the charts are of: all of it stands in the address. */
export const chartsSearch = z.object({
  queue: QueueName.optional().catch(undefined),
  name: z.string().min(1).max(200).optional().catch(undefined),
  range: z.enum(rangeNames).optional().catch(undefined),
  /** A stretch that was zoomed into, in epoch milliseconds; it goes before the range. */
  from: moment,
  to: moment,
  compare: Compare.optional().catch(undefined),
});
export type ChartsSearch = z.infer<typeof chartsSearch>;
