import type { Channel } from '@shared/contract/templates';
import { MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH } from '@shared/domain/whatsapp-text';
import { Badge, Card, Segmented, Select } from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import { withTemplate } from './draft';
import { EmailHead, EmailTail, HtmlFields } from './email-fields';
import type { MessageType } from './message-draft';
import { useTemplates } from './queries';
import { TemplateFields } from './template-fields';
import { useComposeText } from './texts';
import { VariableField } from './variable-field';
import { type FieldsProps, LinkPreview, MediaFields } from './whatsapp-fields';

interface MessageCardProps extends FieldsProps {
  /** Undefined until known. */
  readonly sandbox: boolean | undefined;
}

const TYPES: readonly MessageType[] = ['text', 'template', 'image', 'video', 'document', 'audio'];
const MAX: Readonly<Record<Channel, number>> = { whatsapp: MAX_TEXT_LENGTH, email: 100_000 };
const NONE = 'none';
const FALLBACK_EXAMPLE = '{{name|there}}';

/** What is sent: channel, kind, text with variables. */
export function MessageCard({ draft, onChange, problems, sandbox }: MessageCardProps) {
  const t = useComposeText();
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
              options={TYPES.map((value) => ({ value, label: t(`message.kind.${value}`) }))}
            />
          )}
        </div>
        {draft.channel === 'whatsapp' ? (
          <WhatsAppFields {...{ draft, onChange, problems }} />
        ) : (
          <EmailFields {...{ draft, onChange, problems }} />
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

function WhatsAppFields(props: FieldsProps) {
  const { draft } = props;
  if (draft.type === 'template') return <TemplateFields {...props} />;
  return (
    <>
      <MediaFields {...props} />
      {draft.type !== 'audio' && <Body {...props} />}
      {draft.type === 'text' && <LinkPreview {...props} />}
    </>
  );
}

function EmailFields(props: FieldsProps) {
  return (
    <>
      <EmailHead {...props} />
      {props.draft.format === 'html' ? <HtmlFields {...props} /> : <Body {...props} />}
      <EmailTail {...props} />
    </>
  );
}

function Body({ draft, onChange, problems }: FieldsProps) {
  const t = useComposeText();
  const format = useFormat();
  const caption = draft.channel === 'whatsapp' && draft.type !== 'text';
  const max = caption ? MAX_CAPTION_LENGTH : MAX[draft.channel];
  return (
    <div className="flex flex-col gap-2">
      <VariableField
        label={caption ? t('message.caption') : t('message.body')}
        rows={caption ? 4 : 8}
        insert
        error={draft.body === '' ? undefined : problems['body']}
        value={draft.body}
        onChange={(body) => onChange({ body, templateId: null })}
        footer={
          <span className={draft.body.length > max ? 'tabular text-danger-text' : 'tabular'}>
            {t('message.characters', { count: format.number(draft.body.length), max: format.number(max) })}
          </span>
        }
      />
      <p className="text-xs text-ink-3">{t('message.fallback', { example: FALLBACK_EXAMPLE })}</p>
    </div>
  );
}
