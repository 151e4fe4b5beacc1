import { Users } from 'lucide-react';
import { type Delivery, DeliveryState } from '@shared/contract/campaigns';
import { Card, EmptyState, ErrorState, NumberText, RelativeTime, Select, StateBadge } from '@renderer/ui';
import { type Column, DataTable, type Selection } from '@renderer/ui/table';
import { useDeliveries } from './queries';
import { useCampaignsText } from './texts';

interface DeliveriesProps {
  readonly campaignId: string;
  readonly state: DeliveryState | undefined;
  readonly onState: (state: DeliveryState | undefined) => void;
  readonly chosen: Selection;
  readonly onChosen: (chosen: Selection) => void;
}

const ALL = 'all';

/** Every recipient of the campaign and what came of it. Unknown ones can be selected, to be resolved. */
export function Deliveries({ campaignId, state, onState, chosen, onChosen }: DeliveriesProps) {
  const t = useCampaignsText();
  const { source, loading, error, retry } = useDeliveries({ campaignId, state });
  const columns = useDeliveryColumns();
  return (
    <Card
      title={t('deliveries.title')}
      padding="none"
      actions={
        <div className="w-44">
          <Select
            label={t('deliveries.filter')}
            labelHidden
            size="sm"
            value={state ?? ALL}
            onValueChange={(value) => onState(DeliveryState.options.find((each) => each === value))}
            options={[
              { value: ALL, label: t('deliveries.all') },
              ...DeliveryState.options.map((value) => ({ value, label: t(`state.${value}`) })),
            ]}
          />
        </div>
      }
    >
      {error && <ErrorState error={error} onRetry={retry} />}
      <div className="flex h-96 min-h-0">
        <DataTable
          key={state ?? ALL}
          id="deliveries"
          label={t('deliveries.title')}
          columns={columns}
          source={source}
          rowId={(row) => row.id}
          loading={loading}
          {...(state === 'unknown' && { selection: chosen, onSelectionChange: onChosen })}
          empty={<EmptyState icon={Users} title={t('deliveries.none')} />}
        />
      </div>
    </Card>
  );
}

function useDeliveryColumns(): readonly Column<Delivery>[] {
  const t = useCampaignsText();
  return [
    {
      id: 'recipient',
      header: t('deliveries.address'),
      width: 190,
      cell: (row) => <span className="font-mono text-xs">{row.recipient}</span>,
    },
    { id: 'name', header: t('deliveries.name'), width: 170, cell: (row) => row.name },
    {
      id: 'state',
      header: t('deliveries.state'),
      width: 140,
      cell: (row) => <StateBadge state={row.state} look="plain" />,
    },
    {
      id: 'attempts',
      header: t('deliveries.attempts'),
      width: 90,
      align: 'end',
      cell: (row) => <NumberText value={row.attempts} quietZero />,
    },
    {
      id: 'reason',
      header: t('deliveries.reason'),
      width: 220,
      grow: true,
      cell: (row) => <span className="text-ink-2">{row.reason ?? row.errorCode}</span>,
    },
    {
      id: 'provider',
      header: t('deliveries.provider'),
      width: 170,
      cell: (row) => <span className="font-mono text-xs text-ink-3">{row.providerMessageId}</span>,
    },
    {
      id: 'updated',
      header: t('deliveries.updated'),
      width: 110,
      align: 'end',
      cell: (row) => <RelativeTime at={Date.parse(row.updatedAt)} />,
    },
  ];
}
