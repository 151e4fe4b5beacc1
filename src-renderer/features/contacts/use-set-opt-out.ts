import type { ContactId } from '@shared/domain/ids';
import { showToast } from '@renderer/ui';
import { useOptOut } from './queries';
import { useContactsText } from './texts';

/** Opts a contact out or in, says so, and offers the way back. */
export function useSetOptOut() {
  const t = useContactsText();
  const optOut = useOptOut();
  const set = (contactId: ContactId, optedOut: boolean): void =>
    optOut.mutate(
      { contactId, optedOut },
      {
        onSuccess: () =>
          void showToast({
            title: optedOut ? t('optedOutNow') : t('optedInNow'),
            action: { label: t('undo'), onAction: () => set(contactId, !optedOut) },
          }),
      },
    );
  return { set, busy: optOut.isPending };
}
