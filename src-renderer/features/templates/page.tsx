import { useNavigate, useSearch } from '@tanstack/react-router';
import { NotebookPen, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Template } from '@shared/contract/templates';
import { toAppError } from '@shared/errors';
import { Button, cx, EmptyState, ErrorState, Page as Frame, SkeletonLines } from '@renderer/ui';
import { useTemplates } from './queries';
import { TemplateEditor } from './template-editor';
import { TemplateList } from './template-list';
import { useTemplatesText } from './texts';

/** The saved templates, and the one that the address names in an editor. */
export function Page() {
  const t = useTemplatesText();
  const { id } = useSearch({ from: '/templates' });
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const show = (next: Template['id'] | undefined): void => {
    setAdding(false);
    void navigate({ to: '/templates', search: { id: next } });
  };
  const { data, error, refetch } = useTemplates();
  const add = (
    <Button variant="primary" icon={Plus} onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  );
  return (
    <Frame title={t('title')} hint={t('hint')} actions={add}>
      {error ? (
        <ErrorState error={toAppError(error)} onRetry={() => void refetch()} size="page" />
      ) : data ? (
        <Content
          templates={data.templates}
          id={id}
          adding={adding}
          onShow={show}
          onAdd={() => setAdding(true)}
        />
      ) : (
        <SkeletonLines lines={8} />
      )}
    </Frame>
  );
}

interface ContentProps {
  readonly templates: readonly Template[];
  readonly id: string | undefined;
  readonly adding: boolean;
  readonly onShow: (id: Template['id'] | undefined) => void;
  readonly onAdd: () => void;
}

function Content({ templates, id, adding, onShow, onAdd }: ContentProps) {
  const t = useTemplatesText();
  if (templates.length === 0 && !adding)
    return (
      <EmptyState
        icon={NotebookPen}
        title={t('empty')}
        description={t('emptyHint')}
        action={<Button onClick={onAdd}>{t('add')}</Button>}
        size="page"
      />
    );
  const open = adding ? undefined : (templates.find((template) => template.id === id) ?? templates[0]);
  return (
    <div
      className={cx('grid items-start gap-4', templates.length > 0 && 'lg:grid-cols-[18rem_minmax(0,1fr)]')}
    >
      {templates.length > 0 && <TemplateList templates={templates} openId={open?.id} onOpen={onShow} />}
      <TemplateEditor
        key={open ? `${open.id}:${open.version}` : 'new'}
        template={open}
        onSaved={(saved) => onShow(saved.id)}
        onRemoved={() => onShow(undefined)}
      />
    </div>
  );
}
