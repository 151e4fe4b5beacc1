import type { Contact } from '@shared/contract/contacts';
import type { ContactId } from '@shared/domain/ids';
import { CopyLink } from '@renderer/commands';
import {
  Badge,
  Button,
  DateTime,
  ErrorState,
  PropertyList,
  Section,
  SidePanel,
  SkeletonLines,
} from '@renderer/ui';
import { wordsOf } from '@renderer/platform/failure';
import { useContact } from './queries';
import { useContactsText } from './texts';
import { useSetOptOut } from './use-set-opt-out';

interface ContactPanelProps {
  readonly contactId: ContactId;
  readonly onClose: () => void;
}

/** Everything about one contact. */
export function ContactPanel({ contactId, onClose }: ContactPanelProps) {
  const found = useContact(contactId);
  const contact = found.data?.contact;
  return (
    <SidePanel
      id="contacts.one"
      open
      onClose={onClose}
      title={contact?.name ?? contact?.phone ?? ''}
      subtitle={contact?.phone}
      actions={
        contact === undefined ? undefined : (
          <>
            <OptOutButton contact={contact} />
            <CopyLink target={{ kind: 'contact', id: contact.id }} />
          </>
        )
      }
    >
      <div className="flex flex-col gap-5">
        {found.error !== null && (
          <ErrorState error={wordsOf(found.error)} onRetry={() => void found.refetch()} />
        )}
        {found.isPending && <SkeletonLines lines={6} />}
        {found.data !== undefined && <Details {...found.data} />}
      </div>
    </SidePanel>
  );
}

function OptOutButton({ contact }: { readonly contact: Contact }) {
  const t = useContactsText();
  const { set, busy } = useSetOptOut();
  return (
    <Button size="sm" busy={busy} onClick={() => set(contact.id, contact.optedOutAt === null)}>
      {contact.optedOutAt === null ? t('optOut') : t('optIn')}
    </Button>
  );
}

type ContactWithHistory = NonNullable<ReturnType<typeof useContact>['data']>;

function Details({ contact, history }: ContactWithHistory) {
  const t = useContactsText();
  const fields = Object.entries(contact.customFields);
  return (
    <>
      {contact.optedOutAt !== null && <Badge tone="warning">{t('optedOut')}</Badge>}
      <PropertyList
        properties={[
          { label: t('phone'), value: <span className="tabular">{contact.phone}</span> },
          { label: t('email'), value: contact.email ?? '–' },
          { label: t('tags'), value: contact.tags.join(', ') || '–' },
          { label: t('updated'), value: <DateTime at={new Date(contact.updatedAt)} /> },
        ]}
      />
      {fields.length > 0 && (
        <Section title={t('fields')}>
          <PropertyList properties={fields.map(([label, value]) => ({ label, value }))} />
        </Section>
      )}
      <Section title={t('history')}>
        <ol className="flex flex-col gap-2 text-sm">
          {history.map((event, index) => (
            <li key={index} className="flex gap-3">
              <span className="w-44 shrink-0 text-xs text-ink-3">
                <DateTime at={new Date(event.at)} />
              </span>
              <span>
                {event.title}
                {event.detail !== null && <span className="text-ink-3"> · {event.detail}</span>}
              </span>
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}
