import type { ConsoleContract } from '@shared/contract';
import type { DomainHandlers } from '@shared/rpc/define';
import type { ActivityService } from './service';

/** Activity over the contract; every question is about the caller's own organization. */
export const createActivityHandlers = (
  service: ActivityService,
): DomainHandlers<ConsoleContract['activity']> => ({
  jobLogs: (input, { actor }) => service.jobLogs(actor.organizationId, input),
  stats: ({ days }, { actor }) => service.stats(actor.organizationId, days),
  audit: ({ cursor, limit }, { actor }) => service.audit(actor.organizationId, cursor, limit),
  verifyAudit: (_input, { actor }) => service.verifyAudit(actor.organizationId),
});
