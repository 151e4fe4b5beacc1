import type { RunOutcome } from './processor';

const HAPPENED = {
  timeout: 'The time limit of one run was reached.',
  shutdown: 'The worker was shut down.',
} as const;

const GOES_ON = {
  'from there': 'Nothing is lost: what is done is kept, and the job goes on from there by itself.',
  'from the start': 'Nothing is lost: nothing was written yet, and the job begins again by itself.',
} as const;

/** How a run ends that was told to stop (`reason` of its signal) and has written down how far it came. */
export const stoppedRun = (
  reason: unknown,
  goesOn: keyof typeof GOES_ON = 'from there',
): Extract<RunOutcome, { type: 'later' | 'cancelled' }> =>
  reason === 'timeout' || reason === 'shutdown'
    ? { type: 'later', at: new Date(), why: `${HAPPENED[reason]} ${GOES_ON[goesOn]}` }
    : { type: 'cancelled' };
