import { randomUUID } from 'node:crypto';
import { placesAt, type QuietHours } from '@shared/domain/quiet-hours';
import { unwrap } from '@shared/errors';
import { stoppedRun } from '../engine/going-on';
import type { JobRun, RunOutcome } from '../engine/processor';
import { whatsappContent } from './content';
import { createEffects } from './effects';
import { endedOutcome, held, jobResult, MAX_FAILED_ITEMS, notBefore, openCount } from './job-outcome';
import { sendDue } from './lanes';
import { prepareMessage } from './message';
import { senderKey, wait } from './pace';
import type { BatchScope, BatchState } from './ledger/repository';
import type { CampaignRow } from './repository';
import type { CampaignTools } from './tools';

/** A recipient that is due so soon is waited for; for a later one the job makes room for others. */
const PATIENCE_MS = 2_000;

/** One run of one batch: rounds of sending until all are settled, held back or interrupted. */
export async function runBatch(
  tools: CampaignTools,
  run: JobRun<'bulk-messages'>,
  opened: CampaignRow,
  batchNo: number,
): Promise<RunOutcome> {
  const { campaigns, ledger, say } = tools;
  const scope = { campaignId: opened.id, batchNo };
  // Short: it goes into every version of every recipient's row.
  const owner = randomUUID();
  const progress = createProgress(run);

  const end = async (
    campaign: CampaignRow,
    cancelled: boolean,
    settled?: BatchState,
  ): Promise<RunOutcome> => {
    if (cancelled) await ledger.cancel(scope.campaignId, batchNo);
    if (await campaigns.finishIfSettled(scope.campaignId)) say(`Campaign “${campaign.name}” has ended`);
    else if (await campaigns.holdAfterCanary(scope.campaignId)) say('The canary has gone; the rest is held');
    const state = settled ?? (await ledger.stateOf(scope, owner));
    const result = jobResult(scope, state, run.workedMs());
    run.progress(100);
    const unknown = result.unknownCount === 0 ? '' : `, ${result.unknownCount} unknown`;
    run.log(`${result.successCount} sent, ${result.failureCount} failed${unknown}, ${result.duration} ms`);
    if (cancelled) return { type: 'cancelled', result };
    return endedOutcome(campaign, state, result, await ledger.failedItems(scope, MAX_FAILED_ITEMS));
  };

  for (;;) {
    const campaign = await campaigns.find(scope.campaignId);
    if (campaign === null || campaign.state === 'cancelled') return end(campaign ?? opened, true);
    if (run.signal.aborted && run.signal.reason === 'cancelled') return end(campaign, true);
    if (run.signal.aborted) return stoppedRun(run.signal.reason);
    await ledger.sweep(scope.campaignId);
    const waits = held(campaign, Date.now());
    // Also what failed after the breaker had stopped it: whoever lets it go on has seen all of it.
    if (waits !== null) tools.breaker.reset(scope.campaignId);
    if (waits !== null && openCount(await ledger.stateOf(scope, owner)) > 0) return waits;
    if (waits === null) {
      if (campaign.portfolioLimit !== null) await tools.limitKeeper.look(scope.campaignId);
      await ledger.skipUnwelcome(scope);
      await sendRound(tools, run, campaign, { ...scope, owner }, progress);
      if (isAborted(run.signal)) continue;
    }
    const state = await ledger.stateOf(scope, owner);
    progress.total(state.total - openCount(state), state.total);
    if (openCount(state) === 0) {
      const latest = await campaigns.find(scope.campaignId);
      return end(campaign, latest?.state === 'cancelled', state);
    }
    const due = nextLook(state.nextDueAt, state.aliveUntil);
    const waitMs = due.getTime() - Date.now();
    if (waitMs > PATIENCE_MS) {
      return { type: 'later', at: due, why: waitingFor(state) };
    }
    await wait(Math.max(waitMs, 20), run.signal);
  }
}

/** What a job that has nobody to write to now waits for, in words. */
function waitingFor(state: BatchState): string {
  const open = openCount(state);
  if (state.heldBack === 0) return `${waiting(open)} for the next attempt.`;
  const others = open === state.heldBack ? '' : `, ${open - state.heldBack} for the next attempt`;
  return `${waiting(state.heldBack)} for WhatsApp’s limit of people within 24 hours${others}.`;
}

