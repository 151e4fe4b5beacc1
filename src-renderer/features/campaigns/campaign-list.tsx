import { useNavigate } from '@tanstack/react-router';
import { Megaphone } from 'lucide-react';
import type { CampaignSummary } from '@shared/contract/campaigns';
import type { Channel } from '@shared/contract/templates';
import { ButtonLink, EmptyState, ErrorState, NumberText, Page, RelativeTime } from '@renderer/ui';
import { type Column, DataTable, TableFrame } from '@renderer/ui/table';
import { CampaignBadge } from './campaign-badge';
import { doneRecipients } from './figures';
import { useCampaigns } from './queries';
import { useCampaignsText } from './texts';

interface CampaignListProps {
  /** Only those of one channel. */
  readonly channel: Channel | undefined;
  readonly path: '/campaigns' | '/emails';
}

/** All campaigns, newest first, with how far each is. */
export function CampaignList({ channel, path }: CampaignListProps) {
  const t = useCampaignsText();
  const navigate = useNavigate();
  const { source, loading, error, retry } = useCampaigns(channel);
  const columns = useListColumns();
  const write = (
    <ButtonLink to="/compose" search={channel ? { channel } : {}} variant="primary">
      {t('write')}
    </ButtonLink>
  );
  return (
    <Page
      title={channel === 'email' ? t('emails') : t('title')}
      hint={channel === 'email' ? t('emailsHint') : t('hint')}
      actions={write}
      layout="fill"
    >
      {error && <ErrorState error={error} onRetry={retry} />}
      <TableFrame>
        <DataTable
          id="campaigns"
          label={t('title')}
          columns={columns}
          source={source}
          rowId={(row) => row.id}
          loading={loading}
          onOpen={(row) => void navigate({ to: path, search: { id: row.id } })}
          empty={
            <EmptyState
              icon={Megaphone}
              title={t('empty')}
              description={t('emptyHint')}
              action={write}
              size="page"
            />
          }
        />
      </TableFrame>
    </Page>
  );
}

function useListColumns(): readonly Column<CampaignSummary>[] {
  const t = useCampaignsText();
  return [
    { id: 'name', header: t('column.name'), width: 240, grow: true, cell: (row) => row.name },
    {
      id: 'state',
      header: t('column.state'),
      width: 150,
      cell: (row) => <CampaignBadge campaign={row} look="plain" />,
    },
    { id: 'channel', header: t('column.channel'), width: 100, cell: (row) => t(row.channel) },
    {
      id: 'done',
      header: t('column.done'),
      width: 80,
      align: 'end',
      cell: (row) =>
        row.recipients === 0 ? null : (
          <NumberText value={doneRecipients(row) / row.recipients} as="percent" digits={0} />
        ),
    },
    {
      id: 'recipients',
      header: t('column.recipients'),
      width: 110,
      align: 'end',
      cell: (row) => <NumberText value={row.recipients} />,
    },
    {
      id: 'failed',
      header: t('column.failed'),
      width: 90,
      align: 'end',
      cell: (row) => <NumberText value={row.counts.failed} quietZero />,
    },
    {
      id: 'rate',
      header: t('column.rate'),
      width: 90,
      align: 'end',
      cell: (row) => (row.perSecond === null ? null : <NumberText value={row.perSecond} as="rate" />),
    },
    {
      id: 'created',
      header: t('column.created'),
      width: 120,
      align: 'end',
      cell: (row) => <RelativeTime at={Date.parse(row.createdAt)} />,
    },
  ];
}
