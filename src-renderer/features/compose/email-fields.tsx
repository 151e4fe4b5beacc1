import { EMAIL_TYPES } from '@shared/domain/email-types';
import { textOfHtml } from '@shared/domain/html-text';
import { EmailType } from '@shared/domain/jobs';
import { Button, Segmented, Select, TextField } from '@renderer/ui';
import { AttachmentsField } from './attachments-field';
import { withEmailType } from './message-draft';
import { useComposeText } from './texts';
import { VariableField } from './variable-field';
import type { FieldsProps } from './whatsapp-fields';

/** Type, subject and form of an email; the body stands below. */
export function EmailHead({ draft, onChange, problems }: FieldsProps) {
  const t = useComposeText();
  return (
    <div className="flex flex-col gap-4">
      <Select
        label={t('mail.type')}
        hint={t(`mail.hint.${draft.emailType}`)}
        value={draft.emailType}
        onValueChange={(emailType) => onChange(withEmailType(draft, emailType))}
        options={EmailType.options.map((value) => ({ value, label: t(`mail.${value}`) }))}
      />
      <VariableField
        label={t('message.subject')}
        value={draft.subject}
        maxLength={500}
        error={draft.subject === '' ? undefined : problems['subject']}
        onChange={(subject) => onChange({ subject, templateId: null })}
      />
      <Segmented
        label={t('mail.format')}
        value={draft.format}
        onValueChange={(format) => onChange({ format })}
        options={[
          { value: 'text', label: t('mail.text') },
          { value: 'html', label: t('mail.html') },
        ]}
      />
    </div>
  );
}

/** HTML, and the text beside it for readers that show none. */
export function HtmlFields({ draft, onChange, problems }: FieldsProps) {
  const t = useComposeText();
  return (
    <div className="flex flex-col gap-4">
      <VariableField
        label={t('mail.body')}
        rows={12}
        mono
        insert
        hint={t('mail.bodyHint')}
        value={draft.html}
        error={draft.html === '' ? undefined : problems['html']}
        onChange={(html) => onChange({ html, templateId: null })}
      />
      {draft.twin === null ? (
        <div className="flex flex-wrap items-center gap-2 text-xs text-ink-3">
          <span>{t('mail.twinMade')}</span>
          <Button size="sm" onClick={() => onChange({ twin: textOfHtml(draft.html) })}>
            {t('mail.twinWrite')}
          </Button>
        </div>
      ) : (
        <div className="flex flex-col gap-2">
          <VariableField
            label={t('mail.twin')}
            rows={6}
            value={draft.twin}
            error={problems['body']}
            onChange={(twin) => onChange({ twin })}
          />
          <div>
            <Button size="sm" onClick={() => onChange({ twin: null })}>
              {t('mail.twinAgain')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

/** What stands around the body: files, the line behind the subject, names and addresses. */
export function EmailTail({ draft, onChange, problems }: FieldsProps) {
  const t = useComposeText();
  return (
    <div className="flex flex-col gap-4">
      <AttachmentsField
        attachments={draft.attachments}
        error={problems['attachments']}
        onChange={(attachments) => onChange({ attachments })}
      />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <VariableField
          label={t('mail.preheader')}
          optional
          hint={t('mail.preheaderHint')}
          maxLength={300}
          value={draft.preheader}
          error={problems['preheader']}
          onChange={(preheader) => onChange({ preheader })}
        />
        <VariableField
          label={t('mail.unsubscribe')}
          optional={!EMAIL_TYPES[draft.emailType].wantsUnsubscribe}
          hint={t('mail.unsubscribeHint')}
          mono
          value={draft.unsubscribe}
          error={problems['unsubscribe']}
          onChange={(unsubscribe) => onChange({ unsubscribe })}
        />
        <TextField
          label={t('mail.fromName')}
          optional
          hint={t('mail.fromHint')}
          maxLength={120}
          error={problems['fromName']}
          value={draft.fromName}
          onChange={(event) => onChange({ fromName: event.target.value })}
        />
        <TextField
          label={t('mail.replyTo')}
          optional
          type="email"
          error={problems['replyTo']}
          value={draft.replyTo}
          onChange={(event) => onChange({ replyTo: event.target.value })}
        />
      </div>
    </div>
  );
}
