import type { Operation } from '@shared/contract/operations';
import type { RefusalReason } from '../../engine/job-actions';
import type { OperationRow } from './repository';

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** Jobs a second since it has been at work without a break; null where that is not known yet. */
const paceOf = ({ paceFrom, done }: OperationRow, now: number): number | null => {
  if (paceFrom === null) return null;
  const seconds = (now - paceFrom.at.getTime()) / 1_000;
  const sinceThen = done - paceFrom.done;
  return seconds > 0.2 && sinceThen > 0 ? sinceThen / seconds : null;
};

/** An operation as the console shows it. */
export const viewOf = (row: OperationRow, now: number): Operation => {
  const perSecond = row.state === 'running' ? paceOf(row, now) : null;
  const open = Math.max(0, row.total - row.done - row.left);
  const { canary } = row;
  return {
    id: row.id,
    action: row.action,
    filter: row.filter,
    reason: row.reason,
    rate: row.rate,
    state: row.state,
    total: row.total,
    done: row.done,
    left: row.left,
    startedBy: row.startedBy,
    createdAt: row.createdAt.toISOString(),
    holdUntil: iso(row.holdUntil),
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
    perSecond,
    etaSeconds: perSecond === null ? null : open / perSecond,
    problem: row.problem,
    canary:
      canary === null
        ? null
        : {
            jobs: canary.jobs.length,
            succeeded: canary.succeeded,
            failed: canary.failed,
            gone: canary.gone,
            open: Math.max(0, canary.jobs.length - canary.succeeded - canary.failed - canary.gone),
          },
    undo:
      row.kept === null || row.endedAt === null
        ? null
        : { jobs: row.kept.jobs, until: row.kept.until.toISOString() },
  };
};

const WORDS: Readonly<Record<RefusalReason, string>> = {
  missing: 'It was gone already.',
  moved: 'It moved on meanwhile: it is in another state now.',
  locked: 'A worker runs it. Cancel it instead.',
  cancelled: 'Somebody cancelled it: to stop it was meant.',
  scheduled: 'It belongs to a schedule and is removed with it.',
  'has-children': 'Other jobs that have not ended belong to it. Remove it by itself.',
  unchanged: 'It was so already.',
  'there-again': 'There is a job with its id again.',
  changed: 'Its payload was changed meanwhile.',
  'patch-does-not-fit': 'The change does not fit its payload.',
  'in-flow': 'It belongs to a flow: the jobs above and below it are bound to its queue.',
  'id-taken': 'The other queue has a job with its id.',
  'not-for-queue': 'Its payload is none that the workers of the other queue take.',
  'patched-is-invalid': 'With the change its payload would not be one of its queue.',
};

/** Why a job was left, in words. */
export const leftBecause = (why: string): string =>
  Object.entries(WORDS).find(([reason]) => reason === why)?.[1] ?? why;
