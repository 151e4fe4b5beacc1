import { z } from 'zod';
import { QueueName } from '@shared/domain/queues';

/** What the charts of the Overview show. */
export const overviewSearch = z.object({
  queue: QueueName.optional().catch(undefined),
  range: z.enum(['5m', '15m', '1h', '6h', '24h']).optional().catch(undefined),
});
