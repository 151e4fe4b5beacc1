import { useQueryClient } from '@tanstack/react-query';
import { CircleSlash, FastForward, type LucideIcon, RotateCw, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { JobId } from '@shared/domain/ids';
import type { JobState, QueueName } from '@shared/domain/queues';
import { useFormat } from '@renderer/i18n/use-format';
import { inBatches } from '@renderer/platform/bulk';
import { client } from '@renderer/platform/client';
import { ConfirmDialog, showToast } from '@renderer/ui';
import { useJobsText } from './texts';

export type JobAction = 'retry' | 'promote' | 'cancel' | 'remove';

/** What can be done with a job in each state. A running job is cancelled before it can be removed. */
export const actionsOf: Readonly<Record<JobState, readonly JobAction[]>> = {
  waiting: ['cancel', 'remove'],
  active: ['cancel'],
  delayed: ['promote', 'cancel', 'remove'],
  'waiting-children': ['cancel', 'remove'],
  completed: ['remove'],
  failed: ['retry', 'remove'],
};

export const actionIcons: Readonly<Record<JobAction, LucideIcon>> = {
  retry: RotateCw,
  promote: FastForward,
  cancel: CircleSlash,
  remove: Trash2,
};

export const actionKeys: Readonly<Record<JobAction, string>> = {
  retry: 'r',
  promote: 'p',
  cancel: 'c',
  remove: 'Delete',
};

export interface JobKey {
  readonly queue: QueueName;
  readonly jobId: JobId;
}

interface Asked {
  readonly action: 'remove' | 'cancel';
  readonly jobs: readonly JobKey[];
}

export interface JobActions {
  /** Acts at once, or asks first where it cannot be taken back. */
  readonly start: (action: JobAction, jobs: readonly JobKey[]) => void;
  /** Place it once on the page. */
  readonly dialog: ReactNode;
}

/** Runs actions on jobs and says what came of them. `onDone` is told which, and how many obeyed. */
export function useJobActions(onDone: (action: JobAction, done: number) => void): JobActions {
  const t = useJobsText();
  const format = useFormat();
  const cache = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [open, setOpen] = useState(false);

  const run = async (action: JobAction, jobs: readonly JobKey[]): Promise<void> => {
    const outcome = await inBatches(jobs, (part) => client.queues[action]({ jobs: part }));
    const message = outcome.error?.message ?? outcome.failed[0]?.message;
    const left = jobs.length - outcome.done;
    showToast({
      title: t(`done.${action}`, { count: outcome.done, amount: format.number(outcome.done) }),
      tone: message === undefined ? 'success' : outcome.done > 0 ? 'warning' : 'danger',
      description:
        message === undefined
          ? undefined
          : t('partly', { count: left, amount: format.number(left), message }),
    });
    onDone(action, outcome.done);
    await cache.invalidateQueries({ queryKey: ['queues'] });
  };

  const start = (action: JobAction, jobs: readonly JobKey[]): void => {
    if (jobs.length === 0) return;
    if (action === 'retry' || action === 'promote') {
      run(action, jobs).catch(reportError);
      return;
    }
    setAsked({ action, jobs });
    setOpen(true);
  };

  const count = asked?.jobs.length ?? 0;
  const counted = { count, amount: format.number(count) };
  const dialog = asked && (
    <ConfirmDialog
      open={open}
      onOpenChange={setOpen}
      danger
      title={t(`confirm.${asked.action}`, counted)}
      description={t(`confirm.${asked.action}Text`)}
      confirmLabel={t(`confirm.${asked.action}Label`, counted)}
      onConfirm={() => run(asked.action, asked.jobs)}
    />
  );
  return { start, dialog };
}
