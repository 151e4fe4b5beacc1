import { Copy, PanelRight } from 'lucide-react';
import type { JobSummary } from '@shared/contract/queues';
import { type RowCommands, useCopyLink, useRowCommands } from '@renderer/commands';
import { actionIcons, actionKeys, actionsOf, type JobAction, type JobActions } from './job-actions';
import { useJobsText } from './texts';

const ACTIONS = ['retry', 'promote', 'cancel', 'remove'] as const satisfies readonly JobAction[];

interface JobRowOptions {
  readonly onOpen: (job: JobSummary) => void;
  readonly start: JobActions['start'];
  /** Whether the keys mean the row; with a selection they mean that. */
  readonly free: () => boolean;
}

/** What can be done with one job of a list. */
export function useJobRowCommands({ onOpen, start, free }: JobRowOptions): RowCommands<JobSummary> {
  const t = useJobsText();
  const link = useCopyLink();
  return useRowCommands<JobSummary>(
    [
      { id: 'jobs.row.open', title: t('open'), icon: PanelRight, group: 0, run: onOpen },
      {
        id: 'jobs.row.copy-id',
        title: t('copyId'),
        icon: Copy,
        group: 0,
        run: (job) => void navigator.clipboard.writeText(job.id),
      },
      link.rowCommand('jobs.row', ({ queue, id }) => ({ kind: 'job', queue, id })),
      ...ACTIONS.map((action) => ({
        id: `jobs.row.${action}`,
        title: t(`actOn.open.${action}`),
        label: t(`action.${action}`),
        icon: actionIcons[action],
        shortcut: actionKeys[action],
        group: 1,
        danger: action === 'remove',
        when: ({ state }: JobSummary) => actionsOf[state].includes(action),
        run: ({ queue, id }: JobSummary) => start(action, [{ queue, jobId: id }]),
      })),
    ],
    free,
  );
}
