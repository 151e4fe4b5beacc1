import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, BookmarkPlus, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { SavedSearch } from '@shared/contract/searches';
import { useCopyLink } from '@renderer/commands';
import { callQuery, client } from '@renderer/platform/client';
import { Button, Dialog, IconButton, Menu, showToast, TextField } from '@renderer/ui';
import { useSearchText } from './texts';

const KEY = ['searches'] as const;

/** Searches under a name: to open, to keep the one on screen, to rename and to remove. */
export function SavedSearches({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
  const t = useSearchText();
  const saved = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => callQuery(client.searches.list({}, { signal })),
  });
  const link = useCopyLink();
  const [saving, setSaving] = useState(false);
  const [editing, setEditing] = useState(false);
  const searches = saved.data?.searches ?? [];
  return (
    <>
      <Menu
        align="end"
        groups={[
          searches.map((search) => ({
            id: search.id,
            label: search.name,
            onSelect: () => onQuery(search.query),
          })),
          [
            {
              id: 'save',
              label: t('saved.save'),
              icon: BookmarkPlus,
              disabled: query === '',
              onSelect: () => setSaving(true),
            },
            {
              id: 'link',
              label: t('saved.link'),
              icon: link.icon,
              disabled: query === '',
              onSelect: () => link.copy({ kind: 'search', q: query }),
            },
            {
              id: 'edit',
              label: t('saved.edit'),
              icon: Pencil,
              disabled: searches.length === 0,
              onSelect: () => setEditing(true),
            },
          ],
        ]}
      >
        <Button icon={Bookmark}>{t('saved.title')}</Button>
      </Menu>
      <SaveDialog key={query} query={query} open={saving} onOpenChange={setSaving} />
      <EditDialog searches={searches} open={editing} onOpenChange={setEditing} />
    </>
  );
}

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

function useChange(): (
  work: Promise<{ ok: boolean; error?: { message: string; action?: string | undefined } }>,
) => Promise<string | undefined> {
  const cache = useQueryClient();
  return async (work) => {
    const result = await work;
    await cache.invalidateQueries({ queryKey: KEY });
    return result.ok ? undefined : result.error?.message;
  };
}

function SaveDialog({ query, open, onOpenChange }: DialogProps & { query: string }) {
  const t = useSearchText();
  const change = useChange();
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const save = async (): Promise<void> => {
    const problem = await change(client.searches.save({ name, query }));
    setError(problem);
    if (problem !== undefined) return;
    onOpenChange(false);
    showToast({ title: t('saved.done', { name: name.trim() }), tone: 'success' });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('saved.save')}
      description={<span className="font-mono text-xs">{query}</span>}
      width="sm"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form="save-search" disabled={name.trim() === ''}>
            {t('saved.confirm')}
          </Button>
        </>
      }
    >
      <form
        id="save-search"
        onSubmit={(event) => {
          event.preventDefault();
          save().catch(reportError);
        }}
      >
        <TextField
          label={t('saved.name')}
          hint={t('saved.nameHint')}
          maxLength={80}
          error={error}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  );
}

function EditDialog({ searches, open, onOpenChange }: DialogProps & { searches: readonly SavedSearch[] }) {
  const t = useSearchText();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('saved.edit')}
      footer={<Button onClick={() => onOpenChange(false)}>{t('saved.close')}</Button>}
    >
      <ul className="flex flex-col gap-3">
        {searches.map((search) => (
          <EditRow key={search.id} search={search} />
        ))}
      </ul>
    </Dialog>
  );
}

function EditRow({ search }: { search: SavedSearch }) {
  const t = useSearchText();
  const change = useChange();
  const link = useCopyLink();
  const [name, setName] = useState(search.name);
  const [error, setError] = useState<string>();
  const rename = async (): Promise<void> => {
    if (name.trim() !== search.name) setError(await change(client.searches.rename({ id: search.id, name })));
  };
  const remove = async (): Promise<void> => setError(await change(client.searches.remove({ id: search.id })));
  return (
    <li>
      <form
        className="flex items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          rename().catch(reportError);
        }}
      >
        <div className="min-w-0 flex-1">
          <TextField
            label={t('saved.nameOf', { name: search.name })}
            labelHidden
            maxLength={80}
            hint={search.query}
            error={error}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button type="submit" disabled={name.trim() === '' || name.trim() === search.name}>
          {t('saved.rename')}
        </Button>
        <IconButton
          icon={link.icon}
          label={t('saved.linkOf', { name: search.name })}
          onClick={() => link.copy({ kind: 'search', q: search.query })}
        />
        <IconButton
          icon={Trash2}
          label={t('saved.remove', { name: search.name })}
          onClick={() => {
            remove().catch(reportError);
          }}
        />
      </form>
    </li>
  );
}
