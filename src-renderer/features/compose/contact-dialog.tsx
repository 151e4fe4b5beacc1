import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Contact, ContactPatch } from '@shared/contract/contacts';
import type { ContactId } from '@shared/domain/ids';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { Button, Dialog, ErrorState, Notice, showToast, SkeletonLines, TextField } from '@renderer/ui';
import { useComposeText } from './texts';

interface ContactDialogProps {
  readonly contactId: ContactId;
  /** The message's variables: those that are fields of the contact can be corrected. */
  readonly variables: readonly string[];
  readonly onClose: () => void;
}

const OWN = new Set(['name', 'phone', 'email']);

/** Corrects the contact itself, for every message from now on. */
export function ContactDialog({ contactId, variables, onClose }: ContactDialogProps) {
  const t = useComposeText();
  const { data, error, refetch } = useQuery({
    queryKey: ['contacts', 'get', contactId, 'compose'],
    queryFn: ({ signal }) => callQuery(client.contacts.get({ contactId }, { signal })),
  });
  if (data !== undefined) return <Form contact={data.contact} variables={variables} onClose={onClose} />;
  return (
    <Dialog open onOpenChange={onClose} title={t('contact.title')}>
      {error === null ? (
        <SkeletonLines lines={4} />
      ) : (
        <ErrorState error={wordsOf(error)} onRetry={() => void refetch()} />
      )}
    </Dialog>
  );
}

interface FormProps extends Omit<ContactDialogProps, 'contactId'> {
  readonly contact: Contact;
}

function Form({ contact, variables, onClose }: FormProps) {
  const t = useComposeText();
  const fields = variables.filter((name) => !OWN.has(name));
  const [phone, setPhone] = useState(contact.phone);
  const [name, setName] = useState(contact.name ?? '');
  const [email, setEmail] = useState(contact.email ?? '');
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(fields.map((key) => [key, contact.customFields[key] ?? ''])),
  );
  const changed = Object.fromEntries(
    Object.entries(values).filter(([key, value]) => value.trim() !== (contact.customFields[key] ?? '')),
  );
  const patch: ContactPatch = {
    ...(phone.trim() === contact.phone ? {} : { phone: phone.trim() }),
    ...(name.trim() === (contact.name ?? '') ? {} : { name: name.trim() }),
    ...(email.trim() === (contact.email ?? '') ? {} : { email: email.trim() }),
    ...(Object.keys(changed).length === 0 ? {} : { fields: changed }),
  };
  const save = useCorrection(contact);
  const submit = (): void => save.mutate(patch, { onSuccess: onClose });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('contact.title')}
      description={t('contact.hint')}
      footer={
        <>
          <Button onClick={onClose}>{t('contact.cancel')}</Button>
          <Button
            variant="primary"
            disabled={Object.keys(patch).length === 0}
            busy={save.isPending}
            onClick={submit}
          >
            {t('contact.save')}
          </Button>
        </>
      }
    >
      <form
        noValidate
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (Object.keys(patch).length > 0) submit();
        }}
      >
        <TextField
          label={t('contact.phone')}
          value={phone}
          onChange={({ target }) => setPhone(target.value)}
        />
        <TextField label={t('contact.name')} value={name} onChange={({ target }) => setName(target.value)} />
        <TextField
          label={t('contact.email')}
          value={email}
          onChange={({ target }) => setEmail(target.value)}
        />
        {fields.map((key) => (
          <TextField
            key={key}
            label={key}
            value={values[key] ?? ''}
            onChange={({ target }) => setValues({ ...values, [key]: target.value })}
          />
        ))}
        {save.error !== null && (
          <div className="sm:col-span-2">
            <Notice tone="danger">
              {wordsOf(save.error).message} {wordsOf(save.error).action}
            </Notice>
          </div>
        )}
        {/* Enter in a field saves. */}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  );
}

/** Saves a correction; the toast takes it back. Everything that is judged is judged anew. */
function useCorrection({ id: contactId }: Contact) {
  const t = useComposeText();
  const cache = useQueryClient();
  const judgeAnew = (): Promise<unknown> =>
    Promise.all([
      cache.invalidateQueries({ queryKey: ['campaigns'] }),
      cache.invalidateQueries({ queryKey: ['contacts'] }),
    ]);
  const takeBack = async (before: ContactPatch): Promise<void> => {
    const back = await client.contacts.update({ contactId, ...before });
    if (back.ok) showToast({ title: t('contact.undone'), tone: 'success' });
    else showToast({ title: back.error.message, description: back.error.action, tone: 'danger' });
    await judgeAnew();
  };
  return useMutation({
    mutationFn: (patch: ContactPatch) => callQuery(client.contacts.update({ contactId, ...patch })),
    onSuccess: ({ contact, before }) => {
      showToast({
        title: t('contact.saved', { name: contact.name ?? contact.phone }),
        tone: 'success',
        action: { label: t('contact.undo'), onAction: () => void takeBack(before) },
      });
      return judgeAnew();
    },
  });
}
