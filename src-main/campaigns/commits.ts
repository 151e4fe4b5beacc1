import { setTimeout as delay } from 'node:timers/promises';
import { createGroupCommit } from './group-commit';
import type { Claim, LedgerRepository, OwnedOutcome } from './ledger/repository';
import { isOutage } from './outage';

/** More rows than this make a statement that the first of them wait for too long. */
const TOGETHER = 500;
const RETRY_FROM_MS = 100;
const RETRY_AT_MOST_MS = 2_000;

/** What the batches of this process write into the ledger together: one statement and one commit for many. */
export interface Commits {
  /** Commits that a recipient is about to be sent to. False: it may not be. */
  begin(claim: Claim): Promise<boolean>;
  /**
   * Resolves when the outcome is committed. What was answered is known here and nowhere else: where the database is
   * away it is kept, until others take this worker for dead.
   */
  record(outcome: OwnedOutcome): Promise<true>;
}

export function createCommits(
  ledger: Pick<LedgerRepository, 'beginSending' | 'record'>,
  silenceMs: number,
): Commits {
  const begins = createGroupCommit<Claim, boolean>(
    (claims) => ledger.beginSending(claims, silenceMs),
    TOGETHER,
  );
  const records = createGroupCommit<OwnedOutcome, true>(async (outcomes) => {
    await onceBack(() => ledger.record(outcomes), silenceMs);
    return () => true;
  }, TOGETHER);
  return { begin: (claim) => begins.add(claim), record: (outcome) => records.add(outcome) };
}

/** Tries again while the database is away, for so long. Safe to repeat: who was recorded is not recorded again. */
async function onceBack(write: () => Promise<void>, forMs: number): Promise<void> {
  const until = performance.now() + forMs;
  for (let waitMs = RETRY_FROM_MS; ; waitMs = Math.min(RETRY_AT_MOST_MS, 2 * waitMs)) {
    try {
      await write();
      return;
    } catch (error) {
      if (!isOutage(error) || performance.now() + waitMs > until) throw error;
      await delay(waitMs);
    }
  }
}
