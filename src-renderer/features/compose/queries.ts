import { keepPreviousData, skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Audience, Message } from '@shared/contract/campaigns';
import type { Channel } from '@shared/contract/templates';
import { callQuery, client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';
import type { LaunchInput } from './draft';

export const useTags = () =>
  useQuery({
    queryKey: ['contacts', 'tags'],
    queryFn: ({ signal }) => callQuery(client.contacts.tags({}, { signal })),
  });

export const useFields = () =>
  useQuery({
    queryKey: ['contacts', 'fields'],
    queryFn: ({ signal }) => callQuery(client.contacts.fields({}, { signal })),
  });

export const useImports = () =>
  useQuery({
    queryKey: ['imports', 'list', 'for-message'],
    queryFn: ({ signal }) => callQuery(client.imports.list({ limit: 100 }, { signal })),
  });

export const useTemplates = () =>
  useQuery({
    queryKey: ['templates', 'list'],
    queryFn: ({ signal }) => callQuery(client.templates.list({}, { signal })),
  });

/** How many the audience is, and how many of them can be written to. */
export const useEstimate = (audience: Audience | null, channel: Channel) =>
  useQuery({
    queryKey: ['campaigns', 'estimate', audience, channel],
    queryFn:
      audience === null
        ? skipToken
        : ({ signal }) => callQuery(client.campaigns.estimate({ audience, channel }, { signal })),
    placeholderData: keepPreviousData,
  });

const PREVIEWED = 12;

/** The message as real recipients would get it, with everything that is wrong. */
export const usePreview = (audience: Audience | null, message: Message | null) =>
  useQuery({
    queryKey: ['campaigns', 'preview', audience, message],
    queryFn:
      audience === null || message === null
        ? skipToken
        : ({ signal }) =>
            callQuery(client.campaigns.preview({ audience, message, limit: PREVIEWED }, { signal })),
    placeholderData: keepPreviousData,
  });

/** Sends. A refusal is told as a toast and answered with null, and the draft stays as it is. */
export const useLaunch = () => {
  const cache = useQueryClient();
  return async (input: LaunchInput) => {
    const result = await client.campaigns.launch(input);
    if (!result.ok) {
      showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
      return null;
    }
    await cache.invalidateQueries({ queryKey: ['campaigns'] });
    return result.value;
  };
};
