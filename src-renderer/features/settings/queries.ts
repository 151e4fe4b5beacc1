import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Settings, SettingsPatch } from '@shared/contract/settings';
import type { WorkerSettings } from '@shared/contract/workers';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { showToast } from '@renderer/ui';

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
