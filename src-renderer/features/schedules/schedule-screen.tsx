import { Pause, PencilLine, Play, Trash2, Zap } from 'lucide-react';
import { queueTitle } from '@shared/domain/queues';
import type { Schedule } from '@shared/contract/schedules';
import { CopyLink } from '@renderer/commands';
import { Badge, Button, Card } from '@renderer/ui';
import { History } from './history';
import { LimitNote } from './limit-note';
import { NextRuns } from './next-runs';
import { stateTones } from './schedule-list';
import { useSchedulesText } from './texts';
import { useScheduleActions } from './use-schedule-actions';

interface ScheduleScreenProps {
  readonly schedule: Schedule;
  readonly onEdit: () => void;
  readonly onRemoved: () => void;
}

/** One schedule: when, what, and what came of it so far. */
export function ScheduleScreen({ schedule, onEdit, onRemoved }: ScheduleScreenProps) {
  const t = useSchedulesText();
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Card
        title={schedule.name}
        hint={schedule.words}
        actions={<Actions schedule={schedule} onEdit={onEdit} onRemoved={onRemoved} />}
      >
        <div className="grid gap-6 2xl:grid-cols-[3fr_2fr]">
          <section className="flex flex-col gap-2">
            <h3 className="flex items-center gap-2 text-sm font-semibold">
              {t('upcoming')}
              <Badge tone={stateTones[schedule.state]}>{t(`state.${schedule.state}`)}</Badge>
            </h3>
            {schedule.nextRuns.length > 0 ? (
              <NextRuns
                runs={schedule.nextRuns.map((run) => Date.parse(run))}
                timeZone={schedule.when.timeZone}
              />
            ) : (
              <p className="text-sm text-ink-2">
                {schedule.state === 'paused' ? t('upcomingNone') : t('upcomingOver')}
              </p>
            )}
          </section>
          <Steps schedule={schedule} />
        </div>
      </Card>
      <History scheduleId={schedule.id} timeZone={schedule.when.timeZone} />
    </div>
  );
}

function Actions({ schedule, onEdit, onRemoved }: ScheduleScreenProps) {
  const t = useSchedulesText();
  const { busy, runNow, toggle, remove } = useScheduleActions();
  const isPaused = schedule.state === 'paused';
  const removeIt = async (): Promise<void> => {
    if (await remove(schedule)) onRemoved();
  };
  return (
    <>
      <CopyLink target={{ kind: 'schedule', id: schedule.id }} />
      <Button size="sm" icon={Zap} busy={busy} onClick={() => void runNow(schedule)}>
        {t('run')}
      </Button>
      {schedule.state !== 'ended' && (
        <Button size="sm" icon={isPaused ? Play : Pause} busy={busy} onClick={() => void toggle(schedule)}>
          {t(isPaused ? 'resume' : 'pause')}
        </Button>
      )}
      <Button size="sm" icon={PencilLine} onClick={onEdit}>
        {t('edit')}
      </Button>
      <Button size="sm" icon={Trash2} busy={busy} onClick={() => void removeIt()}>
        {t('remove')}
      </Button>
    </>
  );
}

function Steps({ schedule }: { schedule: Schedule }) {
  const t = useSchedulesText();
  return (
    <section className="flex min-w-0 flex-col gap-2">
      <h3 className="text-sm font-semibold">{t('what')}</h3>
      <ol className="flex flex-col gap-1.5">
        {schedule.steps.map((step, index) => (
          // Steps have no ids; their order is what they are.
          <li key={index} className="flex min-w-0 items-start gap-2 text-sm">
            <Badge>{index + 1}</Badge>
            {step.kind === 'campaign' ? (
              <span className="min-w-0">
                <span className="font-medium">{step.name}</span>{' '}
                <span className="text-ink-2">
                  {t(`form.${step.message.channel}`)} ·{' '}
                  {step.audience.kind === 'tags'
                    ? step.audience.tags.join(', ')
                    : t(`audience.${step.audience.kind}`)}
                </span>
                <span dir="auto" className="block truncate text-xs text-ink-2">
                  {step.message.body}
                </span>
              </span>
            ) : (
              <span className="font-medium">{queueTitle(step.queue)}</span>
            )}
          </li>
        ))}
      </ol>
      {schedule.steps.some((step) => step.kind === 'campaign' && step.message.channel === 'whatsapp') && (
        <LimitNote />
      )}
      {schedule.when.kind === 'cron' && (
        <p className="text-xs text-ink-3">
          {t('form.overlap')}: {t(`form.overlaps.${schedule.overlap}`)}.
        </p>
      )}
    </section>
  );
}
