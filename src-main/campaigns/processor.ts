import { OVERDUE_GRACE_MS } from '@shared/domain/schedule';
import { notFound } from '@shared/errors';
import type { Database } from '../database/database';
import type { Coordination } from '../engine/coordination';
import type { JobRun, Processor, RunOutcome } from '../engine/processor';
import type { Logger } from '../logging/logger';
import type { Gateways } from '../providers/gateways';
import { runBatch } from './batch-run';
import { createBreaker } from './breaker';
import { createCommits } from './commits';
import { endedOutcome, held, jobResult, MAX_FAILED_ITEMS, notBefore, openCount } from './job-outcome';
import { SENDING_LIMITS, type SendingLimits } from './lanes';
import { createLedgerRepository } from './ledger/repository';
import { isOutage } from './outage';
import { createPacer } from './pace';
import { createLimitKeeper } from './portfolio/keeper';
import { createCampaignRepository, type CampaignRow } from './repository';
import { createSenderLimits } from './senders/limits';
import { createSenderRepository } from './senders/repository';
import type { CampaignTools } from './tools';

export interface ProcessorDependencies {
  readonly database: Database;
  readonly coordination: Pick<Coordination, 'reserve' | 'slowDown' | 'lowered' | 'admit'>;
  readonly gateways: Pick<Gateways, 'whatsapp' | 'settings'>;
  readonly logger: Logger;
  readonly limits?: SendingLimits;
  /** The clock of quiet hours, in ms since 1970. */
  readonly now?: () => number;
}

/** The database or the engine was away: try again soon, at no cost to the job's attempts. */
const OUTAGE_MS = 10_000;
/** The parent job looks again while batches are still under way (one was removed or failed). */
const OPEN_CHECK_MS = 15_000;

/** Sends campaigns' batches. Everything is in the ledger: a run that dies is gone on with by the next. */
export function createBulkMessageProcessor(deps: ProcessorDependencies): Processor<'bulk-messages'> {
  const { database, logger } = deps;
  const senders = createSenderRepository(database);
  const ledger = createLedgerRepository(database);
  const limits = deps.limits ?? SENDING_LIMITS;
  const shared = {
    campaigns: createCampaignRepository(database),
    limitKeeper: createLimitKeeper(database),
    senders,
    senderLimits: createSenderLimits(senders, (error) => {
      logger.warn('[bulk-messages] The limits of senders cannot be read; the last ones count.', { error });
    }),
    ledger,
    commits: createCommits(ledger, limits.silenceMs),
    pacer: createPacer(deps.coordination),
    breaker: createBreaker(),
    gateways: deps.gateways,
    limits,
    now: deps.now ?? Date.now,
  };
  return (run) => {
    const say = (line: string): void => {
      run.log(line);
      logger.info(`[bulk-messages] ${line}`);
    };
    return campaignJob({ ...shared, say }, run, (campaign, batchNo) =>
      runBatch({ ...shared, say }, run, campaign, batchNo),
    );
  };
}

/** What both channels' jobs have in common: opening the campaign, the parent, outages. */
export async function campaignJob(
  tools: Pick<CampaignTools, 'campaigns' | 'limitKeeper' | 'ledger' | 'say'>,
  run: JobRun<'bulk-messages'> | JobRun<'email-notification'>,
  batch: (campaign: CampaignRow, batchNo: number) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const { campaignId, batchNo, organizationId } = run.data;
  try {
    await tools.campaigns.holdOverdue(campaignId, OVERDUE_GRACE_MS);
    await tools.limitKeeper.begin(campaignId);
    const campaign = await tools.campaigns.find(campaignId, organizationId);
    if (campaign === null) return { type: 'failed', retry: false, error: notFound('campaign', campaignId) };
    if (batchNo === null) return await closeCampaign(tools, campaign);
    const outcome = await batch(campaign, batchNo);
    if (outcome.type === 'later' && run.signal.reason === 'timeout')
      await tools.campaigns.noteTimedOut(campaignId, run.timeLimitMs());
    return outcome;
  } catch (error) {
    if (!isOutage(error)) throw error;
    const why = 'The database or the queue could not be reached.';
    tools.say(`Job ${run.id} waits: ${why}`);
    return { type: 'later', at: new Date(Date.now() + OUTAGE_MS), why };
  }
}

/** The parent of a campaign's batches: runs after them and sums up. */
async function closeCampaign(
  { campaigns, ledger }: Pick<CampaignTools, 'campaigns' | 'ledger'>,
  campaign: CampaignRow,
): Promise<RunOutcome> {
  const scope = { campaignId: campaign.id, batchNo: null };
  await ledger.sweep(campaign.id);
  if (!(await campaigns.finishIfSettled(campaign.id))) await campaigns.holdAfterCanary(campaign.id);
  const state = await ledger.stateOf(scope, '');
  const duration = Date.now() - (campaign.startedAt ?? campaign.createdAt).getTime();
  const result = jobResult(scope, state, duration);
  if (campaign.state === 'cancelled') return { type: 'cancelled', result };
  if (openCount(state) === 0) {
    return endedOutcome(campaign, state, result, await ledger.failedItems(scope, MAX_FAILED_ITEMS));
  }
  const now = Date.now();
  const open = openCount(state);
  const why = open === 1 ? '1 recipient is still under way.' : `${open} recipients are still under way.`;
  return held(campaign, now) ?? { type: 'later', at: notBefore(new Date(now + OPEN_CHECK_MS), now), why };
}
