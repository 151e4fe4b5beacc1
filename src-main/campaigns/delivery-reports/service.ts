import type { Channel } from '@shared/contract/templates';
import type { Database, Transaction } from '../../database/database';
import type { Logger } from '../../logging/logger';
import type { DeliveryReport, InboundMessage, WhatsAppNotice } from '../../providers/report';
import { createGroupCommit } from '../group-commit';
import { createLedgerRepository } from '../ledger/repository';
import { policyOf } from '../reasons';
import { createCampaignRepository } from '../repository';
import { createSenderRepository } from '../senders/repository';
import { createFollowUp, suppressNoted } from './follow-up';
import { createNoticeFollowUp } from './notices';
import { createDeliveryReportRepository, type JudgedReport, type NotedReport } from './repository';

export interface DeliveryReports {
  /**
   * Takes what a provider reported; resolves when it is committed. Requests that come together share a
   * statement.
   */
  take(channel: Channel, reports: readonly DeliveryReport[]): Promise<void>;
  /** Notes who wrote to a sender of this organization. */
  inbound(organizationId: string, messages: readonly InboundMessage[]): Promise<void>;
  /** Stops this organization's campaigns that a template or a number has stopped being good for. */
  notices(organizationId: string, notices: readonly WhatsAppNotice[]): Promise<void>;
}

/** Webhook requests that share one statement at most: each may hold up to 1,000 reports. */
const TOGETHER = 20;

/** Delivery reports of both channels, from a verified webhook to the ledger. */
export function createDeliveryReports(database: Database, logger: Logger): DeliveryReports {
  const repository = createDeliveryReportRepository(database);
  const followUp = createFollowUp({
    campaigns: createCampaignRepository(database),
    senders: createSenderRepository(database),
    reports: repository,
    logger,
  });

  const suppress = (trx: Transaction, noted: readonly NotedReport[]): Promise<void> =>
    suppressNoted(
      {
        senders: createSenderRepository(trx),
        reports: createDeliveryReportRepository(trx),
        ledger: createLedgerRepository(trx),
      },
      noted,
    );

  const commit = createGroupCommit<readonly JudgedReport[], true>(async (lists) => {
    await followUp(await repository.note(lists.flat(), suppress));
    return () => true;
  }, TOGETHER);

  return {
    async take(channel, reports) {
      if (reports.length === 0) return;
      await commit.add(
        reports.map((report) => ({
          ...report,
          errorKind: report.error === null ? null : policyOf(channel, report.error.code).kind,
        })),
      );
    },
    notices: createNoticeFollowUp({
      campaigns: createCampaignRepository(database),
      reports: repository,
      logger,
    }),
    async inbound(organizationId, messages) {
      if (messages.length > 0) await repository.noteInbound(organizationId, messages);
    },
  };
}
