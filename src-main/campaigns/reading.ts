import type {
  CampaignDetail,
  CampaignProof,
  CampaignSummary,
  Delivery,
  DeliveryDetail,
} from '@shared/contract/campaigns';
import type { Download, TableFormat } from '@shared/contract/common';
import type { Channel } from '@shared/contract/templates';
import { createRates } from '@shared/domain/rate-eta';
import { fail, notFound, ok, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { ProviderSettings } from '../background/contract';
import type { Database } from '../database/database';
import type { FileExchange } from '../files/exchange';
import { exportDeliveries } from './export';
import { heldBack } from './portfolio/holding/repository';
import { createProofRepository } from './proof/repository';
import { createQuietOutlook } from './quiet/eta';
import { createReportRepository, type DeliveryFilter } from './reports/repository';
import { createCampaignRepository, type CampaignRow } from './repository';
import { ratePerSecond } from './sender-of';
import { deliveryDetailOf } from './timeline';
import { deliveryOf, detailOf, proofOf, settledOf, summaryOf } from './view';

export interface CampaignReadingDependencies {
  readonly database: Database;
  readonly settings: () => ProviderSettings;
  readonly audit: Audit;
  /** Null where nobody exports: on a worker host. */
  readonly files: FileExchange | null;
  /** ms since 1970. */
  readonly now?: () => number;
}

const RATE_WINDOW_MS = 10_000;

/** What campaigns say: themselves, live, and everything about their recipients. Changes nothing. */
export function createCampaignReading(deps: CampaignReadingDependencies) {
  const { database, settings, audit } = deps;
  const now = deps.now ?? Date.now;
  const campaigns = createCampaignRepository(database);
  const reports = createReportRepository(database);
  const proofs = createProofRepository(database);
  const rates = createRates(RATE_WINDOW_MS, now);

  const outlook = createQuietOutlook(database, now);
  const limitOf = (row: CampaignRow): number =>
    row.sender?.ratePerSecond ?? ratePerSecond(settings(), row.channel);

  const summarise = (
    row: CampaignRow,
    counts: CampaignRow['totals'],
    perSecond: number | null,
  ): CampaignSummary =>
    summaryOf(row, counts, {
      perSecond,
      expectedPerSecond: limitOf(row),
      now: now(),
    });

  const detail = async (row: CampaignRow): Promise<CampaignDetail> => {
    const [counts, failures, audience, quiet, budget] = await Promise.all([
      reports.counts(row.id),
      reports.failures(row.id),
      campaigns.audienceOf(row.id),
      // What is measured while most of them sleep says nothing of the hours when nobody does.
      outlook(row, limitOf(row)),
      row.portfolioLimit === null ? null : heldBack(database, row.id),
    ]);
    const summary = summarise(row, counts, rates.note(row.id, settledOf(counts)));
    const lastRetryAt = counts.retry_wait === undefined ? null : await reports.lastRetryAt(row.id);
    return detailOf(row, summary, {
      ...{ failures, audience, quiet, budget, lastRetryAt },
      perSecond: limitOf(row),
      now: now(),
    });
  };

  const find = async (campaignId: string, actor: Actor): Promise<Result<CampaignRow>> => {
    const row = await campaigns.find(campaignId, actor.organizationId);
    return row === null ? fail(notFound('campaign', campaignId)) : ok(row);
  };

  const read = async (campaignId: string, actor: Actor): Promise<Result<CampaignDetail>> => {
    const found = await find(campaignId, actor);
    return found.ok ? ok(await detail(found.value)) : found;
  };

  return {
    find,

    async list(
      actor: Actor,
      filter: {
        readonly channel?: Channel | undefined;
        readonly before?: { readonly at: Date; readonly id: string } | undefined;
        readonly limit: number;
      },
    ): Promise<{ campaigns: CampaignSummary[]; next: { at: Date; id: string } | null }> {
      const rows = await campaigns.list(actor.organizationId, { ...filter, limit: filter.limit + 1 });
      const page = rows.slice(0, filter.limit);
      const summaries = await Promise.all(
        page.map(async (row) => {
          // A worker that was taken for dead may still say what became of who is unknown.
          const stored = row.state === 'completed' && !row.totalsStale && (row.totals.unknown ?? 0) === 0;
          const counts = stored ? row.totals : await reports.counts(row.id);
          return summarise(
            row,
            counts,
            row.state === 'running' ? rates.note(row.id, settledOf(counts)) : null,
          );
        }),
      );
      const last = page.at(-1);
      const more = rows.length > filter.limit && last !== undefined;
      return { campaigns: summaries, next: more ? { at: last.createdAt, id: last.id } : null };
    },

    /** Campaigns whose start time passed while nothing was running, and that wait for somebody to decide. */
    overdue: (actor: Actor): Promise<CampaignRow[]> => campaigns.overdue(actor.organizationId),

    get: (campaignId: string, actor: Actor): Promise<Result<CampaignDetail>> => read(campaignId, actor),

    /** Whether the ledger still holds exactly what was frozen at launch. */
    async verify(campaignId: string, actor: Actor): Promise<Result<CampaignProof>> {
      const found = await find(campaignId, actor);
      return found.ok ? ok(proofOf(await proofs.check(campaignId))) : found;
    },

    async deliveries(
      campaignId: string,
      filter: DeliveryFilter,
      page: { readonly start: number; readonly count: number },
      actor: Actor,
    ): Promise<Result<{ total: number; deliveries: Delivery[] }>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      const { total, deliveries } = await reports.deliveries(campaignId, filter, page);
      return ok({ total, deliveries: deliveries.map((delivery) => deliveryOf(found.value, delivery)) });
    },

    async delivery(campaignId: string, deliveryId: string, actor: Actor): Promise<Result<DeliveryDetail>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      const delivery = await reports.delivery(campaignId, deliveryId);
      return delivery === null
        ? fail(notFound('recipient', deliveryId))
        : ok(deliveryDetailOf(found.value, delivery));
    },

    async exportDeliveries(
      campaignId: string,
      filter: DeliveryFilter,
      format: TableFormat,
      actor: Actor,
    ): Promise<Result<Download>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      if (deps.files === null) throw new Error('this process offers no files');
      const download = await exportDeliveries({ files: deps.files, reports }, found.value, filter, format);
      await audit({
        actor,
        action: 'campaigns.export',
        target: campaignId,
        detail: { ...filter, format },
      });
      return ok(download);
    },
  };
}
export type CampaignReading = ReturnType<typeof createCampaignReading>;
