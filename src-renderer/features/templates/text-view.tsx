import { useRef } from 'react';
import { compileTemplate } from '@shared/domain/template';
import { type MarkedTextAreaHandle, Segmented, TextField } from '@renderer/ui';
import type { TemplateDraft } from './queries';
import { SourceField } from './source-field';
import { useTemplatesText } from './texts';
import { TryOut } from './try-out';
import { Variables } from './variables';

interface TextViewProps {
  readonly draft: TemplateDraft;
  readonly onChange: (part: Partial<TemplateDraft>) => void;
  readonly nameProblem: string | undefined;
  /** The channel is chosen once. */
  readonly isNew: boolean;
}

const EXAMPLE = '{{name|there}}';

/** The text being written, what is wrong with it, what its variables find, and what it looks like. */
export function TextView({ draft, onChange, nameProblem, isNew }: TextViewProps) {
  const t = useTemplatesText();
  const body = useRef<MarkedTextAreaHandle>(null);
  const subject = compileTemplate(draft.subject);
  return (
    <div className="grid items-start gap-x-6 gap-y-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="flex min-w-0 flex-col gap-4">
        {isNew && (
          <Segmented
            label={t('channel')}
            value={draft.channel}
            onValueChange={(channel) => onChange({ channel })}
            options={[
              { value: 'whatsapp', label: t('whatsapp') },
              { value: 'email', label: t('email') },
            ]}
          />
        )}
        <TextField
          label={t('name')}
          maxLength={120}
          value={draft.name}
          error={nameProblem}
          onChange={(event) => onChange({ name: event.target.value })}
        />
        {draft.channel === 'email' && (
          <TextField
            label={t('subject')}
            maxLength={500}
            value={draft.subject}
            error={subject.ok ? undefined : subject.errors[0]?.message}
            onChange={(event) => onChange({ subject: event.target.value })}
          />
        )}
        <SourceField
          ref={body}
          label={t('body')}
          hint={t('bodyHint', { example: EXAMPLE })}
          source={draft.body}
          onChange={(text) => onChange({ body: text })}
        />
      </div>
      <div className="flex min-w-0 flex-col gap-5">
        <Variables
          draft={draft}
          onChange={onChange}
          onInsert={(name) => body.current?.insert(`{{${name}}}`)}
        />
        <TryOut body={draft.body} />
      </div>
    </div>
  );
}
