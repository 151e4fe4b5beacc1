import { useQuery } from '@tanstack/react-query';
import { callQuery, client } from './client';

export const messagingLimitKey = ['senders', 'messaging-limit'] as const;
/** Other consoles change it, too. */
const SHARED_MS = 5_000;

/** WhatsApp's limit of people within 24 hours, as the whole organization has it. */
export const useMessagingLimit = () =>
  useQuery({
    queryKey: messagingLimitKey,
    refetchInterval: SHARED_MS,
    queryFn: ({ signal }) => callQuery(client.senders.messagingLimit({}, { signal })),
  });
