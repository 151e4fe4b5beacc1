import { unwrap } from '@shared/errors';
import {
  endedOutcome,
  held,
  jobResult,
  MAX_FAILED_ITEMS,
  notBefore,
  openCount,
} from '../campaigns/job-outcome';
import { createLedgerRepository, type LedgerRepository } from '../campaigns/ledger/repository';
import { prepareMessage, type PreparedMessage } from '../campaigns/message';
import { wait } from '../campaigns/pace';
import { campaignJob } from '../campaigns/processor';
import { createCampaignRepository, type CampaignRepository, type CampaignRow } from '../campaigns/repository';
import { createSenderRepository, type SenderRepository } from '../campaigns/senders/repository';
import type { Database } from '../database/database';
import type { Coordination } from '../engine/coordination';
import type { JobRun, Processor, RunOutcome } from '../engine/processor';
import type { Logger } from '../logging/logger';
import type { Email } from '../providers/gateway';
import type { Gateways } from '../providers/gateways';
import { composeEmail, payloadHash } from './compose';
import { createEmailRepository, type EmailBatch, type EmailRepository } from './repository';
import { judgeBatch } from './verdict';

export interface EmailProcessorDependencies {
  readonly database: Database;
  readonly coordination: Pick<Coordination, 'acquire'>;
  readonly gateways: Pick<Gateways, 'email' | 'settings'>;
  readonly logger: Logger;
}

interface Tools extends EmailProcessorDependencies {
  readonly campaigns: CampaignRepository;
  readonly senders: SenderRepository;
  readonly ledger: LedgerRepository;
  readonly emails: EmailRepository;
  readonly say: (line: string) => void;
}

/** A retry that is due so soon is waited for; for a later one the job makes room for others. */
const PATIENCE_MS = 2_000;
/** A turn further ahead is not reserved; the job comes back for it. */
const MAX_WAIT_MS = 15_000;
/** A request is never cut off: one that was begun is waited for, the gateway's own time-out ends it. */
const toTheEnd = (): AbortSignal => new AbortController().signal;

/**
 * Sends e-mail batches of at most 100. Safe to repeat: members, order and key of a batch are frozen before
 * its first request, and every try of it is the same request.
 */
export function createEmailProcessor(deps: EmailProcessorDependencies): Processor<'email-notification'> {
  const { database, logger } = deps;
  const shared = {
    ...deps,
    campaigns: createCampaignRepository(database),
    senders: createSenderRepository(database),
    ledger: createLedgerRepository(database),
    emails: createEmailRepository(database),
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
    const result = jobResult(scope, state, Date.now() - startedAt);
    run.progress(100);
    if (cancelled) return { type: 'cancelled', result };
    return endedOutcome(campaign, state, result, await ledger.failedItems(scope, MAX_FAILED_ITEMS));
  };

  for (;;) {
    const campaign = await campaigns.find(scope.campaignId);
    if (campaign === null || campaign.state === 'cancelled') return end(campaign ?? opened, true);
    if (run.signal.aborted && run.signal.reason === 'cancelled') return end(campaign, true);
    if (run.signal.aborted) {
      return {
        type: 'later',
        at: new Date(),
        why: `The run was interrupted (${String(run.signal.reason)}).`,
      };
    }
    const state = await ledger.stateOf(scope, '');
    run.progress(Math.floor(((state.total - openCount(state)) / Math.max(1, state.total)) * 100));
    if (openCount(state) === 0) return end(campaign, false);
    const waits = held(campaign, Date.now());
    if (waits !== null) return waits;
    const dueInMs = (state.nextDueAt?.getTime() ?? 0) - Date.now();
    if (dueInMs > PATIENCE_MS) {
      const at = notBefore(new Date(Date.now() + dueInMs), Date.now());
      return { type: 'later', at, why: 'The batch waits for its next attempt.' };
    }
    await wait(dueInMs, run.signal);
    const prepared = unwrap(prepareMessage(campaign.message));
    const [batch] = await openBatches(tools, run, campaign, batchNo, prepared);
    if (batch === undefined) continue;
    const turnInMs = await waitForTurn(tools, run, campaign, batch.deliveryIds.length);
    if (turnInMs > 0) {
      return {
        type: 'later',
        at: new Date(Date.now() + turnInMs),
        why: 'The sender’s rate is used up for now.',
      };
    }
    if (!isAborted(run.signal)) await sendBatch(tools, campaign, { ...scope, batch }, prepared);
  }
}

