import { useMutation, useQuery } from '@tanstack/react-query';
import type { audiences } from '@shared/contract/audiences';
import { unwrap } from '@shared/errors';
import type { InputOf } from '@shared/rpc/define';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import type { GivenFile } from '@renderer/platform/files';
import { sourceOf } from '@renderer/platform/upload';
import { showToast } from '@renderer/ui';

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

export const useSettings = () =>
  useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => callQuery(client.settings.get({}, { signal })),
  });

/** Takes a pasted list in; from then on it is named by its id. */
export const usePaste = () =>
  useMutation({
    mutationFn: (input: InputOf<(typeof audiences)['paste']>) => callQuery(client.audiences.paste(input)),
    onError: showProblem,
  });

type ListFileInput = Omit<InputOf<(typeof audiences)['openFile']>, 'source'> & { readonly file: GivenFile };

export const useListFile = () =>
  useMutation({
    mutationFn: async ({ file, ...input }: ListFileInput) =>
      callQuery(client.audiences.openFile({ ...input, source: unwrap(await sourceOf(file)) })),
  });

const showProblem = (error: Error): void => {
  const { message, action } = wordsOf(error);
  showToast({ title: message, tone: 'danger', ...(action === undefined ? {} : { description: action }) });
};
