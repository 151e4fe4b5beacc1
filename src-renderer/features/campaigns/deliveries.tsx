import { Download, Users, X } from 'lucide-react';
import { type CampaignDetail, type Delivery, DeliveryState } from '@shared/contract/campaigns';
import { TableFormat } from '@shared/contract/common';
import type { DeliveryId } from '@shared/domain/ids';
import {
  Button,
  Card,
  EmptyState,
  ErrorState,
  Menu,
  NumberText,
  RelativeTime,
  Select,
  StateBadge,
  SearchField,
} from '@renderer/ui';
import { type Column, DataTable, type Selection } from '@renderer/ui/table';
import { DeliveryPanel } from './delivery-panel';
import { type DeliveryFilter, useDeliveries, useExportDeliveries } from './queries';
import { useCampaignsText } from './texts';

/** Which recipients are listed, and which one is open beside the list. */
export interface ShownDeliveries {
  readonly state?: DeliveryState | undefined;
  readonly code?: string | undefined;
  readonly search?: string | undefined;
  readonly recipient?: DeliveryId | undefined;
}

interface DeliveriesProps {
  readonly campaign: CampaignDetail;
  readonly shown: ShownDeliveries;
  readonly onShow: (shown: ShownDeliveries) => void;
  readonly chosen: Selection;
  readonly onChosen: (chosen: Selection) => void;
}

const ALL = 'all';

/** Every recipient of the campaign and what came of it. Unknown ones can be selected, to be resolved. */
export function Deliveries({ campaign, shown, onShow, chosen, onChosen }: DeliveriesProps) {
  const t = useCampaignsText();
  const { state, code, search, recipient } = shown;
  const filter = { campaignId: campaign.id, state, code, search };
  const { source, loading, error, retry } = useDeliveries(filter);
  const columns = useDeliveryColumns();
  return (
    <Card
      title={t('deliveries.title')}
      padding="none"
      actions={<ListActions filter={filter} shown={shown} onShow={onShow} />}
    >
      {error && <ErrorState error={error} onRetry={retry} />}
      <div className="relative flex h-112 min-h-0">
        <DataTable
          key={`${state ?? ALL} ${code ?? ''} ${search ?? ''}`}
          id="deliveries"
          label={t('deliveries.title')}
          columns={columns}
          source={source}
          rowId={(row) => row.id}
          loading={loading}
          openId={recipient}
          onOpen={(row) => onShow({ state, code, search, recipient: row.id })}
          {...(state === 'unknown' && { selection: chosen, onSelectionChange: onChosen })}
          empty={
            <EmptyState
              icon={Users}
              title={t(search === undefined ? 'deliveries.none' : 'deliveries.notFound')}
            />
          }
        />
        {recipient !== undefined && (
          <DeliveryPanel
            key={recipient}
            campaign={campaign}
            deliveryId={recipient}
            onClose={() => onShow({ state, code, search })}
          />
        )}
      </div>
    </Card>
  );
}

interface ListActionsProps extends Pick<DeliveriesProps, 'shown' | 'onShow'> {
  readonly filter: DeliveryFilter;
}

function ListActions({ filter, shown, onShow }: ListActionsProps) {
  const t = useCampaignsText();
  const { busy, download } = useExportDeliveries(filter);
  const { state, code, search } = shown;
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      <div className="w-64">
        <SearchField
          label={t('deliveries.search')}
          text={search ?? ''}
          onSearch={(next) => onShow({ state, code, search: next === '' ? undefined : next })}
        />
      </div>
      {code !== undefined && (
        <Button size="sm" icon={X} onClick={() => onShow({ state, search })}>
          {t('deliveries.onlyCode', { code })}
        </Button>
      )}
      <div className="w-44">
        <Select
          label={t('deliveries.filter')}
          labelHidden
          size="sm"
          value={state ?? ALL}
          onValueChange={(value) =>
            onShow({ state: DeliveryState.options.find((each) => each === value), code, search })
          }
          options={[
            { value: ALL, label: t('deliveries.all') },
            ...DeliveryState.options.map((value) => ({ value, label: t(`state.${value}`) })),
          ]}
        />
      </div>
      <Menu
        align="end"
        groups={[
          TableFormat.options.map((format) => ({
            id: format,
            label: t(`deliveries.export.${format}`),
            onSelect: () => void download(format),
          })),
        ]}
      >
        <Button size="sm" icon={Download} busy={busy}>
          {t('deliveries.export.open')}
        </Button>
      </Menu>
    </div>
  );
}

function useDeliveryColumns(): readonly Column<Delivery>[] {
  const t = useCampaignsText();
  return [
    {
      id: 'recipient',
      header: t('deliveries.address'),
      width: 176,
      cell: (row) => <span className="font-mono text-xs">{row.recipient}</span>,
    },
    { id: 'name', header: t('deliveries.name'), width: 128, cell: (row) => row.name },
    {
      id: 'state',
      header: t('deliveries.state'),
      width: 132,
      cell: (row) => <StateBadge state={row.state} look="plain" />,
    },
    {
      id: 'attempts',
      header: t('deliveries.attempts'),
      width: 84,
      align: 'end',
      cell: (row) => <NumberText value={row.attempts} quietZero />,
    },
    {
      id: 'reason',
      header: t('deliveries.reason'),
      width: 196,
      grow: true,
      cell: (row) => <span className="text-ink-2">{row.reason ?? row.errorCode}</span>,
    },
    {
      id: 'provider',
      header: t('deliveries.provider'),
      width: 92,
      cell: (row) => <span className="font-mono text-xs text-ink-3">{row.providerMessageId}</span>,
    },
    {
      id: 'updated',
      header: t('deliveries.updated'),
      width: 112,
      align: 'end',
      cell: (row) => <RelativeTime at={Date.parse(row.updatedAt)} />,
    },
  ];
}
