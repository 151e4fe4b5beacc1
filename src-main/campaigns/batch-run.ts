import { randomUUID } from 'node:crypto';
import { unwrap } from '@shared/errors';
import type { JobRun, RunOutcome } from '../engine/processor';
import { whatsappContent } from './content';
import { createEffects } from './effects';
import { endedOutcome, held, jobResult, MAX_FAILED_ITEMS, notBefore, openCount } from './job-outcome';
import { sendDue } from './lanes';
import { prepareMessage } from './message';
import { wait } from './pace';
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
  const owner = `${run.id}.${randomUUID()}`;
  const startedAt = Date.now();
  const progress = createProgress(run);

  const end = async (campaign: CampaignRow, cancelled: boolean): Promise<RunOutcome> => {
    if (cancelled) await ledger.cancel(scope.campaignId, batchNo);
    if (await campaigns.finishIfSettled(scope.campaignId)) say(`Campaign “${campaign.name}” has ended`);
    const state = await ledger.stateOf(scope, owner);
    const result = jobResult(scope, state, Date.now() - startedAt);
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
    if (run.signal.aborted) {
      return {
        type: 'later',
        at: new Date(),
        why: `The run was interrupted (${String(run.signal.reason)}).`,
      };
    }
    await ledger.sweep(scope.campaignId);
    const waits = held(campaign, Date.now());
    if (waits !== null && openCount(await ledger.stateOf(scope, owner)) > 0) return waits;
    if (waits === null) {
      await ledger.skipUnwelcome(scope);
      await sendRound(tools, run, campaign, { ...scope, owner }, progress);
      if (isAborted(run.signal)) continue;
    }
    const state = await ledger.stateOf(scope, owner);
    progress.total(state.total - openCount(state), state.total);
    if (openCount(state) === 0) {
      const latest = await campaigns.find(scope.campaignId);
      return end(campaign, latest?.state === 'cancelled');
    }
    const due = nextLook(state.nextDueAt, state.leasedUntil);
    const waitMs = due.getTime() - Date.now();
    if (waitMs > PATIENCE_MS) {
      return { type: 'later', at: due, why: `${openCount(state)} recipients wait for their next attempt.` };
    }
    await wait(Math.max(waitMs, 20), run.signal);
  }
}

/** As a call, so that the compiler does not take an earlier answer for the present one. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

function nextLook(nextDueAt: Date | null, leasedUntil: Date | null): Date {
  const dates = [nextDueAt, leasedUntil].filter((date) => date !== null).map((date) => date.getTime());
  // A moment after the lease: the database's clock decides, and may be a little behind.
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
  const senderKey = `whatsapp:${campaign.sender?.address ?? 'default'}`;
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  run.signal.addEventListener('abort', interrupt, { once: true });
  const alive = keepAlive(() => ledger.renew(scope, owner, limits.leaseMs), limits.leaseMs / 3, stop);
  const effects = createEffects({
    ...tools,
    campaign,
    senderKey,
    settled: progress.settled,
    stop: interrupt,
  });
  try {
    await sendDue({
      ledger,
      limits,
      scope,
      owner,
      senderKey,
      stop,
      pacer: tools.pacer,
      gateway: gateways.whatsapp(),
      perSecond: () => campaign.sender?.ratePerSecond ?? gateways.settings().messagesPerSecond,
      content: ({ parameters }) => whatsappContent(prepared, parameters),
      onSettled: ({ state }) => {
        if (state !== 'retry_wait') progress.one();
      },
      onEffect: effects,
    });
  } finally {
    await alive.end();
    run.signal.removeEventListener('abort', interrupt);
    await ledger.release(scope, owner);
  }
}

/** Renews the lease until ended. One that cannot be renewed stops the claims: others may take the rest. */
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
