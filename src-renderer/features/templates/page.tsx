import { useNavigate, useSearch } from '@tanstack/react-router';
import { NotebookPen, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Template } from '@shared/contract/templates';
import { toAppError } from '@shared/errors';
import { Button, cx, EmptyState, ErrorState, Notice, Page as Frame, SkeletonLines } from '@renderer/ui';
import { useRemovedTemplates, useTemplates } from './queries';
import type { TemplatesSearch } from './search';
import { TemplateList } from './template-list';
import { TemplateScreen } from './template-screen';
import { useTemplatesText } from './texts';

/** The saved templates, and the one that the address names in an editor. */
export function Page() {
  const t = useTemplatesText();
  const search = useSearch({ from: '/templates' });
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const show = (next: TemplatesSearch): void => {
    setAdding(false);
    void navigate({ to: '/templates', search: next });
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
          search={search}
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
  readonly search: TemplatesSearch;
  readonly adding: boolean;
  readonly onShow: (search: TemplatesSearch) => void;
  readonly onAdd: () => void;
}

function Content({ templates, search, adding, onShow, onAdd }: ContentProps) {
  const t = useTemplatesText();
  const removed = useRemovedTemplates().data?.templates ?? [];
  const isListed = templates.length > 0 || removed.length > 0;
  const open = adding ? undefined : (templates.find(({ id }) => id === search.id) ?? templates[0]);
  const isGone = search.id !== undefined && !adding && open?.id !== search.id;
  return (
    <div className={cx('grid items-start gap-4', isListed && 'lg:grid-cols-[18rem_minmax(0,1fr)]')}>
      {isGone && (
        <div className="col-span-full">
          <Notice tone="warning" title={t('gone')}>
            {t('goneHint')}
          </Notice>
        </div>
      )}
      {isListed && (
        <TemplateList
          templates={templates}
          removed={removed}
          openId={open?.id}
          onOpen={(id) => onShow({ id, view: search.view })}
        />
      )}
      {open === undefined && !adding ? (
        <EmptyState
          icon={NotebookPen}
          title={t('empty')}
          description={t('emptyHint')}
          action={<Button onClick={onAdd}>{t('add')}</Button>}
          size="page"
        />
      ) : (
        <TemplateScreen
          // What is written belongs to one version of one template.
          key={open ? `${open.id}:${open.version}` : 'new'}
          template={open}
          others={templates.filter(({ id }) => id !== open?.id)}
          search={search}
          onShow={onShow}
        />
      )}
    </div>
  );
}
