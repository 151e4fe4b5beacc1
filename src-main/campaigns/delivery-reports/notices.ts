import { whatsappPolicy, type ProviderPolicy } from '@shared/domain/provider-policy';
import type { Logger } from '../../logging/logger';
import type { WhatsAppNotice } from '../../providers/report';
import type { CampaignRepository } from '../repository';
import type { DeliveryReportRepository } from './repository';

export interface NoticeDependencies {
  readonly campaigns: Pick<CampaignRepository, 'pause'>;
  readonly reports: Pick<DeliveryReportRepository, 'running'>;
  readonly logger: Logger;
}

/** What a notice means, in the words of the error that sending on would bring. */
const CODE_OF_TEMPLATE: Readonly<Record<string, number>> = {
  PAUSED: 132015,
  DISABLED: 132016,
  REJECTED: 132001,
  PENDING_DELETION: 132001,
};
const CODE_OF_QUALITY: Readonly<Record<string, number>> = { FLAGGED: 131048, DOWNGRADE: 131048 };

/**
 * Pauses campaigns before they run into what WhatsApp has announced. Good news (a template approved again, a
 * rating recovered) starts nothing by itself: an operator resumes.
 */
export function createNoticeFollowUp({ campaigns, reports, logger }: NoticeDependencies) {
  return async (organizationId: string, notices: readonly WhatsAppNotice[]): Promise<void> => {
    for (const notice of notices) {
      const codes = notice.type === 'template' ? CODE_OF_TEMPLATE : CODE_OF_QUALITY;
      const code = codes[notice.event.toUpperCase()];
      if (code === undefined) continue;
      const concerned = notice.type === 'template' ? notice : null;
      const policy: ProviderPolicy = whatsappPolicy(code);
      const reason = `${policy.reason} ${policy.remedy}`;
      for (const id of await reports.running(organizationId, concerned)) {
        if (await campaigns.pause(id, { reason, code: String(code), resumeInMs: null })) {
          logger.info(`[webhooks] Campaign ${id} is paused: ${reason}`);
        }
      }
    }
  };
}
