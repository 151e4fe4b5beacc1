import type { CampaignDetail, CampaignSummary, Delivery } from '@shared/contract/campaigns';
import type { Channel } from '@shared/contract/templates';
import type { DeliveryState } from '@shared/domain/delivery';
import { CampaignId, JobId } from '@shared/domain/ids';
import { fail, notFound, ok, type AppError, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { ProviderSettings } from '../background/contract';
import { transaction, type Database } from '../database/database';
import type { Engine } from '../engine/engine';
import type { Logger } from '../logging/logger';
import { createCampaignRates } from './campaign-rates';
import { BATCH_SIZE, type CampaignJobs } from './jobs';
import { ratePerSecond, senderOf, type LaunchInput, type Planning } from './planning';
import type { CampaignRecovery } from './recovery';
import { createLedgerRepository } from './ledger/repository';
import { OWN_CODES } from './reasons';
import { createReportRepository } from './reports/repository';
import { createCampaignRepository, type CampaignRow } from './repository';
import { createSenderRepository } from './senders/repository';
import { deliveryOf, detailOf, settledOf, summaryOf } from './view';

export interface CampaignServiceDependencies {
  readonly database: Database;
  readonly engine: Pick<Engine, 'health'>;
  readonly jobs: CampaignJobs;
  readonly recovery: CampaignRecovery;
  readonly planning: Planning;
  readonly settings: () => ProviderSettings;
  readonly audit: Audit;
  readonly logger: Logger;
  /** ms since 1970. */
  readonly now?: () => number;
}

export interface Launched {
  readonly campaignId: CampaignId;
  /** Null: the queue was lost meanwhile; the campaign starts by itself when it is back. */
  readonly jobId: JobId | null;
  readonly recipients: number;
  readonly skipped: number;
}

/** The use cases of campaigns. Expected failures are returned; what the stores reject with is thrown. */
export function createCampaignService(deps: CampaignServiceDependencies) {
  const { database, settings, audit, planning, recovery } = deps;
  const now = deps.now ?? Date.now;
  const campaigns = createCampaignRepository(database);
  const reports = createReportRepository(database);
  const ledger = createLedgerRepository(database);
  const rates = createCampaignRates(now);

  const summarise = (
    row: CampaignRow,
    counts: CampaignRow['totals'],
    perSecond: number | null,
  ): CampaignSummary =>
    summaryOf(row, counts, {
      perSecond,
      expectedPerSecond: row.sender?.ratePerSecond ?? ratePerSecond(settings(), row.channel),
    });

  const detail = async (row: CampaignRow): Promise<CampaignDetail> => {
    const [counts, failures] = await Promise.all([reports.counts(row.id), reports.failures(row.id)]);
    return detailOf(row, summarise(row, counts, rates.note(row.id, settledOf(counts))), failures);
  };

  const find = async (campaignId: string, actor: Actor): Promise<Result<CampaignRow>> => {
    const row = await campaigns.find(campaignId, actor.organizationId);
    return row === null ? fail(notFound('campaign', campaignId)) : ok(row);
  };

  const read = async (campaignId: string, actor: Actor): Promise<Result<CampaignDetail>> => {
    const found = await find(campaignId, actor);
    return found.ok ? ok(await detail(found.value)) : found;
  };

  /** The ledger is committed already: where the queue is away, recovery does the rest when it is back. */
  const inQueue = async (campaignId: string, act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act();
      return true;
    } catch (error) {
      deps.logger.error(`The jobs of campaign ${campaignId} are brought up to date later.`, { error });
      return false;
    }
  };

  return {
    async launch(input: LaunchInput, actor: Actor): Promise<Result<Launched>> {
      const health = deps.engine.health();
      if (health.state === 'down') return fail(queueDown(health.problem));
      const planned = await planning.freeze(input, actor);
      if (!planned.ok) return planned;
      const { campaignId, frozen } = planned.value;
      const { recipients, skipped } = frozen;
      await audit({
        actor,
        action: 'campaigns.launch',
        target: campaignId,
        detail: { name: input.name, recipients, skipped },
      });
      const launched = { campaignId: CampaignId.parse(campaignId), recipients, skipped };
      const queued = await inQueue(campaignId, () => recovery.enqueue(campaignId, frozen.batches));
      const jobId = queued ? ((await campaigns.find(campaignId))?.jobId ?? null) : null;
      return ok({ ...launched, jobId: jobId === null ? null : JobId.parse(jobId) });
    },

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
          const counts = row.state === 'completed' ? row.totals : await reports.counts(row.id);
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

    get: (campaignId: string, actor: Actor): Promise<Result<CampaignDetail>> => read(campaignId, actor),

    async deliveries(
      campaignId: string,
      filter: {
        readonly states?: readonly DeliveryState[] | undefined;
        readonly errorCode?: string | undefined;
      },
      page: { readonly start: number; readonly count: number },
      actor: Actor,
    ): Promise<Result<{ total: number; deliveries: Delivery[] }>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      const { total, deliveries } = await reports.deliveries(campaignId, filter, page);
      return ok({ total, deliveries: deliveries.map((delivery) => deliveryOf(found.value, delivery)) });
    },

    /** Holds from the moment it is committed: no worker may begin another request after it. */
    async pause(campaignId: string, actor: Actor): Promise<Result<CampaignDetail>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      const cause = { reason: 'Paused by an operator.', code: null, resumeInMs: null };
      if (!(await campaigns.pause(campaignId, cause))) return fail(wrongState(found.value, 'paused'));
      await audit({ actor, action: 'campaigns.pause', target: campaignId });
      return read(campaignId, actor);
    },

    /** Also lifts the pause of its sender: the operator says that what was wrong is mended. */
    async resume(campaignId: string, actor: Actor): Promise<Result<CampaignDetail>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      const row = found.value;
      const identity = senderOf(settings(), row.channel);
      const resumed = await transaction(database, async (trx) => {
        const senderId = await createSenderRepository(trx).activate(
          row.organizationId,
          row.channel,
          identity,
        );
        return createCampaignRepository(trx).resume(campaignId, senderId);
      });
      if (!resumed) return fail(wrongState(row, 'resumed'));
      await audit({ actor, action: 'campaigns.resume', target: campaignId });
      await inQueue(campaignId, () => recovery.ensureJobs(row, true));
      return read(campaignId, actor);
    },

    async cancel(campaignId: string, actor: Actor): Promise<Result<CampaignDetail>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      const open = await reports.openBatches(campaignId);
      if (!(await campaigns.cancel(campaignId))) return fail(wrongState(found.value, 'cancelled'));
      const cancelled = await ledger.cancel(campaignId);
      await campaigns.refreshTotals(campaignId);
      await audit({
        actor,
        action: 'campaigns.cancel',
        target: campaignId,
        detail: { recipients: cancelled },
      });
      await inQueue(campaignId, () =>
        deps.jobs.withdraw(
          found.value,
          open.map(({ batchNo }) => batchNo),
        ),
      );
      return read(campaignId, actor);
    },

    async retryFailed(
      campaignId: string,
      errorCode: string | undefined,
      actor: Actor,
    ): Promise<Result<{ retried: number; campaign: CampaignDetail }>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      const row = found.value;
      if (!['completed', 'running', 'paused'].includes(row.state)) return fail(wrongState(row, 'retried'));
      const identity = senderOf(settings(), row.channel);
      const batches = await transaction(database, async (trx) => {
        const put = await createReportRepository(trx).requeueFailed(campaignId, {
          firstBatchNo: row.batchCount,
          batchSize: BATCH_SIZE[row.channel],
          errorCode,
        });
        if (put.length === 0) return put;
        await createCampaignRepository(trx).reopen(campaignId, row.batchCount + put.length);
        if (row.state === 'completed') {
          await createSenderRepository(trx).activate(row.organizationId, row.channel, identity);
        }
        return put;
      });
      const retried = batches.reduce((sum, { recipients }) => sum + recipients, 0);
      if (retried > 0) {
        await audit({
          actor,
          action: 'campaigns.retry-failed',
          target: campaignId,
          detail: { recipients: retried, errorCode },
        });
        await inQueue(campaignId, () => deps.jobs.enqueue(row, batches, 0));
      }
      const campaign = await read(campaignId, actor);
      return campaign.ok ? ok({ retried, campaign: campaign.value }) : campaign;
    },

    async resolveUnknown(
      campaignId: string,
      ids: readonly string[],
      as: 'sent' | 'failed',
      actor: Actor,
    ): Promise<Result<{ resolved: number; campaign: CampaignDetail }>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      const resolved = await reports.resolveUnknown(
        campaignId,
        ids,
        as,
        OWN_CODES.resolvedFailed,
        actor.userId,
      );
      await campaigns.refreshTotals(campaignId);
      await audit({
        actor,
        action: 'campaigns.resolve-unknown',
        target: campaignId,
        detail: { recipients: resolved, as },
      });
      const campaign = await read(campaignId, actor);
      return campaign.ok ? ok({ resolved, campaign: campaign.value }) : campaign;
    },

    async remove(campaignId: string, actor: Actor): Promise<Result<Record<string, never>>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      if (!['draft', 'completed', 'cancelled', 'failed'].includes(found.value.state)) {
        return fail(wrongState(found.value, 'removed'));
      }
      await campaigns.remove(campaignId);
      await audit({
        actor,
        action: 'campaigns.remove',
        target: campaignId,
        detail: { name: found.value.name },
      });
      return ok({});
    },

    /** A queue operation took a batch's job away before it ran: its recipients will not be sent to. */
    async jobWithdrawn(campaignId: string, batchNo: number | null): Promise<void> {
      if (batchNo === null) return;
      await ledger.cancel(campaignId, batchNo);
      await campaigns.finishIfSettled(campaignId);
    },
  };
}
export type CampaignService = ReturnType<typeof createCampaignService>;

const wrongState = (row: CampaignRow, what: string): AppError => ({
  code: 'conflict',
  message: `“${row.name}” is ${row.state} and cannot be ${what}.`,
});

const queueDown = (problem: string | null): AppError => ({
  code: 'engine_unavailable',
  message: `The queue cannot be reached, so nothing was started.${problem === null ? '' : ` ${problem}`}`,
  action: 'Try again once the connection is back.',
});
