import { keepPreviousData, skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Channel, Template } from '@shared/contract/templates';
import type { TemplateId } from '@shared/domain/ids';
import type { AppError, Result } from '@shared/errors';
import { callQuery, client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';

const ALL = ['templates'] as const;
const LIST = [...ALL, 'list'] as const;

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

/** Those that were put away. */
export const useRemovedTemplates = () =>
  useQuery({
    queryKey: [...ALL, 'removed'],
    queryFn: ({ signal }) => callQuery(client.templates.list({ removed: true }, { signal })),
  });

/** The text compiled and rendered with the typed values, as sending would do it. */
export const useTryOut = (body: string, values: Readonly<Record<string, string>>) =>
  useQuery({
    queryKey: [...ALL, 'tryOut', body, values],
    queryFn: ({ signal }) => callQuery(client.templates.tryOut({ body, values: { ...values } }, { signal })),
    placeholderData: keepPreviousData,
    enabled: body !== '',
  });

/** What contacts have to print, and how many of them. */
export const useContactFields = () =>
  useQuery({
    queryKey: ['contacts', 'field-use'],
    queryFn: ({ signal }) => callQuery(client.templates.fields({}, { signal })),
    staleTime: 60_000,
  });

export const useVersions = (templateId: TemplateId, version: number) =>
  useQuery({
    // A save makes another list.
    queryKey: [...ALL, 'versions', templateId, version],
    queryFn: ({ signal }) => callQuery(client.templates.versions({ templateId }, { signal })),
    staleTime: 0,
  });

/** The text of a version, which never changes; nothing for no version. */
export const useVersionText = (templateId: TemplateId, version: number | undefined) =>
  useQuery({
    queryKey: [...ALL, 'version', templateId, version],
    queryFn:
      version === undefined
        ? skipToken
        : ({ signal }) => callQuery(client.templates.version({ templateId, version }, { signal })),
    staleTime: Infinity,
  });

/** Tells what went wrong where no field can. */
export function tellFailure(error: AppError): void {
  const issue = error.code === 'invalid_input' ? error.issues[0]?.message : undefined;
  const description = issue === error.message ? error.action : (issue ?? error.action);
  showToast({ title: error.message, description, tone: 'danger' });
}

/** Runs one write at a time and reads the templates again; a failure goes to `onFailure`, else to a toast. */
export function useWrite() {
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = async <T>(
    write: () => Promise<Result<T>>,
    onFailure: (error: AppError) => void = tellFailure,
  ): Promise<T | null> => {
    setBusy(true);
    const result = await write();
    setBusy(false);
    if (!result.ok) {
      onFailure(result.error);
      return null;
    }
    await Promise.all([
      cache.invalidateQueries({ queryKey: LIST }),
      cache.invalidateQueries({ queryKey: [...ALL, 'removed'] }),
    ]);
    return result.value;
  };
  return { busy, run };
}
