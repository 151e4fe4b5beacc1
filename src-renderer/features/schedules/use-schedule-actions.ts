import type { Schedule } from '@shared/contract/schedules';
import { client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';
import { useAct } from './queries';
import { useSchedulesText } from './texts';

/** What can be done with a schedule wherever it is shown; each says what came of it. */
export function useScheduleActions() {
  const t = useSchedulesText();
  const { busy, run } = useAct();
  return {
    busy,
    runNow: async ({ id, name }: Schedule): Promise<void> => {
      if (await run(() => client.schedules.runNow({ scheduleId: id })))
        showToast({ title: t('started', { name }), tone: 'success' });
    },
    toggle: async ({ id, state }: Schedule): Promise<void> => {
      await run(() => client.schedules[state === 'paused' ? 'resume' : 'pause']({ scheduleId: id }));
    },
    /** Answers whether it is gone. */
    remove: async ({ id: scheduleId, name }: Pick<Schedule, 'id' | 'name'>): Promise<boolean> => {
      const restore = async (): Promise<void> => {
        if (await run(() => client.schedules.restore({ scheduleId })))
          showToast({ title: t('restored', { name }), tone: 'success' });
      };
      if (!(await run(() => client.schedules.remove({ scheduleId })))) return false;
      const action = { label: t('undo'), onAction: () => void restore() };
      showToast({ title: t('removed', { name }), action });
      return true;
    },
  };
}
