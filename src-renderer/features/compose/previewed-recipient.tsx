import { Paperclip } from 'lucide-react';
import type { campaigns } from '@shared/contract/campaigns';
import type { OutputOf } from '@shared/rpc/define';
import { useFormat } from '@renderer/i18n/use-format';
import { Badge, HtmlPreview, Notice, PropertyList } from '@renderer/ui';
import type { Draft } from './draft';
import { useComposeText } from './texts';

type Previewed = OutputOf<(typeof campaigns)['preview']>['recipients'][number];

interface RecipientProps {
  readonly recipient: Previewed;
  readonly draft: Draft;
  readonly look: 'html' | 'text';
}

/** What one recipient gets, and why this one is shown. */
export function PreviewedRecipient({ recipient, draft, look }: RecipientProps) {
  const t = useComposeText();
  const { name, recipient: address, why, missing, subject, text, html } = recipient;
  return (
    <div className="min-h-32 rounded-md border border-line bg-sunken p-3">
      <div className="mb-1.5 flex flex-wrap items-center gap-2 text-xs">
        {name !== null && <span className="font-medium">{name}</span>}
        <span className="font-mono text-ink-3">{address}</span>
        <Badge tone={why === null ? 'neutral' : 'info'}>
          {t(why === null ? 'why.ordinary' : `why.${why}`)}
        </Badge>
        {missing.length > 0 && (
          <Badge tone="warning">{t('preview.lacks', { names: missing.join(', ') })}</Badge>
        )}
      </div>
      {subject !== null && <p className="mb-1.5 text-sm font-semibold">{subject}</p>}
      {html === null || look === 'text' ? (
        <Words recipient={recipient} draft={draft} text={text} />
      ) : (
        <HtmlPreview html={html} title={t('preview.frame', { address })} />
      )}
      {draft.channel === 'email' && <Files attachments={draft.attachments} />}
    </div>
  );
}

function Files({ attachments }: Pick<Draft, 'attachments'>) {
  const t = useComposeText();
  const format = useFormat();
  if (attachments.length === 0) return null;
  return (
    <ul aria-label={t('mail.attachments')} className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {attachments.map(({ fileName, sizeBytes, sha256 }, n) => (
        <li key={`${sha256}-${n}`} className="flex min-w-0 items-center gap-1.5">
          <Paperclip aria-hidden className="size-3.5 shrink-0" />
          <span className="wrap-anywhere">{fileName}</span>
          <span className="tabular whitespace-nowrap text-ink-3">{format.bytes(sizeBytes)}</span>
        </li>
      ))}
    </ul>
  );
}

function Words({
  recipient,
  draft,
  text,
}: Pick<RecipientProps, 'recipient' | 'draft'> & { readonly text: string }) {
  const t = useComposeText();
  const { parameters } = recipient;
  const isTemplate = draft.channel === 'whatsapp' && draft.type === 'template';
  const media = draft.channel === 'whatsapp' && draft.type !== 'text' && !isTemplate;
  return (
    <div className="flex flex-col gap-2">
      {media && (
        <p className="flex items-center gap-2 font-mono text-xs break-all text-ink-2">
          <Badge>{t(`message.kind.${draft.type}`)}</Badge>
          {draft.fileName || (draft.mediaBy === 'link' ? draft.mediaUrl : draft.mediaId)}
        </p>
      )}
      {isTemplate && (
        <p className="text-xs text-ink-3">
          {t('preview.template', { name: draft.template.name, language: draft.template.language })}
        </p>
      )}
      {parameters
        .filter(({ component }) => component === 'header')
        .map((one) => (
          <p key="header" dir="auto" className="text-sm font-semibold">
            {one.text}
          </p>
        ))}
      <p dir="auto" className="text-sm break-words whitespace-pre-wrap">
        {text === '' && isTemplate ? <span className="text-xs text-ink-3">{t('preview.noText')}</span> : text}
      </p>
      {parameters
        .filter(({ problem }) => problem !== null)
        .map(({ component, index, problem }, n) => (
          <Notice key={`${component}-${index}-${n}`} tone="warning">
            {problem}
          </Notice>
        ))}
      {parameters.length > 0 && (
        <PropertyList
          properties={parameters
            .filter(({ component }) => component !== 'header')
            .map(({ component, index, name, text: value }, n) => ({
              label:
                component === 'button' ? t('preview.link', { number: index + 1 }) : (name ?? `{{${n + 1}}}`),
              value,
            }))}
        />
      )}
    </div>
  );
}
