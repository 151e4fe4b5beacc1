import { CalendarClock, Pause, Play, Trash2 } from 'lucide-react';
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import { isAdsappQueue, type JobState, jobStates, type QueueName } from '@shared/domain/queues';
import { useQueueControl } from '@renderer/app/queue-control';
import { QueuePicker } from '@renderer/app/queue-picker';
import { useFormat } from '@renderer/i18n/use-format';
import { askToDrain } from '@renderer/operations/drain';
import { useLiveQueue, useOfOverview } from '@renderer/platform/live-overview';
import { Button, Notice, Segmented, Tabs } from '@renderer/ui';
import { emptySelection, type Selection } from '@renderer/ui/table';
import { JobTable } from './job-table';
import { countOf, listMark } from './list-mark';
import type { JobFilter, Order } from './queries';
import { SchedulersDialog } from './schedulers/schedulers-dialog';
import { useSchedulersText } from './schedulers/texts';
import { useJobsText } from './texts';

/** One state of one queue, in one order. */
export type JobList = JobFilter;

interface ToolbarProps {
  list: JobList;
  onQueue: (queue: QueueName) => void;
  onOrder: (order: Order) => void;
}

/** Which queue is shown, whether it runs, and in which order. */
export function QueueJobsToolbar({ list, onQueue, onOrder }: ToolbarProps): ReactNode {
  const t = useJobsText();
  const control = useQueueControl();
  const live = useLiveQueue(list.queue);
  return (
    <>
      <QueuePicker
        label={t('queue')}
        value={list.queue}
        onQueue={(queue) => {
          if (queue !== undefined) onQueue(queue);
        }}
      />
      {live && (
        <Button
          size="sm"
          icon={live.paused ? Play : Pause}
          onClick={() => control[live.paused ? 'resume' : 'pause']([list.queue])}
        >
          {t(live.paused ? 'resume' : 'pause')}
        </Button>
      )}
      {live && (
        <Button
          size="sm"
          icon={Trash2}
          disabled={live.counts.waiting + live.counts.delayed === 0}
          onClick={() => askToDrain(list.queue)}
        >
          {t('drain')}
        </Button>
      )}
      {!isAdsappQueue(list.queue) && <Schedulers queue={list.queue} />}
      <div className="flex-1" />
      <Segmented
        label={t('order.label')}
        value={list.order}
        options={[
          { value: 'newest', label: t('order.newest') },
          { value: 'oldest', label: t('order.oldest') },
        ]}
        onValueChange={onOrder}
      />
    </>
  );
}

/** ADSapp's own queues have the Schedules screen. */
function Schedulers({ queue }: { queue: QueueName }): ReactNode {
  const t = useSchedulersText();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button size="sm" icon={CalendarClock} onClick={() => setIsOpen(true)}>
        {t('open')}
      </Button>
      {isOpen && <SchedulersDialog queue={queue} onClose={() => setIsOpen(false)} />}
    </>
  );
}

interface QueueJobsProps {
  list: JobList;
  openId: string | null;
  onOpen: (job: JobSummary) => void;
  onState: (state: JobState) => void;
  onSelecting: (selecting: boolean) => void;
}

/** The jobs of one queue, a tab a state. */
export function QueueJobs({ list, openId, onOpen, onState, onSelecting }: QueueJobsProps): ReactNode {
  const t = useJobsText();
  const format = useFormat();
  const { queue, state, order } = list;
  // The tab is chosen at once; its table, made anew, follows in slices.
  const shown = useDeferredValue(useMemo(() => ({ queue, state, order }), [queue, state, order]));
  const key = `${shown.queue}|${shown.state}|${shown.order}`;
  const [selected, setSelected] = useState({ key, selection: emptySelection });
  // Another list has other rows: what was selected in the last one is not carried over to it.
  const selection: Selection = selected.key === key ? selected.selection : emptySelection;
  const live = useLiveQueue(queue);
  const second = useOfOverview((overview) => overview?.at.slice(0, 19));
  return (
    <>
      {live?.paused === true && (
        <div className="pb-2">
          <Notice tone="warning" title={t('paused')}>
            {t('pausedNote')}
          </Notice>
        </div>
      )}
      <div className="flex shrink-0">
        <Tabs
          label={t('states')}
          value={state}
          tabs={jobStates.map((each) => ({
            value: each,
            label: t(`state.${each}`),
            ...(live && { count: format.number(countOf(live.counts, each)) }),
          }))}
          onValueChange={onState}
        />
      </div>
      <JobTable
        key={key}
        filter={shown}
        mark={(listed) => listMark(live, shown.state, second, listed)}
        selection={selection}
        onSelection={(next) => {
          setSelected({ key, selection: next });
          onSelecting(next.size > 0);
        }}
        openId={openId}
        onOpen={onOpen}
        onShowCompleted={() => onState('completed')}
      />
    </>
  );
}
