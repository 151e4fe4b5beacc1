import type { ReactNode } from 'react';
import type { Analytics, JobLogStatus, SlowJob } from '@shared/contract/activity';
import { useFormat } from '@renderer/i18n/use-format';
import { Badge, Button, DateTime, Duration, Link, NumberText } from '@renderer/ui';
import { type FigureColumn, FigureTable } from './figure-table';
import { titleOf } from './job-type';
import { statusTones } from './status-tones';
import { useActivityText } from './texts';

type TypeRow = Analytics['byType'][number];
type UserRow = Analytics['byUser'][number];
type CauseRow = Analytics['causes'][number];

const time = (ms: number | null): ReactNode => (ms === null ? '–' : <Duration ms={ms} />);
const share = (value: number | null): ReactNode =>
  value === null ? '–' : <NumberText value={value} as="percent" digits={1} />;

/** Opens the history at what a figure counts. */
function Drill({ name, onShow, children }: { name: string; onShow: () => void; children: ReactNode }) {
  const t = useActivityText();
  return (
    // Its text stands where the other cells' does.
    <span className="-mx-2">
      <Button
        size="sm"
        variant="ghost"
        aria-label={t('showOf', { name })}
        title={t('showThese')}
        onClick={onShow}
      >
        {children}
      </Button>
    </span>
  );
}

function useFigureColumns<T extends UserRow | TypeRow>(): readonly FigureColumn<T>[] {
  const t = useActivityText();
  const count = (id: 'total' | 'completed' | 'failed' | 'running'): FigureColumn<T> => ({
    id,
    header: t(id),
    cell: (row) => <NumberText value={row[id]} quietZero />,
  });
  return [
    ...(['total', 'completed', 'failed', 'running'] as const).map(count),
    { id: 'rate', header: t('rate'), cell: (row) => share(row.successRate) },
    { id: 'average', header: t('averageTime'), cell: (row) => time(row.averageMs) },
  ];
}

interface TypeTableProps {
  readonly rows: readonly TypeRow[];
  readonly actions: ReactNode;
  readonly onShow: (type: string, status: JobLogStatus | undefined) => void;
}

export function TypeTable({ rows, actions, onShow }: TypeTableProps) {
  const t = useActivityText();
  const figures = useFigureColumns<TypeRow>();
  return (
    <FigureTable
      title={t('byType')}
      actions={actions}
      rows={rows}
      rowKey={({ jobType }) => jobType}
      columns={[
        {
          id: 'type',
          header: t('type'),
          align: 'start',
          cell: ({ jobType }) => (
            <Drill name={titleOf(jobType)} onShow={() => onShow(jobType, undefined)}>
              {titleOf(jobType)}
            </Drill>
          ),
        },
        ...figures,
        { id: 'p50', header: t('p50'), cell: ({ p50Ms }) => time(p50Ms) },
        { id: 'p95', header: t('p95'), cell: ({ p95Ms }) => time(p95Ms) },
      ]}
    />
  );
}

interface UserTableProps {
  readonly rows: readonly UserRow[];
  readonly actions: ReactNode;
  readonly onShow: (user: NonNullable<UserRow['userId']>) => void;
}

export function UserTable({ rows, actions, onShow }: UserTableProps) {
  const t = useActivityText();
  const figures = useFigureColumns<UserRow>();
  return (
    <FigureTable
      title={t('byUser')}
      actions={actions}
      rows={rows}
      rowKey={({ userId }) => userId ?? ''}
      columns={[
        {
          id: 'user',
          header: t('user'),
          align: 'start',
          cell: ({ userId, name }) =>
            userId === null ? (
              <span className="text-ink-2">{t('nobody')}</span>
            ) : (
              <Drill name={name ?? userId} onShow={() => onShow(userId)}>
                {name ?? userId}
              </Drill>
            ),
        },
        ...figures.filter(({ id }) => id !== 'running'),
      ]}
    />
  );
}

interface CauseTableProps {
  readonly rows: readonly CauseRow[];
  /** All that failed, for the share. */
  readonly failed: number;
  readonly actions: ReactNode;
  readonly onShow: (type: string, cause: string) => void;
}

export function CauseTable({ rows, failed, actions, onShow }: CauseTableProps) {
  const t = useActivityText();
  return (
    <FigureTable
      title={t('causes')}
      hint={t('causesHint')}
      actions={actions}
      rows={rows}
      rowKey={({ jobType, cause }) => `${jobType} ${cause}`}
      none={t('noCauses')}
      columns={[
        {
          id: 'cause',
          header: t('cause'),
          align: 'start',
          cell: ({ jobType, cause }) => (
            <Drill name={`${titleOf(jobType)}, ${cause}`} onShow={() => onShow(jobType, cause)}>
              {cause}
            </Drill>
          ),
        },
        {
          id: 'type',
          header: t('type'),
          align: 'start',
          cell: ({ jobType }) => titleOf(jobType),
        },
        { id: 'jobs', header: t('total'), cell: ({ jobs }) => <NumberText value={jobs} /> },
        { id: 'share', header: t('share'), cell: ({ jobs }) => share(failed === 0 ? null : jobs / failed) },
      ]}
    />
  );
}

export function SlowestTable({ rows, actions }: { rows: readonly SlowJob[]; actions: ReactNode }) {
  const t = useActivityText();
  const format = useFormat();
  return (
    <FigureTable
      title={t('slowest')}
      actions={actions}
      rows={rows}
      rowKey={({ id }) => id}
      none={t('noSlowest')}
      columns={[
        {
          id: 'took',
          header: t('atWork'),
          align: 'start',
          cell: ({ durationMs }) => <span className="font-medium">{format.duration(durationMs)}</span>,
        },
        { id: 'type', header: t('type'), align: 'start', cell: ({ jobType }) => titleOf(jobType) },
        {
          id: 'job',
          header: t('job'),
          align: 'start',
          cell: ({ queue, jobId }) => (
            <span className="font-mono text-xs">
              {queue === null ? (
                jobId
              ) : (
                <Link to="/jobs" search={{ queue, job: jobId }}>
                  {jobId}
                </Link>
              )}
            </span>
          ),
        },
        { id: 'of', header: t('origin'), align: 'start', cell: (row) => <Origin job={row} /> },
        {
          id: 'status',
          header: t('status'),
          align: 'start',
          cell: ({ status }) => <Badge tone={statusTones[status]}>{t(`statuses.${status}`)}</Badge>,
        },
        { id: 'user', header: t('user'), align: 'start', cell: ({ userName }) => userName ?? '–' },
        {
          id: 'created',
          header: t('created'),
          cell: ({ createdAt }) => <DateTime at={new Date(createdAt)} />,
        },
      ]}
    />
  );
}

/** The campaign or import that a job belonged to. */
function Origin({ job: { campaignId, importId } }: { job: SlowJob }) {
  const t = useActivityText();
  if (campaignId !== null)
    return (
      <Link to="/campaigns" search={{ id: campaignId }}>
        {t('campaign')}
      </Link>
    );
  if (importId === null) return null;
  return (
    <Link to="/import" search={{ id: importId }}>
      {t('import')}
    </Link>
  );
}
