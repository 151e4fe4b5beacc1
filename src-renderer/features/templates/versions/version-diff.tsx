import { useMemo } from 'react';
import type { TemplateId } from '@shared/domain/ids';
import { diffWords, type DiffPart } from '@shared/domain/text-diff';
import { toAppError } from '@shared/errors';
import { ErrorState, SkeletonLines } from '@renderer/ui';
import { useVersionText } from '../queries';
import { useTemplatesText } from '../texts';

interface VersionDiffProps {
  readonly templateId: TemplateId;
  /** 0 for nothing: the first version is shown as it is. */
  readonly from: number;
  readonly to: number;
  readonly isEmail: boolean;
}

/** What changed from one version to another, word by word. */
export function VersionDiff({ templateId, from, to, isEmail }: VersionDiffProps) {
  const t = useTemplatesText();
  const before = useVersionText(templateId, from === 0 ? undefined : from);
  const after = useVersionText(templateId, to);
  const error = before.error ?? after.error;
  if (error)
    return (
      <ErrorState
        error={toAppError(error)}
        onRetry={() => {
          void before.refetch();
          void after.refetch();
        }}
      />
    );
  if (!after.data || (from !== 0 && !before.data)) return <SkeletonLines lines={4} />;
  const old = before.data ?? after.data;
  return (
    <div className="flex flex-col gap-3">
      {isEmail && <Text label={t('subject')} before={old.subject ?? ''} after={after.data.subject ?? ''} />}
      <Text label={t('body')} before={old.body} after={after.data.body} />
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

function Text({ label, before, after }: TextProps) {
  const t = useTemplatesText();
  const parts = useMemo(() => diffWords(before, after), [before, after]);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex gap-2 text-xs font-medium text-ink-2">
        {label}
        {before === after && <span className="font-normal text-ink-3">{t('unchanged')}</span>}
      </figcaption>
      <p
        dir="auto"
        className="max-h-[55vh] overflow-y-auto rounded-md border border-line bg-sunken p-3 text-sm leading-6 break-words whitespace-pre-wrap"
        // A long text scrolls, by keyboard as well.
        tabIndex={0}
        role="group"
        aria-label={t('changesOf', { what: label })}
      >
        {parts.map((part, index) => (
          <Part key={index} part={part} />
        ))}
      </p>
    </figure>
  );
}

/** Struck out and underlined: the colour is not the only sign. */
function Part({ part: { kind, text } }: { part: DiffPart }) {
  if (kind === 'same') return text;
  return kind === 'removed' ? (
    <del className="rounded-xs bg-danger-soft text-danger-text">{text}</del>
  ) : (
    <ins className="rounded-xs bg-success-soft text-success-text">{text}</ins>
  );
}
