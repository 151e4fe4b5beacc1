import { createGroupCommit } from './group-commit';
import type { Claim, LedgerRepository, OwnedOutcome } from './ledger/repository';

/** More rows than this make a statement that the first of them wait for too long. */
const TOGETHER = 500;

/** What the batches of this process write into the ledger together: one statement and one commit for many. */
export interface Commits {
  /** Commits that a recipient is about to be sent to. False: it may not be. */
  begin(claim: Claim): Promise<boolean>;
  /** Resolves when the outcome is committed. */
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
    await ledger.record(outcomes);
    return () => true;
  }, TOGETHER);
  return { begin: (claim) => begins.add(claim), record: (outcome) => records.add(outcome) };
}
