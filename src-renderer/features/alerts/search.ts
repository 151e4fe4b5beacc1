import { z } from 'zod';
import { AlertKindSchema, Severity } from '@shared/domain/alert-rules';
import { IncidentId } from '@shared/domain/ids';

/** What the address of the alerts' screen holds. */
export const alertsSearch = z.object({
  tab: z.enum(['rules']).optional().catch(undefined),
  /** The incident that is open beside the list. */
  id: IncidentId.optional().catch(undefined),
  state: z.enum(['open', 'resolved']).optional().catch(undefined),
  severity: Severity.optional().catch(undefined),
  kind: AlertKindSchema.optional().catch(undefined),
});
export type AlertsSearch = z.infer<typeof alertsSearch>;
