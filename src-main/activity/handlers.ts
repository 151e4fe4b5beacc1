import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { FileExchange } from '../files/exchange';
import { exportAnalytics } from './analytics/export';
import type { AnalyticsService } from './analytics/service';
import type { CleaningService } from './cleaning/service';
import type { ActivityService } from './service';

export interface ActivityHandlerDependencies {
  readonly service: ActivityService;
  readonly analytics: AnalyticsService;
  readonly cleaning: CleaningService;
  readonly files: FileExchange;
}

/** Activity over the contract; every question is about the caller's own organization. */
export const createActivityHandlers = ({
  service,
  analytics,
  cleaning,
  files,
}: ActivityHandlerDependencies): DomainHandlers<ConsoleContract['activity']> => ({
  jobLogs: (input, { actor }) => service.jobLogs(actor.organizationId, input),
  stats: ({ days }, { actor }) => service.stats(actor.organizationId, days),
  analytics: (range, { actor }) => analytics.analytics(actor.organizationId, range),
  exportAnalytics: async (wanted, { actor }) => {
    const made = await analytics.analytics(actor.organizationId, wanted, Infinity);
    return made.ok ? ok(await exportAnalytics(files, made.value, wanted)) : made;
  },
  oldLogs: async ({ days }, { actor }) => ok(await cleaning.look(actor.organizationId, days)),
  cleanUp: async ({ days }, { actor }) => ok(await cleaning.run(days, 'operator', actor)),
  audit: ({ cursor, limit }, { actor }) => service.audit(actor.organizationId, cursor, limit),
  verifyAudit: (_input, { actor }) => service.verifyAudit(actor.organizationId),
});
