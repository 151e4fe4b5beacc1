import type { CampaignDetail } from '@shared/contract/campaigns';
import { CampaignId, JobId } from '@shared/domain/ids';
import { fail, ok, type AppError, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { ProviderSettings } from '../background/contract';
import { transaction, type Database } from '../database/database';
import type { Engine } from '../engine/engine';
import type { FileExchange } from '../files/exchange';
import type { Logger } from '../logging/logger';
import type { FrozenAudience } from './audience/repository';
import { BATCH_SIZE, type CampaignJobs } from './jobs';
import type { LaunchInput, Planning } from './planning';
import type { CampaignRecovery } from './recovery';
import { repeated } from './ledger/repeated';
import { createLedgerRepository } from './ledger/repository';
import { OWN_CODES } from './reasons';
import { createCampaignReading } from './reading';
import { createReportRepository } from './reports/repository';
import { CANARY_HELD, createCampaignRepository, type CampaignRow } from './repository';
import { passLimit } from './portfolio/holding/repository';
import { ratePerSecond, senderOf } from './sender-of';
import { createSenderRepository } from './senders/repository';
import type { TestInput } from './test-message';

export interface CampaignServiceDependencies {
  readonly database: Database;
  readonly engine: Pick<Engine, 'health'>;
  readonly jobs: CampaignJobs;
  readonly recovery: CampaignRecovery;
  readonly planning: Planning;
  readonly settings: () => ProviderSettings;
  readonly audit: Audit;
  /** Null where nobody exports: on a worker host. */
  readonly files: FileExchange | null;
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
  /** Parts that follow once WhatsApp's 24 hours have passed. */
  readonly later: {
    readonly campaignId: CampaignId;
    readonly recipients: number;
    readonly startsAt: string;
  }[];
}

/** The use cases of campaigns. Expected failures are returned; what the stores reject with is thrown. */
export function createCampaignService(deps: CampaignServiceDependencies) {
  const { database, settings, audit, planning, recovery } = deps;
  const campaigns = createCampaignRepository(database);
  const reports = createReportRepository(database);
  const ledger = createLedgerRepository(database);
  const { find, ...listed } = createCampaignReading(deps);
  const read = listed.get;

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

  /** What its launch answered, or would have. */
  const asLaunched = async (row: CampaignRow): Promise<Launched> => {
    const { skipped = 0 } = await reports.counts(row.id);
    const jobId = row.jobId === null ? null : JobId.parse(row.jobId);
    return {
      ...{ campaignId: CampaignId.parse(row.id), jobId, skipped, later: [] },
      recipients: row.recipients - skipped,
    };
  };

  return {
    ...listed,

    async launch(input: LaunchInput, actor: Actor): Promise<Result<Launched>> {
      const health = deps.engine.health();
      if (health.state === 'down') return fail(queueDown(health.problem));
      const launchedBefore =
        input.id === undefined ? null : await campaigns.find(input.id, actor.organizationId);
      if (launchedBefore !== null) return ok(await asLaunched(launchedBefore));
      const planned = await planning.freeze(input, actor);
      if (!planned.ok) return planned;
      const { campaignId, frozen, later } = planned.value;
      const { recipients, skipped } = frozen;
      await audit({
        actor,
        action: 'campaigns.launch',
        target: campaignId,
        detail: { name: input.name, recipients, skipped, later: later.map((part) => part.campaignId) },
      });
      const launched = {
        ...{ campaignId: CampaignId.parse(campaignId), recipients, skipped },
        later: later.map((part) => ({
          campaignId: CampaignId.parse(part.campaignId),
          recipients: part.frozen.recipients,
          startsAt: part.startAt.toISOString(),
        })),
      };
      const queued = await inQueue(campaignId, () =>
        recovery.enqueue(campaignId, firstToGo(frozen), input.parent),
      );
      for (const part of later)
        await inQueue(part.campaignId, () => recovery.enqueue(part.campaignId, part.frozen.batches));
      const jobId = queued ? ((await campaigns.find(campaignId))?.jobId ?? null) : null;
      return ok({ ...launched, jobId: jobId === null ? null : JobId.parse(jobId) });
    },

    /** One message to an address of one's own, on the way of every message. */
    async test(
      input: TestInput,
      actor: Actor,
    ): Promise<Result<{ campaignId: CampaignId; to: string; valuesOf: string | null }>> {
      const health = deps.engine.health();
      if (health.state === 'down') return fail(queueDown(health.problem));
      const planned = await planning.freezeTest(input, actor);
      if (!planned.ok) return planned;
      const { campaignId, to, valuesOf } = planned.value;
      await audit({
        actor,
        action: 'campaigns.test',
        target: campaignId,
        detail: { to, channel: input.message.channel },
      });
      await inQueue(campaignId, () => recovery.enqueue(campaignId, [{ batchNo: 0, recipients: 1 }]));
      return ok({ campaignId: CampaignId.parse(campaignId), to, valuesOf });
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
          ratePerSecond(settings(), row.channel),
        );
        return createCampaignRepository(trx).resume(campaignId, senderId);
      });
      if (!resumed) return fail(wrongState(row, 'resumed'));
      await audit({ actor, action: 'campaigns.resume', target: campaignId });
      await inQueue(campaignId, () =>
        row.pauseCode === CANARY_HELD ? recovery.release(campaignId) : recovery.ensureJobs(row, true),
      );
      return read(campaignId, actor);
    },

    /** Who is held back by WhatsApp's limit of 24 hours is written to now, whatever it says. */
    async passLimit(campaignId: string, actor: Actor): Promise<Result<CampaignDetail>> {
      const found = await find(campaignId, actor);
      if (!found.ok) return found;
      const row = found.value;
      const recipients = await repeated(() => transaction(database, (trx) => passLimit(trx, campaignId)));
      await audit({
        actor,
        action: 'campaigns.pass-limit',
        target: campaignId,
        detail: { recipients, limit: row.portfolioLimit },
      });
      await inQueue(campaignId, () => recovery.ensureJobs(row, false));
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
      const putBack = () =>
        transaction(database, async (trx) => {
          // Two at once would otherwise put theirs into the same batches.
          const batchCount = await createCampaignRepository(trx).lockBatchCount(campaignId);
          const put = await createReportRepository(trx).requeueFailed(campaignId, {
            firstBatchNo: batchCount,
            batchSize: BATCH_SIZE[row.channel],
            errorCode,
          });
          if (put.length === 0) return put;
          await createCampaignRepository(trx).reopen(campaignId, batchCount + put.length);
          if (row.state === 'completed') {
            await createSenderRepository(trx).activate(
              row.organizationId,
              row.channel,
              identity,
              ratePerSecond(settings(), row.channel),
            );
          }
          return put;
        });
      const batches = await repeated(putBack);
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

const firstToGo = ({ batches, canary }: FrozenAudience): FrozenAudience['batches'] =>
  canary === null ? batches : batches.filter(({ batchNo }) => batchNo < canary.batches);

const wrongState = (row: CampaignRow, what: string): AppError => ({
  code: 'conflict',
  message: `“${row.name}” is ${row.state} and cannot be ${what}.`,
});

const queueDown = (problem: string | null): AppError => ({
  code: 'engine_unavailable',
  message: `The queue cannot be reached, so nothing was started.${problem === null ? '' : ` ${problem}`}`,
  action: 'Try again once the connection is back.',
});
