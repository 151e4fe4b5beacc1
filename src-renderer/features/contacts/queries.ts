import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { ContactFilter } from '@shared/contract/contacts';
import type { ContactId } from '@shared/domain/ids';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { showToast } from '@renderer/ui';

/** An import elsewhere adds contacts; whoever has scrolled keeps the list as it is. */
const REFRESH_MS = 5_000;

/** Contacts page by page, as far as somebody scrolled. */
export const useContacts = (filter: ContactFilter) =>
  useInfiniteQuery({
    queryKey: ['contacts', 'list', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      callQuery(
        client.contacts.list(
          { ...filter, limit: 200, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          { signal },
        ),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // Who comes here from an import wants what it has just written, not what was there when they last looked.
    staleTime: 0,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : REFRESH_MS),
  });

export const useTags = () =>
  useQuery({
    queryKey: ['contacts', 'tags'],
    staleTime: 0,
    queryFn: ({ signal }) => callQuery(client.contacts.tags({}, { signal })),
  });

export const useContact = (contactId: ContactId) =>
  useQuery({
    queryKey: ['contacts', 'one', contactId],
    queryFn: ({ signal }) => callQuery(client.contacts.get({ contactId }, { signal })),
  });

/** Opts a contact out or in again. */
export const useOptOut = () => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (input: { readonly contactId: ContactId; readonly optedOut: boolean }) =>
      callQuery(client.contacts.setOptOut(input)),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['contacts'] }),
    onError: (error) => void showToast({ title: wordsOf(error).message, tone: 'danger' }),
  });
};
