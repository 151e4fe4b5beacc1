import { useFormat } from '@renderer/i18n/use-format';
import { useMessagingLimit } from '@renderer/platform/use-messaging-limit';
import { Link } from '@renderer/ui';
import { useSchedulesText } from './texts';

/** What WhatsApp's limit of people within 24 hours does to the runs of a schedule; nothing where none is set. */
export function LimitNote() {
  const t = useSchedulesText();
  const format = useFormat();
  const people = useMessagingLimit().data?.people ?? null;
  if (people === null) return null;
  return (
    <p className="text-xs text-ink-2">
      {t('limit', { count: people, number: format.number(people) })}{' '}
      <Link to="/settings">{t('limitLink')}</Link>
    </p>
  );
}
