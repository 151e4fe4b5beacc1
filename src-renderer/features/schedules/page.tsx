import { useNavigate, useSearch } from '@tanstack/react-router';
import { CalendarClock, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Schedule, UnreadableSchedule } from '@shared/contract/schedules';
import { toAppError } from '@shared/errors';
import { Button, EmptyState, ErrorState, Notice, Page as Frame, SkeletonLines } from '@renderer/ui';
import { Editor } from './editor';
import { OverdueNotices } from './overdue-notices';
import { useSchedules } from './queries';
import { ScheduleList } from './schedule-list';
import { ScheduleScreen } from './schedule-screen';
import { useSchedulesText } from './texts';
import { UnreadableNotice } from './unreadable-notice';

type Id = Schedule['id'];

const NONE: { readonly schedules: Schedule[]; readonly unreadable: UnreadableSchedule[] } = {
  schedules: [],
  unreadable: [],
};

/** What is scheduled, what asks, and the schedule that the address names. */
export function Page() {
  const t = useSchedulesText();
  const { id } = useSearch({ from: '/schedules' });
  const navigate = useNavigate();
  const [editing, setEditing] = useState<Id | 'new' | null>(null);
  const { data, error, refetch } = useSchedules();
  const show = (next: Id | undefined): void => {
    setEditing(null);
    void navigate({ to: '/schedules', search: { id: next } });
  };
  const add = (
    <Button variant="primary" icon={Plus} onClick={() => setEditing('new')}>
      {t('add')}
    </Button>
  );
  const { schedules, unreadable } = data ?? NONE;
  const open = schedules.find((each) => each.id === id) ?? schedules[0];
  if (error) return <ErrorState error={toAppError(error)} onRetry={() => void refetch()} size="page" />;
  return (
    <Frame title={t('title')} hint={t('hint')} actions={add}>
      {data === undefined ? (
        <SkeletonLines lines={8} />
      ) : (
        <div className="flex flex-col gap-4">
          <OverdueNotices />
          {unreadable.map((each) => (
            <UnreadableNotice key={each.id} schedule={each} />
          ))}
          {id !== undefined && open?.id !== id && !unreadable.some((each) => each.id === id) && (
            <Notice tone="warning" title={t('gone')}>
              {t('goneHint')}
            </Notice>
          )}
          {editing !== null ? (
            <Editor
              key={editing}
              schedule={editing === 'new' ? undefined : schedules.find((each) => each.id === editing)}
              onSaved={(saved) => show(saved.id)}
              onCancel={() => setEditing(null)}
            />
          ) : open === undefined ? (
            <EmptyState
              icon={CalendarClock}
              title={t('empty')}
              description={t('emptyHint')}
              action={<Button onClick={() => setEditing('new')}>{t('add')}</Button>}
              size="page"
            />
          ) : (
            <div className="grid items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
              <ScheduleList schedules={schedules} openId={open.id} onOpen={show} />
              <ScheduleScreen
                key={open.id}
                schedule={open}
                onEdit={() => setEditing(open.id)}
                onRemoved={() => show(undefined)}
              />
            </div>
          )}
        </div>
      )}
    </Frame>
  );
}
