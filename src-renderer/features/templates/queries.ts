import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Channel, Template } from '@shared/contract/templates';
import type { Result } from '@shared/errors';
import { callQuery, client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';

const LIST = ['templates', 'list'] as const;

/** A template as its form holds it. */
export interface TemplateDraft {
  readonly name: string;
  readonly channel: Channel;
  readonly subject: string;
  readonly body: string;
}

export const draftOf = (template: Template | undefined): TemplateDraft => ({
  name: template?.name ?? '',
  channel: template?.channel ?? 'whatsapp',
  subject: template?.subject ?? '',
  body: template?.body ?? '',
});

export const useTemplates = () =>
  useQuery({ queryKey: LIST, queryFn: ({ signal }) => callQuery(client.templates.list({}, { signal })) });

/** The text compiled and rendered with the typed values, as sending would do it. */
export const useTryOut = (body: string, values: Readonly<Record<string, string>>) =>
  useQuery({
    queryKey: ['templates', 'tryOut', body, values],
    queryFn: ({ signal }) => callQuery(client.templates.tryOut({ body, values: { ...values } }, { signal })),
    placeholderData: keepPreviousData,
    enabled: body !== '',
  });

/** Runs one write at a time; what goes wrong is told as a toast and answered with null. */
export function useWrite() {
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = async <T>(write: () => Promise<Result<T>>): Promise<T | null> => {
    setBusy(true);
    const result = await write();
    setBusy(false);
    if (!result.ok) {
      const issue = result.error.code === 'invalid_input' ? result.error.issues[0]?.message : undefined;
      showToast({
        title: result.error.message,
        description: issue ?? result.error.action,
        tone: 'danger',
      });
      return null;
    }
    await cache.invalidateQueries({ queryKey: LIST });
    return result.value;
  };
  return { busy, run };
}
