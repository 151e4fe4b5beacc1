import { useState } from 'react';
import type { Channel } from '@shared/contract/templates';
import { toAppError } from '@shared/errors';
import { useSettings } from '@renderer/audience/queries';
import { useFormat } from '@renderer/i18n/use-format';
import { useAppStatus } from '@renderer/platform/use-app-status';
import { useDebounced } from '@renderer/platform/use-debounced';
import { useNow } from '@renderer/ui';
import type { MessageProblem } from '@shared/contract/message';
import { audienceOf, type Draft, newDraft, startOf, withTemplate } from './draft';
import { type FieldProblems, messageOf } from './message-draft';
import { useEstimate, usePreview, useTemplates } from './queries';
import { useComposeText } from './texts';

export interface DraftStart {
  readonly channel: Channel | undefined;
  readonly importId: string | undefined;
  readonly templateId: string | undefined;
}

export type Todo = 'audience' | 'nobody' | 'message' | 'problems' | 'missing' | 'time';
const SETTLE_MS = 300;

/** The draft being written, with everything that follows from it: how many, what they get, what is left to do. */
export function useDraft(start: DraftStart) {
  const t = useComposeText();
  const format = useFormat();
  const now = useNow();
  const [draft, setDraft] = useState(() => newDraft(start.channel ?? 'whatsapp', start.importId));
  const [began] = useState(now);
  const change = (part: Partial<Draft>): void => setDraft((last) => ({ ...last, ...part }));
  useTemplateOfAddress(start.templateId, setDraft);

  const settled = useDebounced(draft, SETTLE_MS);
  const words = {
    needsText: t('message.needsText'),
    needsMedia: t('message.needsMedia'),
    needsTemplate: t('message.needsTemplate'),
  };
  const { message, problems } = messageOf(draft, words);
  const audience = audienceOf(draft);
  const settledAudience = audienceOf(settled);
  const settledMessage = messageOf(settled, words).message;
  const estimate = useEstimate(settledAudience, settled.channel, draft.id);
  const preview = usePreview(settledAudience, settledMessage, draft.id);
  const startAt = startOf(draft, now);
  useProposedQuietHours(setDraft);
  const providers = useAppStatus().data?.providers;

  const ready = audience !== null && message !== null;
  const pending = settled !== draft || estimate.isFetching || preview.isFetching;
  const shownPreview = ready ? preview.data : undefined;
  const defaultName = t('when.defaultName', { channel: t(draft.channel), time: format.dateTime(began) });
  return {
    draft,
    change,
    /** What the campaign is called: as written, else by channel and time. */
    name: draft.name.trim() === '' ? defaultName : draft.name.trim(),
    defaultName,
    audience,
    message,
    problems: { ...byField(shownPreview?.problems ?? []), ...problems },
    startAt,
    estimate: audience === null ? null : estimate.data,
    estimateError: estimate.error ? toAppError(estimate.error) : undefined,
    retryEstimate: () => void estimate.refetch(),
    preview: shownPreview,
    previewError: preview.error ? toAppError(preview.error) : undefined,
    retryPreview: () => void preview.refetch(),
    ready,
    pending,
    sandbox: providers && providers[draft.channel] === 'sandbox',
    todo: whatIsLeft(),
  };

  function byField(found: readonly MessageProblem[]): FieldProblems {
    return Object.fromEntries(
      [...found]
        .reverse()
        .map(({ field, message: text, line, column }) => [
          field,
          line === null || column === null ? text : t('preview.at', { line, column, message: text }),
        ]),
    );
  }

  function whatIsLeft(): Todo | null {
    if (audience === null) return 'audience';
    if (message === null) return 'message';
    if (estimate.data?.sendable === 0) return 'nobody';
    if (shownPreview && shownPreview.problems.length > 0) return 'problems';
    if (
      shownPreview &&
      shownPreview.preflight !== null &&
      shownPreview.preflight.problems.length > 0 &&
      draft.missing === 'refuse'
    )
      return 'missing';
    if (shownPreview?.reach === 0) return 'nobody';
    return startAt === null ? 'time' : null;
  }
}

/** Begins with the quiet hours that Settings propose. */
function useProposedQuietHours(setDraft: (next: (last: Draft) => Draft) => void) {
  const proposed = useSettings().data?.quietHours;
  const [isTaken, setTaken] = useState(false);
  if (proposed !== undefined && !isTaken) {
    setTaken(true);
    if (proposed !== null) setDraft((last) => ({ ...last, isQuiet: true, quiet: proposed }));
  }
}

/** Puts the template that the address names into the draft once it is known. */
function useTemplateOfAddress(
  templateId: string | undefined,
  setDraft: (next: (last: Draft) => Draft) => void,
) {
  const templates = useTemplates().data?.templates;
  const [used, setUsed] = useState<string | undefined>(undefined);
  const template = templates?.find(({ id }) => id === templateId);
  if (template && used !== template.id) {
    setUsed(template.id);
    setDraft((last) => withTemplate(last, template));
  }
}
