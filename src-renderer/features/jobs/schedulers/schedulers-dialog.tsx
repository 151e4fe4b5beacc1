import { CalendarClock, Pencil, Play, Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { JobScheduler } from '@shared/contract/job-schedulers';
import type { QueueName } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import {
  Button,
  ConfirmDialog,
  DateTime,
  Dialog,
  EmptyState,
  ErrorState,
  IconButton,
  NumberText,
  SkeletonLines,
} from '@renderer/ui';
import { useJobSchedulers, useSchedulerActions } from './queries';
import { SchedulerForm } from './scheduler-form';
import { useSchedulersText } from './texts';

interface SchedulersDialogProps {
  readonly queue: QueueName;
  readonly onClose: () => void;
}

/** What makes jobs again and again in a queue of another program: seen, made, changed, run now, removed. */
export function SchedulersDialog({ queue, onClose }: SchedulersDialogProps): ReactNode {
  const t = useSchedulersText();
  const [edited, setEdited] = useState<JobScheduler | 'new'>();
  if (edited !== undefined) {
    const scheduler = edited === 'new' ? undefined : edited;
    return (
      <SchedulerForm
        queue={queue}
        scheduler={scheduler}
        onBack={() => setEdited(undefined)}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width="lg"
      title={t('title', { queue })}
      description={t('hint')}
      footer={
        <>
          <Button onClick={onClose}>{t('close')}</Button>
          <Button variant="primary" icon={Plus} onClick={() => setEdited('new')}>
            {t('create')}
          </Button>
        </>
      }
    >
      <SchedulerTable queue={queue} onEdit={setEdited} />
    </Dialog>
  );
}

interface SchedulerTableProps {
  readonly queue: QueueName;
  readonly onEdit: (scheduler: JobScheduler) => void;
}

function SchedulerTable({ queue, onEdit }: SchedulerTableProps): ReactNode {
  const t = useSchedulersText();
  const format = useFormat();
  const { data, error, refetch } = useJobSchedulers(queue);
  const { run, remove } = useSchedulerActions(queue);
  const [leaving, setLeaving] = useState<JobScheduler>();
  if (data === undefined) {
    if (error === null) return <SkeletonLines lines={4} />;
    return <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />;
  }
  if (data.schedulers.length === 0)
    return <EmptyState icon={CalendarClock} title={t('none')} description={t('noneHint')} />;
  return (
    <>
      {data.total > data.schedulers.length && (
        <p className="pb-2 text-xs text-ink-3">
          {t('some', { shown: format.number(data.schedulers.length), total: format.number(data.total) })}
        </p>
      )}
      <div className="overflow-x-auto">
        <table className="w-full text-left text-sm" aria-label={t('table')}>
          <thead className="text-xs text-ink-3">
            <tr className="border-b border-line">
              {(['id', 'name', 'when', 'next'] as const).map((head) => (
                <th key={head} scope="col" className="px-2 py-2 font-medium">
                  {t(`head.${head}`)}
                </th>
              ))}
              <th scope="col" className="px-2 py-2 text-right font-medium">
                {t('head.made')}
              </th>
              <th scope="col" className="w-28 py-2">
                <span className="sr-only">{t('head.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.schedulers.map((scheduler) => (
              <SchedulerRow
                key={scheduler.id}
                scheduler={scheduler}
                onRun={() => run(scheduler)}
                onEdit={() => onEdit(scheduler)}
                onRemove={() => setLeaving(scheduler)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {leaving !== undefined && (
        <ConfirmDialog
          open
          onOpenChange={() => setLeaving(undefined)}
          title={t('remove.title', { id: leaving.id })}
          description={t('remove.hint')}
          confirmLabel={t('remove.confirm')}
          danger
          onConfirm={async () => {
            await remove(leaving);
            setLeaving(undefined);
          }}
        />
      )}
    </>
  );
}

interface SchedulerRowProps {
  readonly scheduler: JobScheduler;
  readonly onRun: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

const cell = 'px-2 py-1.5';

function SchedulerRow({ scheduler, onRun, onEdit, onRemove }: SchedulerRowProps): ReactNode {
  const t = useSchedulersText();
  const { id, name, next, made } = scheduler;
  return (
    <tr className="border-b border-line last:border-b-0 hover:bg-hover">
      <th scope="row" className={`${cell} max-w-48 truncate text-left font-medium`} title={id}>
        {id}
      </th>
      <td className={`${cell} max-w-40 truncate`} title={name}>
        {name}
      </td>
      <td className={cell}>
        <When when={scheduler.when} />
      </td>
      <td className={`${cell} whitespace-nowrap`}>
        {next === null ? t('noNext') : <DateTime at={Date.parse(next)} />}
      </td>
      <td className={`${cell} text-right`}>{made === null ? '–' : <NumberText value={made} />}</td>
      <td className="py-1 pr-2 text-right whitespace-nowrap">
        <IconButton icon={Play} size="sm" label={t('run', { id })} onClick={onRun} />
        <IconButton icon={Pencil} size="sm" label={t('edit', { id })} onClick={onEdit} />
        <IconButton icon={Trash2} size="sm" label={t('removeOf', { id })} onClick={onRemove} />
      </td>
    </tr>
  );
}

function When({ when }: Pick<JobScheduler, 'when'>): ReactNode {
  const t = useSchedulersText();
  const format = useFormat();
  if (when === null) return t('unknownWhen');
  if (when.kind === 'every') return t('every', { time: format.duration(when.everyMs) });
  return (
    <>
      <span className="font-mono text-xs whitespace-nowrap">{when.pattern}</span>
      <span className="block text-xs text-ink-3">{when.timeZone ?? t('localZone')}</span>
    </>
  );
}
