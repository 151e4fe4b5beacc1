import { ChartSpline, Pause, Play, Search, Trash2 } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { QueueOverview } from '@shared/contract/queues';
import { askToDrain } from '@renderer/operations/drain';
import { useFormat } from '@renderer/i18n/use-format';
import { useNavigate } from '@tanstack/react-router';
import { Badge, Card, NumberText, RelativeTime, Sparkline, TextField } from '@renderer/ui';
import { type Column, DataTable, rowsOf, type Sort } from '@renderer/ui/table';
import type { QueueActions } from './queue-actions';
import { useOverviewText } from './texts';

interface OtherQueuesProps {
  readonly queues: readonly QueueOverview[];
  readonly actions: QueueActions;
}

/** Queues of other programs in the same engine, any number of them: found by name, ordered by any figure. */
export function OtherQueues({ queues, actions }: OtherQueuesProps): ReactNode {
  const t = useOverviewText();
  const format = useFormat();
  const navigate = useNavigate();
  const [wanted, setWanted] = useState('');
  const [sort, setSort] = useState<Sort>();
  const columns = useColumns();
  const rows = useMemo(() => ordered(matching(queues, wanted), sort), [queues, wanted, sort]);
  return (
    <Card
      title={t('others.title')}
      hint={t('others.hint', { count: queues.length, amount: format.number(queues.length) })}
      padding="none"
      actions={
        <TextField
          label={t('others.find')}
          labelHidden
          icon={Search}
          placeholder={t('others.find')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      }
    >
      <div className="flex h-84">
        <DataTable
          id="other-queues"
          label={t('others.table')}
          columns={columns}
          source={rowsOf(rows)}
          rowId={({ name }) => name}
          sort={sort}
          onSortChange={setSort}
          onOpen={({ name }) => void navigate({ to: '/jobs', search: { queue: name } })}
          contextMenu={({ name, paused, counts }) => [
            [
              {
                id: 'charts',
                label: t('queues.charts', { queue: name }),
                icon: ChartSpline,
                onSelect: () => void navigate({ to: '/charts', search: { queue: name } }),
              },
              {
                id: 'turn',
                label: t(paused ? 'queues.resume' : 'queues.pause', { queue: name }),
                icon: paused ? Play : Pause,
                onSelect: () => actions[paused ? 'resume' : 'pause']([name]),
              },
            ],
            [
              {
                id: 'drain',
                label: t('queues.drain', { queue: name }),
                icon: Trash2,
                danger: true,
                disabled: counts.waiting + counts.delayed === 0,
                onSelect: () => askToDrain(name),
              },
            ],
          ]}
          empty={<p className="p-4 text-sm text-ink-3">{t('others.none', { text: wanted })}</p>}
        />
      </div>
    </Card>
  );
}

const FIGURES = {
  waiting: ({ counts }: QueueOverview) => counts.waiting,
  active: ({ counts }: QueueOverview) => counts.active,
  delayed: ({ counts }: QueueOverview) => counts.delayed,
  completed: ({ counts }: QueueOverview) => counts.completed,
  failed: ({ counts }: QueueOverview) => counts.failed,
  rate: ({ completedPerSecond }: QueueOverview) => completedPerSecond,
  // Who waits longest comes last where the figures rise.
  oldest: ({ oldestWaitingAt }: QueueOverview) =>
    oldestWaitingAt === null ? 0 : Number.MAX_SAFE_INTEGER - Date.parse(oldestWaitingAt),
  workers: ({ workers }: QueueOverview) => workers ?? -1,
} as const;
type Figure = keyof typeof FIGURES;
const isFigure = (id: string): id is Figure => Object.hasOwn(FIGURES, id);

function matching(queues: readonly QueueOverview[], wanted: string): readonly QueueOverview[] {
  const text = wanted.trim().toLowerCase();
  return text === '' ? queues : queues.filter(({ name }) => name.toLowerCase().includes(text));
}

/** By a figure; those that are equal keep the order of their names. */
function ordered(queues: readonly QueueOverview[], sort: Sort | undefined): readonly QueueOverview[] {
  if (sort === undefined) return queues;
  const sign = sort.descending ? -1 : 1;
  const { columnId } = sort;
  if (!isFigure(columnId)) return sort.descending ? [...queues].reverse() : queues;
  const figure = FIGURES[columnId];
  return [...queues].sort((a, b) => sign * (figure(a) - figure(b)));
}

function useColumns(): readonly Column<QueueOverview>[] {
  const t = useOverviewText();
  return useMemo(() => {
    const amount = (id: Figure, width = 104): Column<QueueOverview> => ({
      id,
      header: t(`queues.${id}`),
      width,
      align: 'end',
      sortable: true,
      cell: (queue) => (
        <NumberText value={FIGURES[id](queue)} quietZero {...(id === 'rate' && { as: 'rate' })} />
      ),
    });
    return [
      {
        id: 'name',
        header: t('queues.queue'),
        width: 220,
        grow: true,
        sortable: true,
        cell: ({ name, paused }) => (
          <span className="flex min-w-0 items-center gap-2">
            <span className="truncate font-medium">{name}</span>
            {paused && (
              <Badge tone="warning" icon={Pause}>
                {t('queues.paused')}
              </Badge>
            )}
          </span>
        ),
      },
      {
        id: 'spark',
        header: t('queues.spark'),
        width: 130,
        cell: ({ name, spark }) => (
          <Sparkline
            values={spark.map(({ completed, failed }) => completed + failed)}
            label={t('queues.sparkLabel', { queue: name })}
            width={110}
          />
        ),
      },
      ...(['waiting', 'active', 'delayed', 'completed', 'failed'] as const).map((id) => amount(id)),
      amount('rate', 110),
      {
        ...amount('oldest', 130),
        cell: ({ oldestWaitingAt }) =>
          oldestWaitingAt === null ? (
            <span className="text-ink-3">{t('queues.none')}</span>
          ) : (
            <RelativeTime at={Date.parse(oldestWaitingAt)} />
          ),
      },
      {
        ...amount('workers'),
        cell: ({ workers }) =>
          workers === null ? (
            <span className="text-ink-3">{t('queues.unknownWorkers')}</span>
          ) : workers === 0 ? (
            <span className="text-ink-3">{t('queues.noWorkers')}</span>
          ) : (
            <NumberText value={workers} />
          ),
      },
    ];
  }, [t]);
}
