import { BellRing, SearchX } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { Incident, IncidentFilter } from '@shared/contract/alerts';
import type { IncidentId } from '@shared/domain/ids';
import { severityLooks, useIncidentTitle, useReading } from '@renderer/alerts/incident-words';
import { useAlerts } from '@renderer/alerts/live';
import { useAlertWords } from '@renderer/alerts/texts';
import { useFormat } from '@renderer/i18n/use-format';
import { wordsOf } from '@renderer/platform/failure';
import { useGrowingRows } from '@renderer/platform/use-growing-rows';
import { Badge, Button, ButtonLink, EmptyState, ErrorState, RelativeTime, useNow } from '@renderer/ui';
import { type Column, DataTable, TableFrame } from '@renderer/ui/table';
import { IncidentBadge, lastedMs } from './incident-state';
import { useIncidents } from './queries';
import { useAlertsText } from './texts';

interface IncidentsTableProps {
  readonly filter: IncidentFilter;
  readonly openId: IncidentId | undefined;
  readonly onOpen: (id: IncidentId) => void;
  readonly onClear: () => void;
}

const TICK_MS = 5_000;

/** What went wrong, newest first; what is open is shown as it is read at this moment. */
export function IncidentsTable({ filter, openId, onOpen, onClear }: IncidentsTableProps): ReactNode {
  const t = useAlertsText();
  const incidents = useIncidents(filter);
  const live = useAlerts();
  const rows = useMemo(() => {
    const known = new Map(live?.open.map((incident) => [incident.id, incident]));
    const kept = incidents.data?.pages.flatMap((page) => page.incidents) ?? [];
    return kept.map((incident) =>
      incident.resolvedAt === null ? (known.get(incident.id) ?? incident) : incident,
    );
  }, [incidents.data, live]);
  const source = useGrowingRows(rows, incidents);
  const columns = useIncidentColumns();
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if (incidents.error !== null && incidents.data === undefined)
    return (
      <ErrorState error={wordsOf(incidents.error)} onRetry={() => void incidents.refetch()} size="page" />
    );
  return (
    <TableFrame>
      <DataTable
        id="incidents"
        label={t('list.label')}
        columns={columns}
        source={source}
        rowId={({ id }) => id}
        openId={openId ?? null}
        onOpen={({ id }) => onOpen(id)}
        loading={incidents.data === undefined}
        empty={
          isFiltered ? (
            <EmptyState
              icon={SearchX}
              title={t('list.noMatch')}
              action={<Button onClick={onClear}>{t('filter.clear')}</Button>}
            />
          ) : (
            <EmptyState
              icon={BellRing}
              title={t('list.empty')}
              description={t('list.emptyHint')}
              action={
                <ButtonLink to="/alerts" search={{ tab: 'rules' }}>
                  {t('list.seeRules')}
                </ButtonLink>
              }
            />
          )
        }
      />
    </TableFrame>
  );
}

function useIncidentColumns(): readonly Column<Incident>[] {
  const t = useAlertsText();
  const words = useAlertWords();
  const format = useFormat();
  const titleOf = useIncidentTitle();
  const reading = useReading();
  const now = useNow(TICK_MS);
  return [
    {
      id: 'severity',
      header: t('list.severity'),
      width: 110,
      cell: ({ severity }) => (
        <Badge tone={severityLooks[severity].tone} icon={severityLooks[severity].icon}>
          {words(`severity.${severity}`)}
        </Badge>
      ),
    },
    {
      id: 'what',
      header: t('list.what'),
      width: 300,
      grow: true,
      cell: (incident) => (
        <span title={incident.detail ?? undefined}>
          <span className="font-medium">{titleOf(incident)}</span>
          {incident.detail !== null && <span className="text-ink-3"> · {incident.detail}</span>}
        </span>
      ),
    },
    {
      id: 'state',
      header: t('list.state'),
      width: 130,
      cell: (incident) => <IncidentBadge incident={incident} now={now} />,
    },
    { id: 'rule', header: t('list.rule'), width: 170, cell: ({ ruleName }) => ruleName },
    {
      id: 'peak',
      header: t('list.peak'),
      width: 100,
      align: 'end',
      cell: ({ kind, peak }) => reading(kind, peak),
    },
    {
      id: 'lasted',
      header: t('list.lasted'),
      width: 90,
      align: 'end',
      cell: (incident) => format.duration(lastedMs(incident, now)),
    },
    {
      id: 'began',
      header: t('list.began'),
      width: 120,
      align: 'end',
      cell: ({ beganAt }) => <RelativeTime at={Date.parse(beganAt)} />,
    },
  ];
}
