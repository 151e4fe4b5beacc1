import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Mapping, SavedMapping } from '@shared/contract/imports';
import type { MappingId } from '@shared/domain/ids';
import { callQuery, client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';
import { showProblem } from './queries';
import { useImportText } from './texts';

const savedKey = ['imports', 'mappings'] as const;
const NO_MAPPINGS: readonly SavedMapping[] = [];
const NO_KEYS: readonly string[] = [];

/** The mappings that are applied to files with the same headers, the last used first. */
export const useSavedMappings = () =>
  useQuery({
    queryKey: savedKey,
    queryFn: ({ signal }) => callQuery(client.imports.savedMappings({}, { signal })),
  });

/** Names of own fields in use: those of contacts first, then those of saved mappings. */
export function useOwnFields(): readonly string[] {
  const fields = useQuery({
    queryKey: ['contacts', 'fields'],
    queryFn: ({ signal }) => callQuery(client.contacts.fields({}, { signal })),
  });
  const saved = useSavedMappings().data?.mappings ?? NO_MAPPINGS;
  const keys = saved.flatMap(({ mapping }) =>
    mapping.flatMap((target) => (target.field === 'custom' ? [target.key] : [])),
  );
  return [...new Set([...(fields.data?.fields ?? NO_KEYS), ...keys])];
}

interface MappingToSave {
  readonly headers: string[];
  readonly mapping: Mapping;
  readonly defaultCountry?: string | null;
}

/** Saves or edits a mapping without importing anything. */
export const useSaveMapping = () => {
  const t = useImportText();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (mapping: MappingToSave) => callQuery(client.imports.saveMapping(mapping)),
    onSuccess: () => {
      showToast({ title: t('mappings.saved'), tone: 'success' });
      void queryClient.invalidateQueries({ queryKey: savedKey });
      // A draft with these headers is mapped by it from now on.
      void queryClient.invalidateQueries({ queryKey: ['imports', 'draft'], refetchType: 'none' });
    },
    onError: showProblem,
  });
};

export const useForgetMapping = () => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (mappingId: MappingId) => callQuery(client.imports.forgetMapping({ mappingId })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: savedKey }),
    onError: showProblem,
  });
};
