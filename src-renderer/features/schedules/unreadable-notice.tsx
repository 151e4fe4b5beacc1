import type { UnreadableSchedule } from '@shared/contract/schedules';
import { Trash2 } from 'lucide-react';
import { Button, Notice } from '@renderer/ui';
import { useSchedulesText } from './texts';
import { useScheduleActions } from './use-schedule-actions';

/** A schedule that cannot be read: all that can be done with it is to remove it. */
export function UnreadableNotice({ schedule }: { schedule: UnreadableSchedule }) {
  const t = useSchedulesText();
  const { busy, remove } = useScheduleActions();
  const { name, why } = schedule;
  return (
    <Notice
      tone="warning"
      title={t('unreadable.schedule', { name })}
      actions={
        <Button
          size="sm"
          icon={Trash2}
          busy={busy}
          aria-label={t('unreadable.remove', { name })}
          onClick={() => void remove(schedule)}
        >
          {t('remove')}
        </Button>
      }
    >
      {t('unreadable.scheduleHint')} <code className="wrap-anywhere">{why}</code>
    </Notice>
  );
}
