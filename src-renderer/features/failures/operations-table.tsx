import { FileText, ListChecks, Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Operation } from '@shared/contract/operations';
import { queueTitle } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import { Badge, Button, Dialog, EmptyState, ErrorState, RelativeTime, SkeletonLines } from '@renderer/ui';
import { type Column, DataTable, rowsOf, TableFrame } from '@renderer/ui/table';
import { useOperationActions, useOperationHistory, useReport } from '@renderer/operations/operation-queries';
import { useOperationsText } from '@renderer/operations/operations-texts';

const tones = {
  held: 'neutral',
  running: 'accent',
  watching: 'warning',
  completed: 'success',
  cancelled: 'neutral',
  stopped: 'danger',
} as const;

/** What was done to many jobs, newest first, with each one's report and the way back. */
export function OperationsTable() {
  const t = useOperationsText();
  const history = useOperationHistory();
  const [reported, setReported] = useState<Operation | null>(null);
  const columns = useOperationColumns(setReported);
  if (history.isError)
    return (
      <ErrorState error={toAppError(history.error)} onRetry={() => void history.refetch()} size="page" />
    );
  return (
    <>
      <TableFrame>
        <DataTable
          id="operations"
          label={t('history')}
          columns={columns}
          source={rowsOf(history.data?.operations ?? [])}
          rowId={({ id }) => id}
          onOpen={setReported}
          loading={history.data === undefined}
          empty={<EmptyState icon={ListChecks} title={t('empty')} description={t('emptyHint')} />}
        />
      </TableFrame>
      {reported !== null && <ReportDialog operation={reported} onClose={() => setReported(null)} />}
    </>
  );
}

function useOperationColumns(onReport: (operation: Operation) => void): readonly Column<Operation>[] {
  const t = useOperationsText();
  const format = useFormat();
  const { undo } = useOperationActions();
  return useMemo(
    () => [
      { id: 'what', header: t('column.what'), width: 130, cell: ({ action }) => t(`title.${action.type}`) },
      {
        id: 'reason',
        header: t('column.reason'),
        width: 220,
        grow: true,
        cell: ({ reason, problem }) => (
          <span title={problem ?? reason}>
            {reason}
            {problem !== null && <span className="text-danger-text"> · {problem}</span>}
          </span>
        ),
      },
      {
        id: 'state',
        header: t('column.state'),
        width: 160,
        cell: ({ state }) => <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>,
      },
      {
        id: 'done',
        header: t('column.done'),
        width: 120,
        align: 'end',
        cell: ({ done, total }) => `${format.number(done)} / ${format.number(total)}`,
      },
      {
        id: 'left',
        header: t('column.left'),
        width: 70,
        align: 'end',
        cell: ({ left }) => format.number(left),
      },
      { id: 'by', header: t('column.by'), width: 110, cell: ({ startedBy }) => startedBy },
      {
        id: 'at',
        header: t('column.at'),
        width: 120,
        align: 'end',
        cell: ({ createdAt }) => <RelativeTime at={Date.parse(createdAt)} />,
      },
      {
        id: 'actions',
        header: '',
        width: 190,
        align: 'end',
        cell: (operation) => (
          <span className="flex justify-end gap-1">
            {operation.undo !== null && (
              <Button size="sm" icon={Undo2} onClick={() => void undo(operation.id)}>
                {t('undo')}
              </Button>
            )}
            {operation.left > 0 && (
              <Button size="sm" icon={FileText} onClick={() => onReport(operation)}>
                {t('report')}
              </Button>
            )}
          </span>
        ),
      },
    ],
    [format, onReport, t, undo],
  );
}

function ReportDialog({ operation, onClose }: { operation: Operation; onClose: () => void }) {
  const t = useOperationsText();
  const format = useFormat();
  const report = useReport(operation.id);
  const { undo } = operation;
  return (
    <Dialog
      open
      width="lg"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t(operation.left > 0 ? 'reportTitle' : 'report')}
      description={`${t(`title.${operation.action.type}`)}: ${operation.reason}`}
    >
      {undo !== null && (
        <p className="pb-3 text-sm text-ink-2">
          {t('undoHint', { count: undo.jobs, until: format.dateTime(Date.parse(undo.until)) })}
        </p>
      )}
      {report.data === undefined ? (
        <SkeletonLines lines={4} />
      ) : report.data.rows.length === 0 ? (
        <p className="text-sm text-ink-2">{doneWords(operation, t, format)}</p>
      ) : (
        <>
          {report.data.total > report.data.rows.length && (
            <p className="pb-2 text-xs text-ink-3">
              {t('reportMore', {
                shown: format.number(report.data.rows.length),
                total: format.number(report.data.total),
              })}
            </p>
          )}
          <ul className="divide-y divide-line rounded-md border border-line text-sm">
            {report.data.rows.map((row) => (
              <li key={`${row.queue}:${row.jobId}`} className="flex gap-3 px-3 py-1.5">
                <span className="w-36 shrink-0 truncate text-ink-2">{queueTitle(row.queue)}</span>
                <span className="w-48 shrink-0 truncate font-mono text-xs">{row.jobId}</span>
                <span className="min-w-0 flex-1">{row.message}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

/** What is said where no job was left: one that was called off has not come to all. */
function doneWords(
  { state, done, total }: Operation,
  t: ReturnType<typeof useOperationsText>,
  format: ReturnType<typeof useFormat>,
): string {
  if (state !== 'cancelled') return t('reportNone');
  return done === 0
    ? t('calledOffWhole')
    : t('calledOffPart', { done: format.number(done), total: format.number(total) });
}