/** As a call, so that the compiler does not take an earlier answer for the present one. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** The batches to send, in order; recipients that are in none yet are frozen into one first. */
async function openBatches(
  { ledger, emails }: Tools,
  run: JobRun<'email-notification'>,
  campaign: CampaignRow,
  batchNo: number,
  prepared: PreparedMessage,
): Promise<EmailBatch[]> {
  const scope = { campaignId: campaign.id, batchNo };
  const known = await emails.open(scope);
  if (known.length > 0) return known;
  await ledger.skipUnwelcome(scope);
  const recipients = await emails.unbatched(scope);
  if (recipients.length === 0) return [];
  await emails.freeze(scope, {
    organizationId: campaign.organizationId,
    jobId: run.id,
    key: `${campaign.id}-${batchNo}`,
    deliveryIds: recipients.map(({ deliveryId }) => deliveryId),
    payloadHash: payloadHash(
      recipients.map((recipient) => composeEmail(prepared, fromOf(campaign), recipient)),
    ),
  });
  return emails.open(scope);
}

/** One turn for the whole batch: it takes as long as its e-mails take at the rate. 0 once it may be sent. */
async function waitForTurn(
  { coordination, gateways }: Tools,
  run: JobRun<'email-notification'>,
  campaign: CampaignRow,
  emails: number,
): Promise<number> {
  const perSecond = (campaign.sender?.ratePerSecond ?? gateways.settings().emailsPerSecond) / emails;
  if (perSecond === Infinity) return 0;
  const pace = { perSecond, burst: 1, maxWaitMs: MAX_WAIT_MS };
  const { granted, waitMs } = await coordination.acquire(`email:${fromOf(campaign)}`, pace);
  if (!granted) return Math.max(waitMs, 100);
  await wait(waitMs, run.signal);
  return 0;
}

async function sendBatch(
  tools: Tools,
  campaign: CampaignRow,
  { batch, ...scope }: { readonly campaignId: string; readonly batchNo: number; readonly batch: EmailBatch },
  prepared: PreparedMessage,
): Promise<void> {
  const { campaigns, senders, emails, say } = tools;
  const members = await emails.members(batch);
  const compose = (ids: readonly string[]): Email[] =>
    members
      .filter(({ deliveryId }) => ids.includes(deliveryId))
      .map((member) => composeEmail(prepared, fromOf(campaign), member));
  const payload = compose(batch.deliveryIds);
  if (payloadHash(payload) !== batch.payloadHash) {
    return replaceChanged(tools, { ...scope, batch }, payloadHash(payload));
  }
  if (!(await emails.begin(batch))) return;
  const answer = await tools.gateways.email().sendBatch(payload, batch.key, toTheEnd());
  const verdict = judgeBatch(batch, batch.attempts + 1, answer, Date.now());
  if (verdict.type === 'split') {
    await emails.split(
      scope,
      batch,
      halvesOf(batch).map((half) => ({ ...half, payloadHash: payloadHash(compose(half.deliveryIds)) })),
    );
    return;
  }
  await emails.record(batch, verdict.outcome);
  const { pause } = verdict;
  if (pause === null) return;
  if (pause.sender && campaign.sender !== null)
    await senders.pause(campaign.sender.id, { ...pause, untilMs: null });
  if (await campaigns.pause(campaign.id, { ...pause, resumeInMs: null }))
    say(`The campaign is paused: ${pause.reason}`);
}

/** The sender was changed after a try: a key never stands for two contents. */
async function replaceChanged(
  { emails }: Tools,
  { batch, ...scope }: { readonly campaignId: string; readonly batchNo: number; readonly batch: EmailBatch },
  hash: string,
): Promise<void> {
  if (batch.uncertain) return emails.giveUp(batch);
  await emails.split(scope, batch, [
    { key: `${batch.key}.0`, deliveryIds: batch.deliveryIds, payloadHash: hash },
  ]);
}

function halvesOf({ key, deliveryIds }: EmailBatch): { key: string; deliveryIds: readonly string[] }[] {
  const middle = Math.ceil(deliveryIds.length / 2);
  return [
    { key: `${key}.1`, deliveryIds: deliveryIds.slice(0, middle) },
    { key: `${key}.2`, deliveryIds: deliveryIds.slice(middle) },
  ];
}

/** The address it was launched with: a change in Settings must not change what a key stands for. */
const fromOf = (campaign: CampaignRow): string => campaign.sender?.address ?? '';
