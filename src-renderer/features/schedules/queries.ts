import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppError, Result } from '@shared/errors';
import { callQuery, client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';

const ALL = ['schedules'] as const;
const REFRESH_MS = 2_000;

export const useSchedules = () =>
  useQuery({
    queryKey: [...ALL, 'list'],
    queryFn: ({ signal }) => callQuery(client.schedules.list({}, { signal })),
    refetchInterval: REFRESH_MS,
  });

export const useRuns = (scheduleId: string) =>
  useQuery({
    queryKey: [...ALL, 'runs', scheduleId],
    queryFn: ({ signal }) => callQuery(client.schedules.runs({ scheduleId, limit: 100 }, { signal })),
    refetchInterval: REFRESH_MS,
  });

/** What was due while nothing was running. */
export const useOverdue = () =>
  useQuery({
    queryKey: [...ALL, 'overdue'],
    queryFn: ({ signal }) => callQuery(client.schedules.overdue({}, { signal })),
    refetchInterval: REFRESH_MS,
  });

export const useTags = () =>
  useQuery({
    queryKey: ['contacts', 'tags'],
    queryFn: ({ signal }) => callQuery(client.contacts.tags({}, { signal })),
  });

export const useTemplates = () =>
  useQuery({
    queryKey: ['templates', 'list'],
    queryFn: ({ signal }) => callQuery(client.templates.list({}, { signal })),
  });

/** Runs one action at a time; what goes wrong is told by `tell`, as a toast unless given, and answered with null. */
export function useAct(tell: (error: AppError) => void = toast) {
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = async <T>(act: () => Promise<Result<T>>): Promise<T | null> => {
    setBusy(true);
    const result = await act();
    setBusy(false);
    await cache.invalidateQueries({ queryKey: ALL });
    if (result.ok) return result.value;
    tell(result.error);
    return null;
  };
  return { busy, run };
}

const toast = ({ message, action }: AppError): void => {
  showToast({ title: message, description: action, tone: 'danger' });
};
