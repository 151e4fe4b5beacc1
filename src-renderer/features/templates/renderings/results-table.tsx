import { SearchX } from 'lucide-react';
import { useState } from 'react';
import type { RenderedContact, ResultFilter, TemplateRun } from '@shared/contract/template-runs';
import { Badge, Dialog, EmptyState, ErrorState, NumberText, PropertyList } from '@renderer/ui';
import { type Column, DataTable } from '@renderer/ui/table';
import { useTemplatesText } from '../texts';
import { useResults } from './queries';

interface ResultsTableProps {
  readonly run: TemplateRun;
  readonly filter: ResultFilter;
}

/** Every text as its recipient would get it; one opens whole. */
export function ResultsTable({ run, filter }: ResultsTableProps) {
  const t = useTemplatesText();
  const { source, loading, error, retry } = useResults(run, filter);
  const [open, setOpen] = useState<RenderedContact>();
  const columns = useColumns(run);
  if (error !== undefined) return <ErrorState error={error} onRetry={retry} />;
  return (
    <div className="flex h-[clamp(20rem,48vh,42rem)] border-t border-line">
      <DataTable<RenderedContact>
        id="template-results"
        label={t('results')}
        columns={columns}
        source={source}
        rowId={({ position }) => String(position)}
        loading={loading}
        onOpen={setOpen}
        empty={<EmptyState icon={SearchX} title={t(run.done === 0 ? 'notYet' : 'noneFound')} />}
      />
      <OpenResult row={open} onClose={() => setOpen(undefined)} />
    </div>
  );
}

function useColumns(run: TemplateRun): Column<RenderedContact>[] {
  const t = useTemplatesText();
  return [
    {
      id: 'recipient',
      header: t('recipient'),
      width: run.channel === 'email' ? 200 : 132,
      cell: ({ recipient }) => <span className="font-mono text-xs">{recipient}</span>,
    },
    { id: 'name', header: t('contactName'), width: 116, cell: ({ name }) => name },
    ...(run.channel === 'email'
      ? [
          {
            id: 'subject',
            header: t('subject'),
            width: 150,
            cell: ({ subject }: RenderedContact) => <bdi>{subject}</bdi>,
          },
        ]
      : []),
    { id: 'text', header: t('text'), width: 190, grow: true, cell: ({ text }) => <bdi>{text}</bdi> },
    { id: 'problems', header: t('problems'), width: 152, cell: (row) => <Problems row={row} /> },
    {
      id: 'length',
      header: t('characters'),
      width: 92,
      align: 'end',
      cell: ({ length, problems }) => (
        <span className={problems.includes('too_long') ? 'font-semibold text-danger-text' : undefined}>
          <NumberText value={length} />
        </span>
      ),
    },
  ];
}

function Problems({ row }: { row: RenderedContact }) {
  const t = useTemplatesText();
  return (
    <span className="flex gap-1">
      {row.problems.map((problem) => (
        <Badge key={problem} tone={problem === 'missing' ? 'warning' : 'danger'}>
          {problem === 'missing'
            ? t('without', { variable: row.missing.join(', ') })
            : t(`problem.${problem}`)}
        </Badge>
      ))}
    </span>
  );
}

interface OpenResultProps {
  readonly row: RenderedContact | undefined;
  readonly onClose: () => void;
}

function OpenResult({ row, onClose }: OpenResultProps) {
  const t = useTemplatesText();
  return (
    <Dialog
      open={row !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={row?.name ?? row?.recipient ?? t('problem.gone')}
    >
      {row && (
        <div className="flex flex-col gap-3">
          <PropertyList
            properties={[
              { label: t('recipient'), value: row.recipient ?? t('problem.no_address') },
              ...(row.subject === null ? [] : [{ label: t('subject'), value: row.subject }]),
              { label: t('characters'), value: <NumberText value={row.length} /> },
              ...(row.problems.length === 0 ? [] : [{ label: t('problems'), value: <Problems row={row} /> }]),
            ]}
          />
          <p
            dir="auto"
            className="max-h-[50vh] overflow-y-auto rounded-md border border-line bg-sunken p-3 text-sm break-words whitespace-pre-wrap"
          >
            {row.text}
          </p>
        </div>
      )}
    </Dialog>
  );
}
