import type { AnyAction, OperationAction } from '@shared/contract/operations';
import type { JobFilter } from '@shared/domain/job-filter';
import { jobStates, type JobState } from '@shared/domain/queues';
import { fail, ok, type Result } from '@shared/errors';
import type { JobAction } from '../../engine/job-actions';

/** The states an action can do something with, in the order they are gone through. */
const STATES: Readonly<Record<OperationAction['type'], readonly JobState[]>> = {
  retry: ['failed'],
  patch: ['failed'],
  remove: jobStates.filter((state) => state !== 'active'),
  promote: ['delayed'],
  priority: ['waiting', 'delayed'],
  move: ['waiting', 'delayed', 'failed'],
};

const hasEnded = (state: JobState): boolean => state === 'failed' || state === 'completed';

/**
 * The jobs that an action asked for at this moment means: those in a state it can do something with, and none that
 * comes, or ends again, after that. So it comes to an end, and may be begun again at any point.
 */
export const jobsMeant = (action: OperationAction, filter: JobFilter, at: Date): Result<JobFilter> => {
  const possible = STATES[action.type];
  const states = possible.filter((state) => filter.states?.includes(state) ?? true);
  if (states.length === 0) {
    return fail({
      code: 'invalid_input',
      message: `No ${(filter.states ?? []).join(' or ')} job can be the object of this.`,
      action: `Choose jobs that are ${possible.join(' or ')}.`,
      issues: [{ path: 'filter.states', message: `one of ${possible.join(', ')}` }],
    });
  }
  const leavesCancelled =
    (action.type === 'retry' || action.type === 'patch') &&
    filter.jobs === undefined &&
    filter.cancelled === undefined;
  return ok({
    ...filter,
    states: [...states],
    ...(states.every(hasEnded)
      ? { finishedAt: until(filter.finishedAt, at) }
      : { addedAt: until(filter.addedAt, at) }),
    ...(leavesCancelled && { cancelled: false }),
  });
};

const until = (span: JobFilter['finishedAt'], at: Date): NonNullable<JobFilter['finishedAt']> => ({
  ...span,
  to: span?.to !== undefined && Date.parse(span.to) < at.getTime() ? span.to : at.toISOString(),
});

/**
 * What to look for and what to do there. Cancelled failures are told from others by who acts, in the same step:
 * they need not be read for that.
 */
export const planOf = (
  action: Exclude<AnyAction, { type: 'restore' }>,
  filter: JobFilter,
  by: string,
): { readonly filter: JobFilter; readonly action: JobAction } => {
  switch (action.type) {
    case 'retry':
    case 'patch': {
      const { type } = action;
      if (filter.cancelled !== false) return { filter, action: { type, leaveCancelled: false } };
      const { cancelled: _told, ...rest } = filter;
      return { filter: rest, action: { type, leaveCancelled: true } };
    }
    case 'remove':
      return { filter, action: { type: 'remove' } };
    case 'promote':
      return { filter, action: { type: 'promote' } };
    case 'priority':
      return { filter, action: { type: 'priority', priority: action.priority } };
    case 'move':
      return { filter, action: { type: 'move', to: action.to, by } };
  }
};
