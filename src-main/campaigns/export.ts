import type { Download, TableFormat } from '@shared/contract/common';
import type { FileExchange } from '../files/exchange';
import { offerTable, TABLE_BATCH_ROWS, type TableRows } from '../files/table-file';
import type { XlsxCell } from '../files/xlsx-writer';
import { prepareMessage } from './message';
import type { CampaignRow } from './repository';
import type { DeliveryFilter, DeliveryRecordRow, ReportRepository } from './reports/repository';
import { deliveryOf } from './view';

const HEADER = [
  'Address',
  'Name',
  'State',
  'Reason',
  'Code',
  'Attempts',
  'Accepted',
  'Delivered',
  'Read',
  'Failed',
  'Provider id',
];
const WIDTHS = [20, 22, 14, 60, 12, 9, 20, 20, 20, 20, 40];
const VALUE_WIDTH = 18;

/** The recipients that a filter shows, one a row, with the frozen value of every variable: ready to be mended and imported. */
export function exportDeliveries(
  { files, reports }: { readonly files: FileExchange; readonly reports: ReportRepository },
  campaign: CampaignRow,
  filter: DeliveryFilter,
  format: TableFormat,
): Promise<Download> {
  const prepared = prepareMessage(campaign.message);
  const variables = prepared.ok ? prepared.value.variables.map(({ name }) => name) : [];
  const { states = [], errorCode, search } = filter;
  const which = [...states, errorCode, search].filter((each) => each !== undefined);
  return offerTable(
    files,
    {
      name: [campaign.name, which.length === 0 ? 'recipients' : which.join(' ')].join(' - '),
      sheet: 'Recipients',
      widths: [...WIDTHS, ...variables.map(() => VALUE_WIDTH)],
      rows: rows(reports, campaign, filter, variables),
    },
    format,
  );
}

async function* rows(
  reports: ReportRepository,
  campaign: CampaignRow,
  filter: DeliveryFilter,
  variables: readonly string[],
): TableRows {
  yield [[...HEADER, ...variables]];
  for (let after: string | null = null; ;) {
    const part: readonly DeliveryRecordRow[] = await reports.deliveriesAfter(
      campaign.id,
      filter,
      after,
      TABLE_BATCH_ROWS,
    );
    if (part.length === 0) return;
    yield part.map((row) => cells(campaign, row, variables));
    after = part.at(-1)?.id ?? null;
  }
}

function cells(campaign: CampaignRow, row: DeliveryRecordRow, variables: readonly string[]): XlsxCell[] {
  const { recipient, name, state, reason, errorCode, attempts, providerMessageId } = deliveryOf(
    campaign,
    row,
  );
  return [
    recipient,
    name,
    state,
    reason,
    errorCode,
    attempts,
    ...[row.acceptedAt, row.deliveredAt, row.readAt, row.failedAt].map((at) => at?.toISOString() ?? null),
    providerMessageId,
    ...variables.map((variable) => row.parameters[variable] ?? null),
  ];
}
