import { keepPreviousData, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RecipientFilter, JudgedRecipient } from '@shared/contract/audiences';
import type { Audience, Message } from '@shared/contract/campaigns';
import type { Channel } from '@shared/contract/templates';
import type { CampaignId, DraftId } from '@shared/domain/ids';
import { isSettled } from '@shared/domain/delivery';
import type { InputOf } from '@shared/rpc/define';
import type { audiences } from '@shared/contract/audiences';
import type { campaigns } from '@shared/contract/campaigns';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { useRowPages } from '@renderer/platform/use-row-pages';
import { showToast } from '@renderer/ui';
import type { LaunchInput } from './draft';

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
export const useEstimate = (audience: Audience | null, channel: Channel, draftId: DraftId) =>
  useQuery({
    queryKey: ['campaigns', 'estimate', draftId, audience, channel],
    queryFn:
      audience === null
        ? skipToken
        : ({ signal }) => callQuery(client.campaigns.estimate({ audience, channel, draftId }, { signal })),
    placeholderData: keepPreviousData,
  });

const PREVIEWED = 24;

/** The message as real recipients would get it, with everything that is wrong. */
export const usePreview = (audience: Audience | null, message: Message | null, draftId: DraftId) =>
  useQuery({
    queryKey: ['campaigns', 'preview', draftId, audience, message],
    queryFn:
      audience === null || message === null
        ? skipToken
        : ({ signal }) =>
            callQuery(client.campaigns.preview({ audience, message, draftId, limit: PREVIEWED }, { signal })),
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

const showProblem = (error: Error): void => {
  const { message, action } = wordsOf(error);
  showToast({ title: message, tone: 'danger', ...(action === undefined ? {} : { description: action }) });
};

/** Whom a list of recipients is about. */
export interface Judging {
  readonly audience: Audience;
  readonly message: Message;
  readonly draftId: DraftId;
}

/** The recipients that a filter shows, a page at a time. */
export const useRecipients = (judging: Judging, filter: RecipientFilter) =>
  useRowPages<JudgedRecipient>(['campaigns', 'recipients', judging, filter], (start, count, signal) =>
    callQuery(client.campaigns.recipients({ ...judging, filter, start, count }, { signal })),
  );

/** Mends values for this message only. All of it is judged anew at once. */
export function useMends() {
  const cache = useQueryClient();
  const shared = {
    onError: showProblem,
    onSettled: () => cache.invalidateQueries({ queryKey: ['campaigns'] }),
  };
  return {
    mend: useMutation({
      mutationFn: (input: InputOf<(typeof audiences)['mend']>) => callQuery(client.audiences.mend(input)),
      ...shared,
    }),
    mendAll: useMutation({
      mutationFn: (input: InputOf<(typeof audiences)['mendAll']>) =>
        callQuery(client.audiences.mendAll(input)),
      ...shared,
    }),
  };
}

export const useTestSend = () =>
  useMutation({
    mutationFn: (input: InputOf<(typeof campaigns)['test']>) => callQuery(client.campaigns.test(input)),
  });

const LOOK_MS = 500;

/** What became of a test, looked at until it is settled. */
export const useTestOutcome = (campaignId: CampaignId | undefined) =>
  useQuery({
    queryKey: ['campaigns', 'test', campaignId],
    queryFn:
      campaignId === undefined
        ? skipToken
        : async ({ signal }) => {
            const { deliveries } = await callQuery(
              client.campaigns.deliveries({ campaignId, start: 0, count: 1 }, { signal }),
            );
            return deliveries[0] ?? null;
          },
    refetchInterval: ({ state }) => (state.data && isSettled(state.data.state) ? false : LOOK_MS),
  });
