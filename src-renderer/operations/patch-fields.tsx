import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import type { JobFilter } from '@shared/domain/job-filter';
import { JobId } from '@shared/domain/ids';
import { QueueName } from '@shared/domain/queues';
import { callQuery, client } from '@renderer/platform/client';
import { Notice, Segmented, SkeletonLines, TextArea } from '@renderer/ui';
import { type PatchDraft, readPatch } from './action-draft';
import { useOperationsText } from './operations-texts';

/** Characters of an example that can be edited: beyond, the box would hold everything up. */
const MAX_EXAMPLE = 100_000;
const EMPTY_PATCH = '[\n  { "op": "replace", "path": "/", "value": "" }\n]';

interface PatchFieldsProps {
  readonly filter: JobFilter;
  readonly draft: PatchDraft;
  readonly onDraft: (draft: PatchDraft) => void;
}

/** How payloads are to be changed: by changing one of them, or as a JSON Patch. */
export function PatchFields({ filter, draft, onDraft }: PatchFieldsProps): ReactNode {
  const t = useOperationsText();
  const example = useExample(filter);
  const source = example.data ?? null;
  const read = draft.how === 'example' && draft.before === '' ? null : readPatch(draft);
  const patchText = read !== null && 'patch' in read ? JSON.stringify(read.patch, null, 2) : null;

  useEffect(() => {
    if (source !== null && draft.how === 'example' && draft.before === '')
      onDraft({ how: 'example', before: source, after: source });
  }, [source, draft, onDraft]);

  const turn = (how: PatchDraft['how']): void => {
    if (how === 'patch') onDraft({ how, text: patchText ?? EMPTY_PATCH });
    else onDraft({ how, before: source ?? '', after: source ?? '' });
  };
  const error =
    read === null || 'patch' in read || read.problem === 'unchanged'
      ? undefined
      : t(`patch.${read.problem}`, { detail: read.detail });
  return (
    <div className="flex flex-col gap-3">
      <Segmented
        label={t('patch.how')}
        value={draft.how}
        options={[
          { value: 'example', label: t('patch.byExample') },
          { value: 'patch', label: t('patch.byPatch') },
        ]}
        onValueChange={turn}
      />
      {draft.how === 'patch' ? (
        <TextArea
          label={t('patch.patch')}
          hint={t('patch.patchHint')}
          error={error}
          mono
          rows={8}
          spellCheck={false}
          value={draft.text}
          onChange={(event) => onDraft({ how: 'patch', text: event.target.value })}
        />
      ) : example.data === undefined ? (
        example.isError ? (
          <Notice tone="danger">{t('patch.noExample')}</Notice>
        ) : (
          <SkeletonLines lines={6} />
        )
      ) : example.data === null ? (
        <Notice tone="warning">{t('patch.noExample')}</Notice>
      ) : (
        <>
          <TextArea
            label={t('patch.example')}
            hint={t('patch.exampleHint')}
            error={error}
            mono
            rows={8}
            spellCheck={false}
            value={draft.after}
            onChange={(event) => onDraft({ ...draft, after: event.target.value })}
          />
          {patchText !== null && (
            <section aria-label={t('patch.becomes')}>
              <h3 className="text-xs font-medium text-ink-2">{t('patch.becomes')}</h3>
              <pre
                tabIndex={0}
                aria-label={t('patch.patch')}
                className="mt-1 max-h-32 overflow-auto rounded-md border border-line bg-sunken p-2 font-mono text-xs"
              >
                {patchText}
              </pre>
            </section>
          )}
        </>
      )}
    </div>
  );
}

/** The payload of one of the jobs, laid out; null where none can be edited. */
function useExample(filter: JobFilter) {
  return useQuery({
    queryKey: ['operations', 'example', filter],
    queryFn: async ({ signal }) => {
      const action = { type: 'retry', canary: null } as const;
      const { sample } = await callQuery(client.operations.preview({ action, filter }, { signal }));
      const [first] = sample;
      if (first === undefined) return null;
      const queue = QueueName.parse(first.queue);
      const job = await callQuery(client.queues.job({ queue, jobId: JobId.parse(first.id) }, { signal }));
      const text = JSON.stringify(job.data, null, 2);
      return text.length > MAX_EXAMPLE ? null : text;
    },
    // What is being changed must not be changed by a later look.
    staleTime: Infinity,
    gcTime: 0,
  });
}
