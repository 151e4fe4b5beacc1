import { JobLogStatus } from '@shared/contract/activity';

/** Rows written by others (the ADSapp platform itself) may use words of their own: they are shown as the nearest of ours. */
export const statusOf = (status: string): JobLogStatus => {
  const known = JobLogStatus.safeParse(status);
  if (known.success) return known.data;
  switch (status) {
    case 'success':
      return 'completed';
    case 'active':
      return 'running';
    case 'error':
      return 'failed';
    default:
      return 'queued';
  }
};