const waiting = (count: number): string => (count === 1 ? '1 recipient waits' : `${count} recipients wait`);

/** As a call, so that the compiler does not take an earlier answer for the present one. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

function nextLook(nextDueAt: Date | null, aliveUntil: Date | null): Date {
  const dates = [nextDueAt, aliveUntil].filter((date) => date !== null).map((date) => date.getTime());
  // A moment later: the database's clock decides, and may be a little behind.
  return notBefore(new Date(dates.length === 0 ? Date.now() : Math.min(...dates) + 50), Date.now() - 250);
}

async function sendRound(
  tools: CampaignTools,
  run: JobRun<'bulk-messages'>,
  campaign: CampaignRow,
  { owner, ...scope }: { readonly campaignId: string; readonly batchNo: number; readonly owner: string },
  progress: Progress,
): Promise<void> {
  const { ledger, limits, gateways } = tools;
  const prepared = unwrap(prepareMessage(campaign.message));
  const line = senderKey('whatsapp', campaign.sender?.address ?? 'default');
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  run.signal.addEventListener('abort', interrupt, { once: true });
  const alive = keepAlive(() => ledger.renew(scope, owner, limits.silenceMs), limits.silenceMs / 3, stop);
  const known = campaign.sender?.ratePerSecond ?? gateways.settings().messagesPerSecond;
  const limit = tools.senderLimits.follow(campaign.sender?.id ?? null, known);
  const effects = createEffects({
    ...tools,
    campaign,
    senderKey: line,
    settled: progress.settled,
    stop: interrupt,
  });
  try {
    await sendDue({
      ledger,
      commits: tools.commits,
      limits,
      scope,
      owner,
      senderKey: line,
      stop,
      pacer: tools.pacer,
      gateway: gateways.whatsapp(),
      perSecond: () => limit.perSecond(),
      holdBack: quietKeeper(tools, scope, campaign.quietHours),
      content: ({ parameters }) => whatsappContent(prepared, parameters),
      onBegun: effects.begun,
      onLeft: effects.left,
      onSettled: async (outcome) => {
        if (outcome.state === 'retry_wait') return;
        progress.one();
        await effects.settled(outcome);
      },
      onEffect: (delivery, effect) => effects.apply(delivery, effect),
    });
  } finally {
    limit.end();
    await alive.end();
    run.signal.removeEventListener('abort', interrupt);
  }
}

/** Holds back who is in quiet hours: they may begin while a slow sender goes through a batch. Looks once a minute. */
function quietKeeper(
  { ledger, now }: Pick<CampaignTools, 'ledger' | 'now'>,
  scope: BatchScope,
  quiet: QuietHours | null,
): () => Promise<void> {
  let lookedAt = -1;
  return async () => {
    const minute = Math.floor(now() / 60_000);
    if (quiet === null || minute === lookedAt) return;
    lookedAt = minute;
    await ledger.keepQuiet(scope, placesAt(now(), quiet));
  };
}

/** Says that this worker lives, until ended. Where that cannot be said the claims stop: others may take the rest. */
function keepAlive(
  renew: () => Promise<void>,
  everyMs: number,
  stop: AbortController,
): { end(): Promise<void> } {
  let renewing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renew().catch((): void => stop.abort());
  }, everyMs);
  return {
    end: () => {
      clearInterval(timer);
      return renewing;
    },
  };
}

interface Progress {
  readonly one: () => void;
  readonly settled: () => number;
  readonly total: (settled: number, of: number) => void;
}

function createProgress(run: JobRun<'bulk-messages'>): Progress {
  let base = 0;
  let of = Math.max(1, run.data.recipients);
  let settled = 0;
  const report = (): void => run.progress(Math.floor((Math.min(of, base + settled) / of) * 100));
  return {
    one: () => {
      settled += 1;
      report();
    },
    settled: () => settled,
    total: (done, total) => {
      of = Math.max(1, total);
      base = done - settled;
      report();
    },
  };
}
