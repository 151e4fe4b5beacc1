import { useNavigate } from '@tanstack/react-router';
import { Megaphone, PanelRight, Pause, Play } from 'lucide-react';
import type { CampaignSummary } from '@shared/contract/campaigns';
import type { Channel } from '@shared/contract/templates';
import { useCopyLink, useRowCommands } from '@renderer/commands';
import { client } from '@renderer/platform/client';
import { ButtonLink, EmptyState, ErrorState, NumberText, Page, RelativeTime } from '@renderer/ui';
import { type Column, DataTable, TableFrame } from '@renderer/ui/table';
import { CampaignBadge } from './campaign-badge';
import { doneRecipients } from './figures';
import { useAction, useCampaigns } from './queries';
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
  const { run } = useAction();
  const link = useCopyLink();
  const open = (row: CampaignSummary): void => void navigate({ to: path, search: { id: row.id } });
  const rowCommands = useRowCommands<CampaignSummary>([
    { id: 'campaigns.row.open', title: t('actOn.open'), icon: PanelRight, group: 0, run: open },
    link.rowCommand('campaigns.row', ({ id }) => ({ kind: 'campaign', id })),
    {
      id: 'campaigns.row.pause',
      title: t('actOn.pause'),
      icon: Pause,
      shortcut: 'p',
      group: 1,
      when: ({ state }) => state === 'running' || state === 'launching',
      run: ({ id }) => void run(() => client.campaigns.pause({ campaignId: id })),
    },
    {
      id: 'campaigns.row.resume',
      title: t('actOn.resume'),
      icon: Play,
      shortcut: 'p',
      group: 1,
      when: ({ state }) => state === 'paused',
      run: ({ id }) => void run(() => client.campaigns.resume({ campaignId: id })),
    },
  ]);
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
          onOpen={open}
          {...rowCommands}
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
    { id: 'name', header: t('column.name'), width: 200, grow: true, cell: (row) => row.name },
    {
      id: 'state',
      header: t('column.state'),
      width: 140,
      cell: (row) => <CampaignBadge campaign={row} look="plain" />,
    },
    { id: 'channel', header: t('column.channel'), width: 92, cell: (row) => t(row.channel) },
    {
      id: 'done',
      header: t('column.done'),
      width: 70,
      align: 'end',
      cell: (row) =>
        row.recipients === 0 ? null : (
          <NumberText value={doneRecipients(row) / row.recipients} as="percent" digits={0} />
        ),
    },
    {
      id: 'recipients',
      header: t('column.recipients'),
      width: 96,
      align: 'end',
      cell: (row) => <NumberText value={row.recipients} />,
    },
    {
      id: 'failed',
      header: t('column.failed'),
      width: 84,
      align: 'end',
      cell: (row) => <NumberText value={row.counts.failed} quietZero />,
    },
    {
      id: 'rate',
      header: t('column.rate'),
      width: 84,
      align: 'end',
      cell: (row) => (row.perSecond === null ? null : <NumberText value={row.perSecond} as="rate" />),
    },
    {
      id: 'created',
      header: t('column.created'),
      width: 110,
      align: 'end',
      cell: (row) => <RelativeTime at={Date.parse(row.createdAt)} />,
    },
  ];
}
