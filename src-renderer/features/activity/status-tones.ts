import type { JobLogStatus } from '@shared/contract/activity';
import type { Tone } from '@renderer/ui';

/** How each status of the history looks; its word stands beside. */
export const statusTones: Readonly<Record<JobLogStatus, Tone>> = {
  queued: 'neutral',
  running: 'info',
  completed: 'success',
  partial_success: 'warning',
  partial_failure: 'warning',
  failed: 'danger',
  cancelled: 'neutral',
};
