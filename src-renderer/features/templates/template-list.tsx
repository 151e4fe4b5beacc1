import { ArchiveRestore, PanelRight, PenLine, Search } from 'lucide-react';
import { useState } from 'react';
import type { Template } from '@shared/contract/templates';
import { useNavigate } from '@tanstack/react-router';
import { useCopyLink, useRowCommands } from '@renderer/commands';
import { useFormat } from '@renderer/i18n/use-format';
import { client } from '@renderer/platform/client';
import {
  Badge,
  Card,
  cx,
  IconButton,
  RelativeTime,
  type RowProps,
  RovingRows,
  showToast,
  TextField,
} from '@renderer/ui';
import { useWrite } from './queries';
import { useTemplatesText } from './texts';

interface TemplateListProps {
  readonly templates: readonly Template[];
  readonly removed: readonly Template[];
  readonly openId: string | undefined;
  readonly onOpen: (id: Template['id']) => void;
}

/** The saved templates, found by name or text; one press opens one. Removed ones are below. */
export function TemplateList({ templates, removed, openId, onOpen }: TemplateListProps) {
  const t = useTemplatesText();
  const format = useFormat();
  const [search, setSearch] = useState('');
  const found = templates.filter((template) => isFound(template, search));
  const gone = removed.filter((template) => isFound(template, search));
  const navigate = useNavigate();
  const link = useCopyLink();
  const rowCommands = useRowCommands<Template>([
    {
      id: 'templates.row.open',
      title: t('actOn.open'),
      icon: PanelRight,
      group: 0,
      run: ({ id }) => onOpen(id),
    },
    link.rowCommand('templates.row', ({ id }) => ({ kind: 'template', id })),
    {
      id: 'templates.row.write',
      title: t('actOn.write'),
      icon: PenLine,
      group: 1,
      run: ({ id, channel }) => void navigate({ to: '/compose', search: { template: id, channel } }),
    },
  ]);
  return (
    <Card title={t('list')} padding="none">
      <div className="border-b border-line p-2">
        <TextField
          label={t('search')}
          labelHidden
          placeholder={t('search')}
          icon={Search}
          type="search"
          maxLength={200}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <p role="status" className={found.length === 0 ? 'px-4 py-3 text-sm text-ink-3' : 'sr-only'}>
        {found.length === 0 ? t('noneFound') : t('found', { count: found.length })}
      </p>
      <RovingRows
        rows={found}
        frame={(props) => (
          <ul
            {...props}
            aria-label={t('list')}
            className="max-h-[65vh] divide-y divide-line overflow-y-auto last:rounded-b-lg"
          />
        )}
        {...rowCommands}
      >
        {(template, { row, focus }) => (
          <li key={template.id} {...row}>
            <Entry template={template} isOpen={template.id === openId} onOpen={onOpen} focus={focus} />
          </li>
        )}
      </RovingRows>
      {gone.length > 0 && (
        <details className="border-t border-line">
          <summary className="cursor-pointer px-4 py-2 text-xs text-ink-2 hover:bg-hover">
            {t('removedOnes', { count: gone.length, number: format.number(gone.length) })}
          </summary>
          <ul className="max-h-60 divide-y divide-line overflow-y-auto">
            {gone.map((template) => (
              <RemovedEntry key={template.id} template={template} onBack={onOpen} />
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

const isFound = ({ name, subject, body }: Template, search: string): boolean => {
  const text = search.trim().toLowerCase();
  return [name, subject ?? '', body].some((each) => each.toLowerCase().includes(text));
};

interface EntryProps {
  readonly template: Template;
  readonly isOpen: boolean;
  readonly onOpen: (id: Template['id']) => void;
  readonly focus: RowProps['focus'];
}

function Entry({ template, isOpen, onOpen, focus }: EntryProps) {
  const t = useTemplatesText();
  return (
    <button
      type="button"
      {...focus}
      aria-current={isOpen || undefined}
      onClick={() => onOpen(template.id)}
      className={cx(
        'flex w-full flex-col gap-1 px-4 py-2.5 text-left -outline-offset-2 hover:bg-hover',
        isOpen && 'bg-selected',
      )}
    >
      <span className="flex w-full items-center gap-2">
        <span className="min-w-0 flex-1 truncate text-sm font-medium">{template.name}</span>
        <Badge>{t(template.channel)}</Badge>
      </span>
      <span className="w-full truncate text-xs text-ink-2">{template.body}</span>
      <span className="text-xs text-ink-3">
        {t('version', { version: template.version })} · <RelativeTime at={Date.parse(template.updatedAt)} />
      </span>
    </button>
  );
}

interface RemovedEntryProps {
  readonly template: Template;
  readonly onBack: (id: Template['id']) => void;
}

function RemovedEntry({ template, onBack }: RemovedEntryProps) {
  const t = useTemplatesText();
  const { busy, run } = useWrite();
  const bringBack = async (): Promise<void> => {
    const back = await run(() => client.templates.bringBack({ templateId: template.id }));
    if (back === null) return;
    showToast({ title: t('broughtBack', { name: back.name }), tone: 'success' });
    onBack(back.id);
  };
  return (
    <li className="flex items-center gap-2 py-1 pr-2 pl-4">
      <span className="min-w-0 flex-1 truncate text-sm text-ink-2">{template.name}</span>
      <IconButton
        icon={ArchiveRestore}
        size="sm"
        label={t('bringBack', { name: template.name })}
        busy={busy}
        onClick={() => void bringBack()}
      />
    </li>
  );
}
