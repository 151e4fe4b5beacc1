import { Eye, Users } from 'lucide-react';
import type { campaigns } from '@shared/contract/campaigns';
import type { AppError } from '@shared/errors';
import type { OutputOf } from '@shared/rpc/define';
import { Badge, Card, EmptyState, ErrorState, Notice, RadioGroup, SkeletonLines } from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import { useComposeText } from './texts';

export type Preview = OutputOf<(typeof campaigns)['preview']>;

interface PreviewCardProps {
  readonly preview: Preview | undefined;
  /** Something can be shown: the message and its audience are complete. */
  readonly ready: boolean;
  readonly error: AppError | undefined;
  readonly onRetry: () => void;
  readonly missing: 'refuse' | 'skip';
  readonly onMissing: (choice: 'refuse' | 'skip') => void;
}

/** The message as real recipients get it, what is wrong with it, and what to do about missing values. */
export function PreviewCard(props: PreviewCardProps) {
  const t = useComposeText();
  return (
    <Card title={t('preview.title')} hint={t('preview.hint')}>
      <Content {...props} />
    </Card>
  );
}

function Content({ preview, ready, error, onRetry, missing, onMissing }: PreviewCardProps) {
  const t = useComposeText();
  if (!ready) return <EmptyState icon={Eye} title={t('preview.empty')} />;
  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  if (!preview) return <SkeletonLines lines={6} />;
  return (
    <div className="flex flex-col gap-4">
      <Problems preview={preview} />
      {preview.missing.length > 0 && (
        <RadioGroup
          label={t('missing.title')}
          value={missing}
          onValueChange={onMissing}
          options={[
            { value: 'refuse', label: t('missing.refuse'), hint: t('missing.refuseHint') },
            { value: 'skip', label: t('missing.skip'), hint: t('missing.skipHint') },
          ]}
        />
      )}
      {preview.recipients.length === 0 && preview.problems.length === 0 && (
        <EmptyState icon={Users} title={t('preview.nobody')} />
      )}
      <ul className="flex flex-col gap-3">
        {preview.recipients.map((recipient) => (
          <Recipient key={recipient.contactId} recipient={recipient} />
        ))}
      </ul>
    </div>
  );
}

function Problems({ preview }: { preview: Preview }) {
  const t = useComposeText();
  const format = useFormat();
  return (
    <>
      {preview.problems.map((problem) => (
        <Notice key={`${problem.line}:${problem.column}:${problem.message}`} tone="danger">
          {t('preview.at', { ...problem })}
        </Notice>
      ))}
      {preview.tooLong > 0 && (
        <Notice tone="danger">{t('preview.tooLong', { count: format.number(preview.tooLong) })}</Notice>
      )}
      {preview.missing.map(({ variable, recipients }) => (
        <Notice key={variable} tone="warning">
          {t('preview.missing', { count: format.number(recipients), variable })}
        </Notice>
      ))}
    </>
  );
}

function Recipient({ recipient }: { recipient: Preview['recipients'][number] }) {
  const t = useComposeText();
  const { name, recipient: address, why, missing, subject, text } = recipient;
  return (
    <li className="rounded-md border border-line bg-sunken p-3">
      <div className="mb-1.5 flex flex-wrap items-center gap-2 text-xs">
        {name !== null && <span className="font-medium">{name}</span>}
        <span className="font-mono text-ink-3">{address}</span>
        {why !== null && <Badge tone="info">{why}</Badge>}
        {missing.length > 0 && (
          <Badge tone="warning">{t('preview.lacks', { names: missing.join(', ') })}</Badge>
        )}
      </div>
      {subject !== null && <p className="text-sm font-semibold">{subject}</p>}
      <p dir="auto" className="text-sm break-words whitespace-pre-wrap">
        {text}
      </p>
    </li>
  );
}
