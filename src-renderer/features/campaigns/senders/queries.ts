import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Sender } from '@shared/contract/senders';
import type { CampaignId } from '@shared/domain/ids';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { showToast } from '@renderer/ui';

const SENDERS = ['senders'] as const;
/** A rate that was lowered comes back by itself, and is to be seen coming back. */
const REFRESH_MS = 2_000;

/** All senders, as they stand now. */
export const useSenders = () =>
  useQuery({
    queryKey: [...SENDERS, 'list'],
    queryFn: ({ signal }) => callQuery(client.senders.list({}, { signal })),
    refetchInterval: REFRESH_MS,
  });

/** Who a campaign is sent through, read again while it is under way. */
export const useSenderOf = (campaignId: CampaignId, isUnderWay: boolean) =>
  useQuery({
    queryKey: [...SENDERS, 'of', campaignId],
    queryFn: ({ signal }) => callQuery(client.senders.ofCampaign({ campaignId }, { signal })),
    refetchInterval: isUnderWay ? REFRESH_MS : false,
  });

/** Sets a limit, or takes the channel's setting again; workers follow within a second. */
export const useSetLimit = (saved: (sender: Sender) => string) => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (input: { readonly senderId: string; readonly perSecond: number | null }) =>
      callQuery(client.senders.setLimit(input)),
    onSuccess: async (sender) => {
      showToast({ title: saved(sender), tone: 'success' });
      await cache.invalidateQueries({ queryKey: SENDERS });
    },
    onError: (error) => {
      const { message, action } = wordsOf(error);
      showToast({ title: message, tone: 'danger', ...(action === undefined ? {} : { description: action }) });
    },
  });
};
