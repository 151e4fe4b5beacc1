import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { JobScheduler, SchedulerDefinition } from '@shared/contract/job-schedulers';
import type { QueueName } from '@shared/domain/queues';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { showToast } from '@renderer/ui';
import { useSchedulersText } from './texts';

/** Others change them too, and their next times pass. */
const LOOK_MS = 3_000;

const keyOf = (queue: QueueName) => ['jobSchedulers', queue] as const;

export const useJobSchedulers = (queue: QueueName) =>
  useQuery({
    queryKey: keyOf(queue),
    queryFn: ({ signal }) => callQuery(client.jobSchedulers.list({ queue }, { signal })),
    refetchInterval: LOOK_MS,
  });

type Saving = Omit<SchedulerDefinition, 'queue'> & { readonly mode: 'create' | 'change' };

const showProblem = (error: Error): void => {
  const { message, action } = wordsOf(error);
  showToast({ title: message, description: action, tone: 'danger' });
};

/** What one does with a scheduler; each says that it is done. */
export function useSchedulerActions(queue: QueueName) {
  const t = useSchedulersText();
  const cache = useQueryClient();
  const onSettled = () => cache.invalidateQueries({ queryKey: keyOf(queue) });
  const save = useMutation({
    mutationFn: (saving: Saving) => callQuery(client.jobSchedulers.save({ queue, ...saving })),
    onSuccess: (_done, { id }) => showToast({ title: t('saved', { id }), tone: 'success' }),
    onSettled,
  });
  const run = useMutation({
    mutationFn: ({ id }: JobScheduler) => callQuery(client.jobSchedulers.run({ queue, id })),
    onSuccess: ({ jobId }, { name }) => showToast({ title: t('ran', { name, id: jobId }), tone: 'success' }),
    onError: showProblem,
    onSettled,
  });
  const remove = useMutation({
    mutationFn: ({ id }: JobScheduler) => callQuery(client.jobSchedulers.remove({ queue, id })),
    onSuccess: (_done, { id }) => showToast({ title: t('removed', { id }), tone: 'success' }),
    onError: showProblem,
    onSettled,
  });
  return { save, run: run.mutate, remove: remove.mutateAsync };
}
