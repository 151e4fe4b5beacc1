import type { Analytics, AnalyticsPart, AnalyticsRange } from '@shared/contract/activity';
import type { Download, TableFormat } from '@shared/contract/common';
import type { FileExchange } from '../../files/exchange';
import { offerTable, type TableRows } from '../../files/table-file';

type Cell = string | number | null;

interface Part {
  readonly header: readonly string[];
  readonly rows: (analytics: Analytics) => readonly (readonly Cell[])[];
}

const FIGURES = [
  'Jobs',
  'Completed',
  'Failed',
  'Cancelled',
  'Waiting or running',
  'Success rate',
  'Average ms',
];
const figures = (row: Analytics['byType'][number] | Analytics['byUser'][number]): readonly Cell[] => [
  ...[row.total, row.completed, row.failed, row.cancelled, row.running],
  ...[row.successRate, row.averageMs],
];

const parts: Readonly<Record<AnalyticsPart, Part>> = {
  byDay: {
    header: ['Day (UTC)', 'Completed', 'Failed', 'Cancelled'],
    rows: ({ byDay }) => byDay.map((row) => [row.day, row.completed, row.failed, row.cancelled]),
  },
  byType: {
    header: ['Type', ...FIGURES, 'p50 ms', 'p95 ms'],
    rows: ({ byType }) => byType.map((row) => [row.jobType, ...figures(row), row.p50Ms, row.p95Ms]),
  },
  byUser: {
    header: ['User', ...FIGURES],
    rows: ({ byUser }) => byUser.map((row) => [row.name ?? row.userId ?? '', ...figures(row)]),
  },
  causes: {
    header: ['Type', 'Cause', 'Jobs'],
    rows: ({ causes }) => causes.map((row) => [row.jobType, row.cause, row.jobs]),
  },
  slowest: {
    header: ['Job', 'Type', 'Status', 'User', 'Created', 'Duration ms', 'Campaign', 'Import'],
    rows: ({ slowest }) =>
      slowest.map((row) => [
        ...[row.jobId, row.jobType, row.status, row.userName, row.createdAt, row.durationMs],
        ...[row.campaignId, row.importId],
      ]),
  },
};

/** One table of the analytics as a spreadsheet. */
export function exportAnalytics(
  files: FileExchange,
  analytics: Analytics,
  { from, to, part, format }: AnalyticsRange & { readonly part: AnalyticsPart; readonly format: TableFormat },
): Promise<Download> {
  const { header, rows } = parts[part];
  async function* table(): TableRows {
    // Some hundred rows at most: a row a day of two years.
    yield await Promise.resolve([header, ...rows(analytics).map((row) => row.map((cell) => cell ?? ''))]);
  }
  const name = `Jobs ${from} to ${to}, ${header[0] ?? part}`;
  return offerTable(files, { name, sheet: part, widths: header.map(() => 20), rows: table() }, format);
}
