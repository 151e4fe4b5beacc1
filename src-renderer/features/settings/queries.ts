import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Settings, SettingsPatch } from '@shared/contract/settings';
import type { WorkerSettings } from '@shared/contract/workers';
import { useFormat } from '@renderer/i18n/use-format';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { messagingLimitKey } from '@renderer/platform/use-messaging-limit';
import { showToast } from '@renderer/ui';
import { useSettingsText } from './texts';

const settingsKey = ['settings'] as const;
const workersKey = ['workers', 'settings'] as const;

export const useSettings = () =>
  useQuery({
    queryKey: settingsKey,
    queryFn: ({ signal }) => callQuery(client.settings.get({}, { signal })),
  });

/** Saves a part of the settings; what went wrong is shown as a toast and left in the form. */
export const useSaveSettings = (words: { readonly saved: string; readonly restart: string }) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (patch: SettingsPatch) => callQuery(client.settings.update(patch)),
    onSuccess: ({ settings, restartNeeded }: { settings: Settings; restartNeeded: boolean }) => {
      queryClient.setQueryData(settingsKey, settings);
      showToast({
        title: restartNeeded ? words.restart : words.saved,
        tone: restartNeeded ? 'warning' : 'success',
      });
    },
    onError: showProblem,
  });
};

export const useWorkerSettings = () =>
  useQuery({
    queryKey: workersKey,
    queryFn: ({ signal }) => callQuery(client.workers.settings({}, { signal })),
  });

/** Switches the workers of one queue inside this app, at once. */
export const useConfigureWorker = () => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (settings: WorkerSettings) => callQuery(client.workers.configure(settings)),
    onSuccess: (value) => {
      queryClient.setQueryData(workersKey, value);
      void queryClient.invalidateQueries({ queryKey: ['workers', 'list'] });
    },
    onError: showProblem,
  });
};

const oldLogsKey = ['settings', 'old-logs'] as const;
const timeLimitKey = ['workers', 'time-limit'] as const;

export const useTimeLimit = () =>
  useQuery({
    queryKey: timeLimitKey,
    queryFn: ({ signal }) => callQuery(client.workers.timeLimit({}, { signal })),
  });

/** How long a run may take, for the workers of all machines. */
export const useSetTimeLimit = (saved: string) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (seconds: number | null) => callQuery(client.workers.setTimeLimit({ seconds })),
    onSuccess: (value) => {
      queryClient.setQueryData(timeLimitKey, value);
      showToast({ title: saved, tone: 'success' });
    },
    onError: showProblem,
  });
};

export const useSetMessagingLimit = (saved: string) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (people: number | null) => callQuery(client.senders.setMessagingLimit({ people })),
    onSuccess: (value) => {
      queryClient.setQueryData(messagingLimitKey, value);
      showToast({ title: saved, tone: 'success' });
    },
    onError: showProblem,
  });
};

/** What a clean-up of the job history would remove, and what the last one did. */
export const useOldLogs = (days: number) =>
  useQuery({
    queryKey: [...oldLogsKey, days],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => callQuery(client.activity.oldLogs({ days }, { signal })),
  });

/** Cleans up the job history, and says how many rows went. */
export function useCleanUp() {
  const t = useSettingsText();
  const format = useFormat();
  const queryClient = useQueryClient();
  const { isPending, mutateAsync } = useMutation({
    mutationFn: (days: number) => callQuery(client.activity.cleanUp({ days })),
    onSuccess: ({ removed }) => {
      const number = format.number(removed);
      showToast({ title: t('history.done', { count: removed, number }), tone: 'success' });
      void queryClient.invalidateQueries({ queryKey: oldLogsKey });
      void queryClient.invalidateQueries({ queryKey: ['activity'] });
    },
    onError: showProblem,
  });
  return {
    isPending,
    run: async (days: number): Promise<void> => {
      await mutateAsync(days);
    },
  };
}

export const useTestConnection = () =>
  useMutation({
    mutationFn: (input: { readonly kind: 'redis' | 'database'; readonly url: string }) =>
      callQuery(client.settings.testConnection(input)),
    onError: showProblem,
  });

const showProblem = (error: Error): void => {
  const { message, action } = wordsOf(error);
  showToast({ title: message, tone: 'danger', ...(action === undefined ? {} : { description: action }) });
};
