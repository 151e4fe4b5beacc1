import { useRef } from 'react';
import type { Channel } from '@shared/contract/templates';
import { Badge, Button, Card, Segmented, Select, TextArea, TextField } from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import { type Draft, insertAt, type MessageField, type MessageType, withTemplate } from './draft';
import { useFields, useTemplates } from './queries';
import { useComposeText } from './texts';

interface MessageCardProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly problems: Readonly<Partial<Record<MessageField, string>>>;
  /** Undefined until known. */
  readonly sandbox: boolean | undefined;
}

const TYPES: readonly MessageType[] = ['text', 'image', 'video', 'document', 'audio'];
const OWN_FIELDS = ['name', 'phone', 'email'];
const MAX: Readonly<Record<Channel, number>> = { whatsapp: 4_096, email: 100_000 };
const NONE = 'none';
const FALLBACK_EXAMPLE = '{{name|there}}';

/** What is sent: channel, kind, text with variables. */
export function MessageCard({ draft, onChange, problems, sandbox }: MessageCardProps) {
  const t = useComposeText();
  const media = draft.channel === 'whatsapp' && draft.type !== 'text';
  return (
    <Card
      title={t('message.title')}
      actions={
        sandbox !== undefined && (
          <Badge tone={sandbox ? 'info' : 'warning'}>{sandbox ? t('sandbox') : t('live')}</Badge>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <Segmented
          label={t('channel')}
          value={draft.channel}
          onValueChange={(channel) => onChange({ channel, templateId: null })}
          options={[
            { value: 'whatsapp', label: t('whatsapp') },
            { value: 'email', label: t('email') },
          ]}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <TemplateChoice draft={draft} onChange={onChange} />
          {draft.channel === 'whatsapp' && (
            <Select
              label={t('message.type')}
              value={draft.type}
              onValueChange={(type) => onChange({ type })}
              options={TYPES.map((value) => ({ value, label: t(`message.${value}`) }))}
            />
          )}
        </div>
        {media && (
          <TextField
            label={t('message.mediaUrl')}
            hint={t('message.mediaHint')}
            error={draft.mediaUrl === '' ? undefined : problems.mediaUrl}
            type="url"
            mono
            value={draft.mediaUrl}
            onChange={(event) => onChange({ mediaUrl: event.target.value })}
          />
        )}
        {draft.channel === 'email' && (
          <TextField
            label={t('message.subject')}
            value={draft.subject}
            maxLength={500}
            onChange={(event) => onChange({ subject: event.target.value, templateId: null })}
          />
        )}
        {!(media && draft.type === 'audio') && (
          <Body draft={draft} onChange={onChange} caption={media} error={problems.body} />
        )}
      </div>
    </Card>
  );
}

function TemplateChoice({ draft, onChange }: Pick<MessageCardProps, 'draft' | 'onChange'>) {
  const t = useComposeText();
  const templates = useTemplates().data?.templates.filter(({ channel }) => channel === draft.channel) ?? [];
  return (
    <Select
      label={t('message.template')}
      value={draft.templateId ?? NONE}
      onValueChange={(id) => {
        const chosen = templates.find((template) => template.id === id);
        onChange(chosen ? withTemplate(draft, chosen) : { templateId: null });
      }}
      options={[
        { value: NONE, label: t('message.none') },
        ...templates.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}

interface BodyProps extends Pick<MessageCardProps, 'draft' | 'onChange'> {
  readonly caption: boolean;
  readonly error: string | undefined;
}

function Body({ draft, onChange, caption, error }: BodyProps) {
  const t = useComposeText();
  const format = useFormat();
  const area = useRef<HTMLTextAreaElement>(null);
  const custom = useFields().data?.fields ?? [];
  const insert = (name: string): void => {
    const variable = `{{${name}}}`;
    const { selectionStart: start, selectionEnd: end } = area.current ?? {
      selectionStart: draft.body.length,
      selectionEnd: draft.body.length,
    };
    onChange({ body: insertAt(draft.body, variable, start, end), templateId: null });
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(start + variable.length, start + variable.length);
    });
  };
  const max = MAX[draft.channel];
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        ref={area}
        label={caption ? t('message.caption') : t('message.body')}
        rows={8}
        error={draft.body === '' ? undefined : error}
        value={draft.body}
        onChange={(event) => onChange({ body: event.target.value, templateId: null })}
        footer={
          <span className={draft.body.length > max ? 'tabular text-danger-text' : 'tabular'}>
            {t('message.characters', { count: format.number(draft.body.length), max: format.number(max) })}
          </span>
        }
      />
      <div role="group" aria-label={t('message.insert')} className="flex flex-wrap items-center gap-1.5">
        <span className="text-xs text-ink-3">{t('message.insert')}</span>
        {[...OWN_FIELDS, ...custom.filter((name) => !OWN_FIELDS.includes(name))].map((name) => (
          <Button
            key={name}
            size="sm"
            aria-label={t('message.insertOne', { name })}
            onClick={() => insert(name)}
          >
            {name}
          </Button>
        ))}
      </div>
      <p className="text-xs text-ink-3">{t('message.fallback', { example: FALLBACK_EXAMPLE })}</p>
    </div>
  );
}
