import { createBreaker } from '../campaigns/breaker';
import {
  endedOutcome,
  held,
  jobResult,
  MAX_FAILED_ITEMS,
  notBefore,
  openCount,
} from '../campaigns/job-outcome';
import { createLedgerRepository, type LedgerRepository } from '../campaigns/ledger/repository';
import { senderKey, wait } from '../campaigns/pace';
import { createLimitKeeper, type LimitKeeper } from '../campaigns/portfolio/keeper';
import { campaignJob } from '../campaigns/processor';
import { createCampaignRepository, type CampaignRow } from '../campaigns/repository';
import { createSenderRepository } from '../campaigns/senders/repository';
import type { Database } from '../database/database';
import type { Coordination } from '../engine/coordination';
import { stoppedRun } from '../engine/going-on';
import type { JobRun, Processor, RunOutcome } from '../engine/processor';
import type { Logger } from '../logging/logger';
import type { Gateways } from '../providers/gateways';
import { createAttachmentReader } from './attachments/reader';
import { createAttachmentRepository } from './attachments/repository';
import { createEmailRepository } from './repository';
import { emailOf, fromOf, openBatches, sendBatch, type SendingTools } from './sending';

export interface EmailProcessorDependencies {
  readonly database: Database;
  readonly coordination: Pick<Coordination, 'reserve' | 'hold'>;
  readonly gateways: Pick<Gateways, 'email' | 'settings'>;
  readonly logger: Logger;
}

type Tools = EmailProcessorDependencies &
  SendingTools & { readonly ledger: LedgerRepository; readonly limitKeeper: LimitKeeper };

/** A retry that is due so soon is waited for; for a later one the job makes room for others. */
const PATIENCE_MS = 2_000;
/** A turn further ahead is not reserved; the job comes back for it. */
const MAX_WAIT_MS = 15_000;
/** A header that is out of its mind does not stop email for days. */
const LONGEST_HOLD_MS = 3_600_000;
const NOT_YET_MS = 20;

/**
 * Sends email batches of at most 100, and emails with attachments singly, as batches of one. Safe to repeat:
 * members, order and key of a batch are frozen before its first request, and every try is the same request.
 */
export function createEmailProcessor(deps: EmailProcessorDependencies): Processor<'email-notification'> {
  const { database, logger } = deps;
  const shared = {
    ...deps,
    campaigns: createCampaignRepository(database),
    limitKeeper: createLimitKeeper(database),
    senders: createSenderRepository(database),
    ledger: createLedgerRepository(database),
    emails: createEmailRepository(database),
    attachments: createAttachmentReader(createAttachmentRepository(database)),
    breaker: createBreaker(),
  };
  return (run) => {
    const say = (line: string): void => {
      run.log(line);
      logger.info(`[email-notification] ${line}`);
    };
    const tools = { ...shared, say };
    return campaignJob(tools, run, (campaign, batchNo) => runEmailJob(tools, run, campaign, batchNo));
  };
}

async function runEmailJob(
  tools: Tools,
  run: JobRun<'email-notification'>,
  opened: CampaignRow,
  batchNo: number,
): Promise<RunOutcome> {
  const { campaigns, ledger, emails } = tools;
  const scope = { campaignId: opened.id, batchNo };
  const startedAt = Date.now();

  const end = async (campaign: CampaignRow, cancelled: boolean): Promise<RunOutcome> => {
    if (cancelled) {
      await ledger.cancel(scope.campaignId, batchNo);
      await emails.abandon(scope);
    }
    await campaigns.finishIfSettled(scope.campaignId);
    const state = await ledger.stateOf(scope, '');
    const result = jobResult(scope, state, run.workedMs());
    run.progress(100);
    if (cancelled) return { type: 'cancelled', result };
    return endedOutcome(campaign, state, result, await ledger.failedItems(scope, MAX_FAILED_ITEMS));
  };

  for (;;) {
    const campaign = await campaigns.find(scope.campaignId);
    if (campaign === null || campaign.state === 'cancelled') return end(campaign ?? opened, true);
    if (run.signal.aborted && run.signal.reason === 'cancelled') return end(campaign, true);
    if (run.signal.aborted) return stoppedRun(run.signal.reason);
    const state = await ledger.stateOf(scope, '');
    run.progress(Math.floor(((state.total - openCount(state)) / Math.max(1, state.total)) * 100));
    if (openCount(state) === 0) return end(campaign, false);
    const waits = held(campaign, Date.now());
    if (waits !== null) {
      // Whoever resumes it has seen what failed.
      tools.breaker.reset(scope.campaignId);
      return waits;
    }
    const dueInMs = (state.nextDueAt?.getTime() ?? 0) - Date.now();
    if (dueInMs > PATIENCE_MS) {
      const at = notBefore(new Date(Date.now() + dueInMs), Date.now());
      return { type: 'later', at, why: 'The batch waits for its next attempt.' };
    }
    await wait(dueInMs, run.signal);
    const prepared = emailOf(campaign);
    const [batch] = await openBatches(tools, run, campaign, batchNo, prepared);
    if (batch === undefined) {
      // Due by this clock and not yet by the database's.
      await wait(NOT_YET_MS, run.signal);
      continue;
    }
    // A turn that this run would not live to see is not reserved: it would be lost, and so would the next one.
    const leftMs = startedAt + run.timeLimitMs() - Date.now();
    const patienceMs = Math.max(0, Math.min(MAX_WAIT_MS, leftMs / 2));
    const turnInMs = await waitForTurn(tools, run, campaign, {
      emails: batch.deliveryIds.length,
      patienceMs,
    });
    if (turnInMs > 0) {
      return {
        type: 'later',
        at: new Date(Date.now() + turnInMs),
        why: 'The sender’s rate is used up for now.',
      };
    }
    if (isAborted(run.signal)) continue;
    const holdMs = await sendBatch(tools, campaign, { ...scope, batch }, prepared);
    // What the provider says of its own limit holds the sender on every machine.
    if (holdMs > 0) await tools.coordination.hold(lineOf(campaign), Math.min(holdMs, LONGEST_HOLD_MS));
  }
}

/** As a call, so that the compiler does not take an earlier answer for the present one. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/**
 * One turn for the whole batch: it takes as long as its emails take at the rate. 0 once it may be sent, else ms until
 * it is worth coming back.
 */
async function waitForTurn(
  { coordination, gateways }: Tools,
  run: JobRun<'email-notification'>,
  campaign: CampaignRow,
  { emails, patienceMs }: { readonly emails: number; readonly patienceMs: number },
): Promise<number> {
  const perSecond = campaign.sender?.ratePerSecond ?? gateways.settings().emailsPerSecond;
  const pace = { perSecond, burst: 1, maxWaitMs: patienceMs, weight: emails };
  const { startsMs, nowMs, retryInMs } = await coordination.reserve(lineOf(campaign), pace);
  const [start] = startsMs;
  if (start === undefined) return Math.max(retryInMs, 100);
  await wait(start - nowMs, run.signal);
  return 0;
}

/** The sender's line, over all machines. */
const lineOf = (campaign: CampaignRow): string => senderKey('email', fromOf(campaign));
