import type { RunState } from '@shared/contract/template-runs';
import type { Tone } from '@renderer/ui';

export const runTones: Readonly<Record<RunState, Tone>> = {
  running: 'info',
  completed: 'success',
  cancelled: 'neutral',
  failed: 'danger',
};
