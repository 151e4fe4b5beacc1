import { Save, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Template } from '@shared/contract/templates';
import { client } from '@renderer/platform/client';
import {
  Badge,
  Button,
  ButtonLink,
  Card,
  ConfirmDialog,
  Segmented,
  showToast,
  TextArea,
  TextField,
} from '@renderer/ui';
import { draftOf, type TemplateDraft, useWrite } from './queries';
import { useTemplatesText } from './texts';
import { TryOut } from './try-out';

interface TemplateEditorProps {
  /** Undefined for a new one. */
  readonly template: Template | undefined;
  readonly onSaved: (template: Template) => void;
  readonly onRemoved: () => void;
}

const EXAMPLE = '{{name|there}}';

/** Writes one template, tries it as it is written, saves and removes it. */
export function TemplateEditor({ template, onSaved, onRemoved }: TemplateEditorProps) {
  const t = useTemplatesText();
  const before = draftOf(template);
  const [draft, setDraft] = useState(before);
  const set = (part: Partial<TemplateDraft>): void => setDraft({ ...draft, ...part });
  const { busy, run } = useWrite();
  const changed = JSON.stringify(draft) !== JSON.stringify(before);
  const complete = draft.name.trim() !== '' && draft.body !== '';
  const save = async (): Promise<void> => {
    const saved = await run(() =>
      client.templates.save({
        ...draft,
        subject: draft.channel === 'email' ? draft.subject : null,
        ...(template && { templateId: template.id }),
      }),
    );
    if (saved === null) return;
    showToast({ title: t('saved', { version: saved.version }), tone: 'success' });
    onSaved(saved);
  };
  return (
    <div className="grid items-start gap-4 2xl:grid-cols-2">
      <Card
        title={template?.name ?? t('add')}
        actions={
          <>
            {changed && <Badge tone="warning">{t('unsaved')}</Badge>}
            {template && <RemoveButton template={template} onRemoved={onRemoved} />}
            {template && !changed && (
              <ButtonLink to="/compose" search={{ template: template.id }} size="sm">
                {t('use')}
              </ButtonLink>
            )}
            <Button
              size="sm"
              variant="primary"
              icon={Save}
              busy={busy}
              disabled={!changed || !complete}
              onClick={() => void save()}
            >
              {t('save')}
            </Button>
          </>
        }
      >
        <Fields draft={draft} set={set} />
      </Card>
      <TryOut body={draft.body} />
    </div>
  );
}

interface FieldsProps {
  readonly draft: TemplateDraft;
  readonly set: (part: Partial<TemplateDraft>) => void;
}

function Fields({ draft, set }: FieldsProps) {
  const t = useTemplatesText();
  return (
    <div className="flex flex-col gap-4">
      <Segmented
        label={t('channel')}
        value={draft.channel}
        onValueChange={(channel) => set({ channel })}
        options={[
          { value: 'whatsapp', label: t('whatsapp') },
          { value: 'email', label: t('email') },
        ]}
      />
      <TextField
        label={t('name')}
        maxLength={120}
        value={draft.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      {draft.channel === 'email' && (
        <TextField
          label={t('subject')}
          maxLength={500}
          value={draft.subject}
          onChange={(event) => set({ subject: event.target.value })}
        />
      )}
      <TextArea
        label={t('body')}
        hint={t('bodyHint', { example: EXAMPLE })}
        rows={10}
        value={draft.body}
        onChange={(event) => set({ body: event.target.value })}
      />
    </div>
  );
}

function RemoveButton({ template, onRemoved }: { template: Template; onRemoved: () => void }) {
  const t = useTemplatesText();
  const [asking, setAsking] = useState(false);
  const { run } = useWrite();
  const remove = async (): Promise<void> => {
    const removed = await run(() => client.templates.remove({ templateId: template.id }));
    if (removed === null) return;
    showToast({ title: t('removed'), tone: 'success' });
    onRemoved();
  };
  return (
    <>
      <Button size="sm" icon={Trash2} onClick={() => setAsking(true)}>
        {t('remove')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('removeTitle')}
        description={t('removeHint', { name: template.name, versions: template.version })}
        confirmLabel={t('removeGo')}
        onConfirm={remove}
      />
    </>
  );
}
