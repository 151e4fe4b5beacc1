import type { ReactNode } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Ban, BookUser, Copy, MessageCircle, PanelRight, Search, SearchX } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import type { Contact, ContactFilter } from '@shared/contract/contacts';
import { useCopyLink, useRowCommands } from '@renderer/commands';
import { useFormat } from '@renderer/i18n/use-format';
import {
  Badge,
  Button,
  ButtonLink,
  EmptyState,
  ErrorState,
  Page,
  RelativeTime,
  Select,
  TextField,
} from '@renderer/ui';
import { type Column, DataTable, TableFrame } from '@renderer/ui/table';
import { ContactPanel } from './contact-panel';
import { useSetOptOut } from './use-set-opt-out';
import { wordsOf } from '@renderer/platform/failure';
import { useGrowingRows } from '@renderer/platform/use-growing-rows';
import { useContacts, useTags } from './queries';
import { useContactsText } from './texts';

const ANY = '\u0000any';

/** Everybody there is, to be searched, filtered and looked at. */
export function ContactsPage(): ReactNode {
  const t = useContactsText();
  const format = useFormat();
  const search = useSearch({ from: '/contacts' });
  const navigate = useNavigate({ from: '/contacts' });
  const tags = useTags();
  const q = useDeferredValue(search.q ?? '');
  const filter = useMemo<ContactFilter>(
    () => ({
      ...(q === '' ? {} : { search: q }),
      ...(search.tag === undefined ? {} : { tags: [search.tag] }),
      ...(search.import === undefined ? {} : { importId: search.import }),
    }),
    [q, search.tag, search.import],
  );
  const contacts = useContacts(filter);
  const rows = useMemo(() => contacts.data?.pages.flatMap((page) => page.contacts) ?? [], [contacts.data]);
  const total = contacts.data?.pages[0]?.total ?? 0;
  const source = useGrowingRows(rows, contacts);
  const columns = useColumns();
  const link = useCopyLink();
  const { set: setOptOut } = useSetOptOut();
  const rowCommands = useRowCommands<Contact>([
    {
      id: 'contacts.row.open',
      title: t('actOn.open'),
      icon: PanelRight,
      group: 0,
      run: ({ id }) => set({ contact: id }),
    },
    link.rowCommand('contacts.row', ({ id }) => ({ kind: 'contact', id })),
    {
      id: 'contacts.row.copy-phone',
      title: t('actOn.copyPhone'),
      icon: Copy,
      group: 0,
      run: ({ phone }) => void navigator.clipboard.writeText(phone),
    },
    {
      id: 'contacts.row.opt-out',
      title: t('optOut'),
      icon: Ban,
      danger: true,
      group: 1,
      when: ({ optedOutAt }) => optedOutAt === null,
      run: ({ id }) => setOptOut(id, true),
    },
    {
      id: 'contacts.row.opt-in',
      title: t('optIn'),
      icon: MessageCircle,
      group: 1,
      when: ({ optedOutAt }) => optedOutAt !== null,
      run: ({ id }) => setOptOut(id, false),
    },
  ]);
  const filtered = Object.keys(filter).length > 0;
  const set = (part: Partial<typeof search>): void =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  return (
    <Page
      title={t('title')}
      badge={<Badge>{t('total', { count: total, formatted: format.number(total) })}</Badge>}
      layout="fill"
      actions={
        <ButtonLink variant="primary" to="/import" search={{}}>
          {t('import')}
        </ButtonLink>
      }
      toolbar={
        <>
          <div className="w-72">
            <TextField
              label={t('search')}
              labelHidden
              icon={Search}
              type="search"
              placeholder={t('searchHint')}
              value={search.q ?? ''}
              onChange={(event) => set({ q: event.target.value === '' ? undefined : event.target.value })}
            />
          </div>
          <div className="w-48">
            <Select
              label={t('tag')}
              labelHidden
              value={search.tag ?? ANY}
              onValueChange={(tag) => set({ tag: tag === ANY ? undefined : tag })}
              options={[
                { value: ANY, label: t('anyTag') },
                ...(tags.data?.tags.map(({ tag, contacts: count }) => ({
                  value: tag,
                  label: `${tag} (${format.number(count)})`,
                })) ?? []),
              ]}
            />
          </div>
          {search.import !== undefined && (
            <Button variant="ghost" onClick={() => set({ import: undefined })}>
              {t('ofImport')} · {t('clearImport')}
            </Button>
          )}
        </>
      }
    >
      {contacts.error !== null ? (
        <ErrorState error={wordsOf(contacts.error)} onRetry={() => void contacts.refetch()} size="page" />
      ) : (
        <div className="relative flex min-h-0 flex-1 gap-4">
          <TableFrame>
            <DataTable
              id="contacts"
              label={t('title')}
              columns={columns}
              source={source}
              rowId={(row) => row.id}
              openId={search.contact ?? null}
              onOpen={(row) => set({ contact: row.id })}
              {...rowCommands}
              loading={contacts.isPending}
              empty={
                filtered ? (
                  <EmptyState icon={SearchX} title={t('noMatchTitle')} description={t('noMatchHint')} />
                ) : (
                  <EmptyState
                    icon={BookUser}
                    title={t('emptyTitle')}
                    description={t('emptyHint')}
                    action={
                      <ButtonLink to="/import" search={{}}>
                        {t('import')}
                      </ButtonLink>
                    }
                  />
                )
              }
            />
          </TableFrame>
          {search.contact !== undefined && (
            <ContactPanel
              key={search.contact}
              contactId={search.contact}
              onClose={() => set({ contact: undefined })}
            />
          )}
        </div>
      )}
    </Page>
  );
}
export { ContactsPage as Page };

const useColumns = (): readonly Column<Contact>[] => {
  const t = useContactsText();
  return useMemo(
    () => [
      { id: 'name', header: t('name'), width: 220, grow: true, cell: (row) => row.name ?? '–' },
      {
        id: 'phone',
        header: t('phone'),
        width: 170,
        cell: (row) => <span className="tabular">{row.phone}</span>,
      },
      { id: 'email', header: t('email'), width: 240, cell: (row) => row.email ?? '' },
      {
        id: 'tags',
        header: t('tags'),
        width: 200,
        cell: (row) => (
          <span className="flex gap-1">
            {row.optedOutAt !== null && <Badge tone="warning">{t('optedOut')}</Badge>}
            {row.tags.slice(0, 3).map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </span>
        ),
      },
      {
        id: 'updated',
        header: t('updated'),
        width: 130,
        align: 'end',
        cell: (row) => <RelativeTime at={new Date(row.updatedAt)} />,
      },
    ],
    [t],
  );
};
