import { ChevronLeft, ChevronRight, Eye, Users } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { campaigns } from '@shared/contract/campaigns';
import type { AppError } from '@shared/errors';
import type { OutputOf } from '@shared/rpc/define';
import { Card, EmptyState, ErrorState, IconButton, Notice, Segmented, SkeletonLines } from '@renderer/ui';
import type { Draft } from './draft';
import { PreviewedRecipient } from './previewed-recipient';
import type { Judging } from './queries';
import { useComposeText } from './texts';
import { TestSend } from './test-send';

export type Preview = OutputOf<(typeof campaigns)['preview']>;

interface PreviewCardProps {
  readonly draft: Draft;
  readonly preview: Preview | undefined;
  /** Null until the message and its audience are complete. */
  readonly judging: Judging | null;
  readonly error: AppError | undefined;
  readonly onRetry: () => void;
}

/** The message as real recipients get it, one after the other, the difficult ones first. */
export function PreviewCard(props: PreviewCardProps) {
  const t = useComposeText();
  return (
    <Card title={t('preview.title')} hint={t('preview.hint')}>
      <Content {...props} />
    </Card>
  );
}

function Content({ draft, preview, judging, error, onRetry }: PreviewCardProps) {
  const t = useComposeText();
  if (judging === null) return <EmptyState icon={Eye} title={t('preview.empty')} />;
  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  if (!preview) return <SkeletonLines lines={6} />;
  return (
    <div className="flex flex-col gap-4">
      {preview.problems.map((problem) => (
        <Notice key={`${problem.field}:${problem.line}:${problem.column}:${problem.message}`} tone="danger">
          {problem.line === null || problem.column === null
            ? problem.message
            : t('preview.at', { line: problem.line, column: problem.column, message: problem.message })}
        </Notice>
      ))}
      {preview.recipients.length === 0 && preview.problems.length === 0 && (
        <EmptyState icon={Users} title={t('preview.nobody')} />
      )}
      {preview.recipients.length > 0 && (
        <Recipients draft={draft} recipients={preview.recipients} judging={judging} />
      )}
    </div>
  );
}

interface RecipientsProps {
  readonly draft: Draft;
  readonly recipients: Preview['recipients'];
  readonly judging: Judging;
}

/** One at a time; arrow keys, Home and End step through them. */
function Recipients({ draft, recipients, judging }: RecipientsProps) {
  const t = useComposeText();
  const [look, setLook] = useState<'html' | 'text'>('html');
  const [chosen, setChosen] = useState(0);
  const place = Math.min(chosen, recipients.length - 1);
  const shown = recipients[place];
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: place - 1,
      ArrowRight: place + 1,
      Home: 0,
      End: recipients.length - 1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setChosen(Math.min(Math.max(0, next), recipients.length - 1));
  };
  if (shown === undefined) return null;
  return (
    <div className="flex flex-col gap-3">
      {recipients.some(({ html }) => html !== null) && (
        <Segmented
          label={t('preview.look')}
          value={look}
          onValueChange={setLook}
          options={[
            { value: 'html', label: t('preview.html') },
            { value: 'text', label: t('preview.text') },
          ]}
        />
      )}
      <div
        role="group"
        tabIndex={0}
        aria-label={t('preview.step')}
        onKeyDown={onKeyDown}
        className="flex flex-col gap-3 rounded-md"
      >
        <div className="flex items-center gap-2">
          <IconButton
            icon={ChevronLeft}
            size="sm"
            label={t('preview.previous')}
            disabled={place === 0}
            onClick={() => setChosen(place - 1)}
          />
          <span role="status" className="tabular text-xs text-ink-2">
            {t('preview.place', { place: place + 1, count: recipients.length })}
          </span>
          <IconButton
            icon={ChevronRight}
            size="sm"
            label={t('preview.next')}
            disabled={place === recipients.length - 1}
            onClick={() => setChosen(place + 1)}
          />
        </div>
        <PreviewedRecipient key={shown.recipient} recipient={shown} draft={draft} look={look} />
      </div>
      <div>
        <TestSend judging={judging} recipient={shown.recipient} />
      </div>
    </div>
  );
}
