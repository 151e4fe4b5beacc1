import type { ImportSummary } from '@shared/contract/imports';
import type { Tone } from '@renderer/ui';

/** The colour of an import's state; the word stands beside it. */
export const stateTones: Readonly<Record<ImportSummary['state'], Tone>> = {
  draft: 'neutral',
  staging: 'info',
  queued: 'info',
  running: 'info',
  paused: 'warning',
  completed: 'success',
  cancelled: 'neutral',
  failed: 'danger',
};
