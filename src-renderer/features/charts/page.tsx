import { useNavigate, useSearch } from '@tanstack/react-router';
import { Columns2, FileDown, RotateCcw, ZoomIn, ZoomOut } from 'lucide-react';
import { type ReactNode, useCallback, useMemo } from 'react';
import { MOST_NAMED_BACKLOG, OTHER_NAMES, type ChartWanted, type ChartWindow } from '@shared/contract/charts';
import { queueTitle } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { useCommands } from '@renderer/commands';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, ErrorState, Notice, Page as PageFrame, useNow } from '@renderer/ui';
import { ChartGrid } from './chart-grid';
import { useChartSeries, useExport, useJobNames } from './queries';
import { type ChartsSearch, RANGES } from './search';
import { useChartsText } from './texts';
import { SubjectFields, TimeFields } from './toolbar';
import { WaitingCard } from './waiting-card';
import { fitted, moved, type Span, zoomed } from './zoom';

/** Up to this far back is now. */
const NOW_STEP_MS = 5_000;

/** What the queues did over time, of one queue or all, of one job name or all, and beside an earlier time. */
export function Page(): ReactNode {
  const t = useChartsText();
  const format = useFormat();
  const navigate = useNavigate({ from: '/charts' });
  const search = useSearch({ from: '/charts' });
  const { queue, name, range = '1h', from, to, compare } = search;
  const isZoomed = from !== undefined && to !== undefined && from < to;
  const window = useMemo(
    (): ChartWindow =>
      isZoomed
        ? { kind: 'between', from: new Date(from).toISOString(), to: new Date(to).toISOString() }
        : { kind: 'last', minutes: RANGES[range] },
    [isZoomed, from, to, range],
  );
  const wanted = useMemo(
    (): ChartWanted => ({
      ...(queue && { queue }),
      ...(name && { name }),
      ...(compare && { compare }),
      window,
    }),
    [queue, name, compare, window],
  );
  const { data, error, refetch } = useChartSeries(wanted);
  const tooMany = data?.tooMany ?? 0;
  const nameless = useJobNames(queue, window).data?.nameless ?? 0;
  const save = useExport();
  const now = useNow(NOW_STEP_MS);

  const change = useCallback(
    (next: Partial<ChartsSearch>) => void navigate({ search: (before) => ({ ...before, ...next }) }),
    [navigate],
  );
  const show = useCallback((span: Span) => change(fitted(span, Date.now())), [change]);
  const zoomTo = useCallback((start: number, end: number) => show({ from: start, to: end }), [show]);
  const span = (): Span =>
    isZoomed ? { from, to } : { from: Date.now() - RANGES[range] * 60_000, to: Date.now() };
  const zoom = (how: 'in' | 'out'): void => show(zoomed(span(), how, Date.now()));
  const move = (how: 'earlier' | 'later'): void => show(moved(span(), how, Date.now()));
  const back = (): void => change({ from: undefined, to: undefined });
  const isNow = !isZoomed || to >= now;
  const toggleCompare = (): void => change({ compare: compare === undefined ? 'day' : undefined });

  useCommands([
    {
      id: 'charts.in',
      title: t('commands.in'),
      section: 'page',
      shortcut: '=',
      icon: ZoomIn,
      run: () => zoom('in'),
    },
    {
      id: 'charts.out',
      title: t('commands.out'),
      section: 'page',
      shortcut: '-',
      icon: ZoomOut,
      run: () => zoom('out'),
    },
    {
      id: 'charts.earlier',
      title: t('commands.earlier'),
      section: 'page',
      shortcut: '[',
      run: () => move('earlier'),
    },
    {
      id: 'charts.later',
      title: t('commands.later'),
      section: 'page',
      shortcut: ']',
      when: () => !isNow,
      run: () => move('later'),
    },
    {
      id: 'charts.back',
      title: t('commands.back'),
      section: 'page',
      shortcut: '0',
      icon: RotateCcw,
      when: () => isZoomed,
      run: back,
    },
    {
      id: 'charts.compare',
      title: t('commands.compare'),
      section: 'page',
      shortcut: 'c',
      icon: Columns2,
      run: toggleCompare,
    },
    {
      id: 'charts.export',
      title: t('commands.export'),
      section: 'page',
      shortcut: 'e',
      icon: FileDown,
      run: () => save.mutate(wanted),
    },
  ]);

  const ofQueue = queue === undefined ? t('allQueues') : queueTitle(queue);
  const subject =
    name === undefined ? ofQueue : `${ofQueue}, ${name === OTHER_NAMES ? t('otherNames') : name}`;
  return (
    <PageFrame
      title={t('title')}
      hint={t('hint')}
      actions={
        <Button icon={FileDown} busy={save.isPending} onClick={() => save.mutate(wanted)}>
          {t('export')}
        </Button>
      }
      toolbar={<SubjectFields search={search} window={window} onChange={change} />}
    >
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <TimeFields
            range={isZoomed ? null : range}
            onRange={(next) => change({ range: next, from: undefined, to: undefined })}
            onZoom={zoom}
            onMove={move}
            isNow={isNow}
          />
          {isZoomed && (
            <Button size="sm" variant="ghost" icon={RotateCcw} onClick={back}>
              {t('back', { range: t(`ranges.${range}`) })}
            </Button>
          )}
          {data !== undefined && (
            <p className="tabular text-xs text-ink-3" role="status">
              {t('span', {
                from: format.dateTime(Date.parse(data.from)),
                to: format.dateTime(Date.parse(data.to)),
              })}{' '}
              {t('steps', { step: format.duration(data.stepSeconds * 1_000) })}
            </p>
          )}
          <p className="text-xs text-ink-3">{t('zoomHint')}</p>
        </div>
        {queue !== undefined && (
          <WaitingCard queue={queue} name={name} onName={(next) => change({ name: next })} />
        )}
        {name !== undefined && tooMany > 0 && (
          <Notice>{t('tooMany', { count: tooMany, most: format.number(MOST_NAMED_BACKLOG) })}</Notice>
        )}
        {name !== undefined && nameless > 0 && <Notice>{t('nameless', { count: nameless })}</Notice>}
        {error && !data ? (
          <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />
        ) : (
          <ChartGrid
            data={data}
            compare={compare}
            subject={subject}
            isNamed={name !== undefined}
            onZoom={zoomTo}
          />
        )}
      </div>
    </PageFrame>
  );
}
