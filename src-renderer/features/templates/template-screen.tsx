import { Copy, Save, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Template } from '@shared/contract/templates';
import { compileTemplate } from '@shared/domain/template';
import type { AppError } from '@shared/errors';
import { client } from '@renderer/platform/client';
import { Badge, Button, ButtonLink, Card, showToast, Tabs } from '@renderer/ui';
import { draftOf, tellFailure, type TemplateDraft, useWrite } from './queries';
import { RenderingsView } from './renderings/renderings-view';
import type { TemplatesSearch } from './search';
import { TextView } from './text-view';
import { useTemplatesText } from './texts';
import { VersionsView } from './versions/versions-view';

interface TemplateScreenProps {
  /** Undefined for a new one. */
  readonly template: Template | undefined;
  /** The rest of the saved ones: their names are taken. */
  readonly others: readonly Template[];
  readonly search: TemplatesSearch;
  readonly onShow: (search: TemplatesSearch) => void;
}

/** One template: its text, its versions, and what it renders to. */
export function TemplateScreen({ template, others, search, onShow }: TemplateScreenProps) {
  const t = useTemplatesText();
  const before = draftOf(template);
  const [draft, setDraft] = useState(before);
  const [refused, setRefused] = useState<string>();
  const { busy, run } = useWrite();
  const view = template === undefined ? 'text' : (search.view ?? 'text');
  const changed = JSON.stringify(draft) !== JSON.stringify(before);
  const complete = draft.name.trim() !== '' && draft.body !== '' && compiles(draft);
  const nameProblem = isTaken(draft, others) ? t('nameTaken') : refused;

  const save = async (): Promise<void> => {
    const onFailure = (error: AppError): void => {
      const issue = error.code === 'invalid_input' && error.issues.find(({ path }) => path === 'name');
      if (issue) setRefused(issue.message);
      else tellFailure(error);
    };
    const saved = await run(
      () =>
        client.templates.save({
          ...draft,
          subject: draft.channel === 'email' ? draft.subject : null,
          ...(template && { templateId: template.id, baseVersion: template.version }),
        }),
      onFailure,
    );
    if (saved === null) return;
    showToast({ title: t('saved', { version: saved.version }), tone: 'success' });
    onShow({ id: saved.id });
  };
  const edit = (part: Partial<TemplateDraft>): void => {
    setRefused(undefined);
    setDraft({ ...draft, ...part });
  };

  const writing = (
    <TextView draft={draft} onChange={edit} nameProblem={nameProblem} isNew={template === undefined} />
  );
  return (
    <Card
      title={template?.name ?? t('add')}
      actions={
        <>
          {changed && <Badge tone="warning">{t('unsaved')}</Badge>}
          {template && <OtherActions template={template} onShow={onShow} />}
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
            disabled={!changed || !complete || nameProblem !== undefined}
            onClick={() => void save()}
          >
            {t('save')}
          </Button>
        </>
      }
    >
      {template === undefined ? (
        writing
      ) : (
        <Tabs
          label={t('views')}
          value={view}
          onValueChange={(next) => onShow({ id: template.id, view: next })}
          tabs={[
            { value: 'text', label: t('view.text'), content: <div className="pt-4">{writing}</div> },
            {
              value: 'versions',
              label: t('view.versions'),
              count: template.version,
              content: <VersionsView template={template} onRestored={() => onShow({ id: template.id })} />,
            },
            {
              value: 'renderings',
              label: t('view.renderings'),
              content: (
                <RenderingsView
                  template={template}
                  runId={search.run}
                  onRun={(id) => onShow({ id: template.id, view: 'renderings', run: id })}
                />
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}

const compiles = ({ channel, subject, body }: TemplateDraft): boolean =>
  (channel === 'email' ? [subject, body] : [body]).every((source) => compileTemplate(source).ok);

/** A name may be used once in each channel, whatever its case. */
const isTaken = ({ name, channel }: TemplateDraft, others: readonly Template[]): boolean =>
  others.some((other) => other.channel === channel && other.name.toLowerCase() === name.trim().toLowerCase());

interface OtherActionsProps {
  readonly template: Template;
  readonly onShow: (search: TemplatesSearch) => void;
}

/** Removing can be undone, so it does not ask. */
function OtherActions({ template, onShow }: OtherActionsProps) {
  const t = useTemplatesText();
  const { busy, run } = useWrite();
  const { id, name } = template;
  const duplicate = async (): Promise<void> => {
    const copy = await run(() => client.templates.duplicate({ templateId: id }));
    if (copy !== null) onShow({ id: copy.id });
  };
  const bringBack = async (): Promise<void> => {
    const back = await run(() => client.templates.bringBack({ templateId: id }));
    if (back !== null) onShow({ id });
  };
  const remove = async (): Promise<void> => {
    const removed = await run(() => client.templates.remove({ templateId: id }));
    if (removed === null) return;
    showToast({
      title: t('removed', { name }),
      description: t('removedHint'),
      action: { label: t('undo'), onAction: () => void bringBack() },
    });
    onShow({});
  };
  return (
    <>
      <Button size="sm" icon={Copy} busy={busy} onClick={() => void duplicate()}>
        {t('duplicate')}
      </Button>
      <Button size="sm" icon={Trash2} busy={busy} onClick={() => void remove()}>
        {t('remove')}
      </Button>
    </>
  );
}
