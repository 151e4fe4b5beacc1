import { Eye, Inbox, RotateCw } from 'lucide-react';
import { useMemo, useState } from 'react';
import { EmptyState } from '../empty-state';
import { StateBadge, type StateName } from '../state-badge';
import { type Column, DataTable, emptySelection, type RowSource, type Selection, type Sort } from '../table';
import { Segmented } from '../tabs';
import { Duration, NumberText, RelativeTime } from '../values';

interface DemoJob {
  readonly id: string;
  readonly name: string;
  readonly state: StateName;
  readonly attempts: number;
  readonly ms: number;
  readonly at: number;
  readonly error: string;
}

const states: readonly StateName[] = ['completed', 'failed', 'active', 'waiting', 'delayed'];
const START = Date.now();

function job(index: number): DemoJob {
  const state = states[(index * 7) % states.length] ?? 'waiting';
  return {
    id: (index * 2_654_435_761).toString(16).slice(-8).padStart(8, '0'),
    name: index % 3 === 0 ? 'import-contacts' : 'send-bulk-message',
    state,
    attempts: (index % 3) + 1,
    ms: ((index * 137) % 9_000) + 12,
    at: START - index * 1_700,
    error: state === 'failed' ? 'Recipient is not a WhatsApp user (131026)' : '',
  };
}

const columns: readonly Column<DemoJob>[] = [
  { id: 'state', header: 'State', width: 120, cell: (row) => <StateBadge state={row.state} look="plain" /> },
  { id: 'id', header: 'Id', width: 110, cell: (row) => <span className="font-mono text-xs">{row.id}</span> },
  { id: 'name', header: 'Name', width: 170, sortable: true, cell: (row) => row.name },
  {
    id: 'error',
    header: 'Error',
    width: 200,
    grow: true,
    cell: (row) => <span className="text-ink-2">{row.error}</span>,
  },
  {
    id: 'attempts',
    header: 'Attempts',
    width: 100,
    align: 'end',
    sortable: true,
    cell: (row) => <NumberText value={row.attempts} />,
  },
  {
    id: 'ms',
    header: 'Run time',
    width: 110,
    align: 'end',
    sortable: true,
    cell: (row) => <Duration ms={row.ms} />,
  },
  {
    id: 'at',
    header: 'Finished',
    width: 130,
    align: 'end',
    sortable: true,
    cell: (row) => <RelativeTime at={row.at} />,
  },
];

const sizes = [
  { value: '1000000', label: '1,000,000' },
  { value: '40', label: '40' },
  { value: '0', label: 'None' },
  { value: 'loading', label: 'Loading' },
] as const;

export function TableGallery() {
  const [size, setSize] = useState<(typeof sizes)[number]['value']>('1000000');
  const [selection, setSelection] = useState<Selection>(emptySelection);
  const [sort, setSort] = useState<Sort | undefined>({ columnId: 'at', descending: true });
  const [openId, setOpenId] = useState<string | null>(null);
  const count = size === 'loading' ? 0 : Number(size);
  const source: RowSource<DemoJob> = useMemo(
    () => ({ count, row: (index) => (index < count ? job(index) : undefined) }),
    [count],
  );
  return (
    <div className="flex h-full min-h-96 flex-col gap-2">
      <div className="flex items-center gap-3">
        <Segmented label="Rows" options={sizes} value={size} onValueChange={setSize} />
        <span className="text-xs text-ink-3">
          {selection.size} selected · open: {openId ?? 'none'}
        </span>
      </div>
      <div className="flex min-h-0 flex-1 overflow-hidden rounded-lg border border-line">
        <DataTable
          id="gallery"
          label="Jobs"
          columns={columns}
          source={source}
          rowId={(row) => row.id}
          sort={sort}
          onSortChange={setSort}
          selection={selection}
          onSelectionChange={setSelection}
          openId={openId}
          onOpen={(row) => setOpenId(row.id)}
          contextMenu={(row) => [
            [
              { id: 'open', label: 'Open', icon: Eye, onSelect: () => setOpenId(row.id) },
              { id: 'retry', label: 'Retry', icon: RotateCw, onSelect: () => undefined },
            ],
          ]}
          loading={size === 'loading'}
          empty={
            <EmptyState
              icon={Inbox}
              title="No jobs in this state"
              description="Jobs appear here as soon as they are added."
            />
          }
        />
      </div>
    </div>
  );
}
