import type { Schedule } from '@shared/contract/schedules';
import { PanelRight, Pause, Play, Trash2, Zap } from 'lucide-react';
import { useCopyLink, useRowCommands } from '@renderer/commands';
import { Badge, Card, cx, RelativeTime, RovingRows, type Tone } from '@renderer/ui';
import { useSchedulesText } from './texts';
import { useScheduleActions } from './use-schedule-actions';

interface ScheduleListProps {
  readonly schedules: readonly Schedule[];
  readonly openId: string;
  readonly onOpen: (id: Schedule['id']) => void;
}

export const stateTones: Readonly<Record<Schedule['state'], Tone>> = {
  active: 'success',
  paused: 'warning',
  ended: 'neutral',
};

/** The schedules, the next one first; one press opens one. */
export function ScheduleList({ schedules, openId, onOpen }: ScheduleListProps) {
  const t = useSchedulesText();
  const link = useCopyLink();
  const actions = useScheduleActions();
  const rowCommands = useRowCommands<Schedule>([
    {
      id: 'schedules.row.open',
      title: t('actOn.open'),
      icon: PanelRight,
      group: 0,
      run: ({ id }) => onOpen(id),
    },
    link.rowCommand('schedules.row', ({ id }) => ({ kind: 'schedule', id })),
    {
      id: 'schedules.row.run',
      title: t('actOn.run'),
      label: t('run'),
      icon: Zap,
      shortcut: 'r',
      group: 1,
      run: (schedule) => void actions.runNow(schedule),
    },
    {
      id: 'schedules.row.pause',
      title: t('actOn.pause'),
      label: t('pause'),
      icon: Pause,
      shortcut: 'p',
      group: 1,
      when: ({ state }) => state === 'active',
      run: (schedule) => void actions.toggle(schedule),
    },
    {
      id: 'schedules.row.resume',
      title: t('actOn.resume'),
      label: t('resume'),
      icon: Play,
      shortcut: 'p',
      group: 1,
      when: ({ state }) => state === 'paused',
      run: (schedule) => void actions.toggle(schedule),
    },
    {
      id: 'schedules.row.remove',
      title: t('actOn.remove'),
      label: t('remove'),
      icon: Trash2,
      shortcut: 'Delete',
      danger: true,
      group: 2,
      run: (schedule) => void actions.remove(schedule),
    },
  ]);
  return (
    <Card title={t('list')} padding="none">
      <RovingRows
        rows={schedules}
        frame={(props) => (
          <ul
            {...props}
            aria-label={t('list')}
            className="divide-y divide-line overflow-hidden rounded-b-lg"
          />
        )}
        {...rowCommands}
      >
        {(schedule, { row, focus }) => (
          <li key={schedule.id} {...row}>
            <button
              type="button"
              {...focus}
              aria-current={schedule.id === openId || undefined}
              onClick={() => onOpen(schedule.id)}
              className={cx(
                'flex w-full flex-col gap-1 px-4 py-2.5 text-left hover:bg-hover',
                schedule.id === openId && 'bg-selected',
              )}
            >
              <span className="flex w-full items-center gap-2">
                <span className="min-w-0 flex-1 truncate text-sm font-medium">{schedule.name}</span>
                <Badge tone={stateTones[schedule.state]}>{t(`state.${schedule.state}`)}</Badge>
              </span>
              <span className="w-full truncate text-xs text-ink-2">{schedule.words}</span>
              <Next schedule={schedule} />
            </button>
          </li>
        )}
      </RovingRows>
    </Card>
  );
}

function Next({ schedule }: { schedule: Schedule }) {
  const t = useSchedulesText();
  const [next] = schedule.nextRuns;
  return (
    <span className="text-xs text-ink-2">
      {next === undefined ? (
        t(schedule.state === 'paused' ? 'neverPaused' : 'never')
      ) : (
        <>
          {t('next')} <RelativeTime at={Date.parse(next)} />
        </>
      )}
    </span>
  );
}
