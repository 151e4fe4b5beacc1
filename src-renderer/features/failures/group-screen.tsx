import { useNavigate } from '@tanstack/react-router';
import { ArrowLeft, FilePenLine, FileSpreadsheet, RotateCw, Trash2 } from 'lucide-react';
import type { FailureGroup } from '@shared/contract/failures';
import { queueTitle } from '@shared/domain/queues';
import type { QueueName } from '@shared/domain/queues';
import { CopyLink } from '@renderer/commands';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Card, ErrorState, type Property, PropertyList } from '@renderer/ui';
import type { FailedJobKey } from './actions';
import { useExport } from './export';
import { FailureTable } from './failure-table';
import { askFor } from './groups-table';
import type { OperationAsked } from '@renderer/operations/operation-dialog';
import { useFailureGroups, useFailures } from './queries';
import { useFailuresText } from './texts';

interface GroupScreenProps {
  cause: string;
  queue: QueueName | undefined;
  onBack: () => void;
  onAsk: (asked: OperationAsked) => void;
  onSome: (action: 'retry' | 'remove', jobs: readonly FailedJobKey[]) => Promise<void>;
}

/** One cause: what it hit, its jobs, and what can be done to all of them. */
export function GroupScreen({ cause, queue, onBack, onAsk, onSome }: GroupScreenProps) {
  const t = useFailuresText();
  const navigate = useNavigate();
  const groups = useFailureGroups(queue);
  const failures = useFailures(queue, cause);
  const save = useExport(queue);
  const format = useFormat();
  const group = groups.data?.groups.find((each) => each.cause === cause);
  if (failures.error) return <ErrorState error={failures.error} onRetry={failures.retry} size="page" />;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <div className="flex items-center gap-2">
        <Button size="sm" icon={ArrowLeft} onClick={onBack}>
          {t('group.back')}
        </Button>
      </div>
      {group !== undefined && (
        <Card
          title={group.title}
          hint={t('group.ofAll', { share: format.percent(group.share) })}
          actions={
            <>
              <CopyLink target={{ kind: 'failures', cause }} />
              <Button size="sm" icon={FileSpreadsheet} onClick={() => void save('xlsx', cause)}>
                {t('group.export')}
              </Button>
              <Button size="sm" icon={FilePenLine} onClick={() => onAsk(askFor('patch', group, queue))}>
                {t('group.patch')}
              </Button>
              <Button size="sm" icon={Trash2} onClick={() => onAsk(askFor('remove', group, queue))}>
                {t('group.remove')}
              </Button>
              <Button
                size="sm"
                variant="primary"
                icon={RotateCw}
                onClick={() => onAsk(askFor('retry', group, queue))}
              >
                {t('group.retry')}
              </Button>
            </>
          }
        >
          <GroupFacts group={group} />
        </Card>
      )}
      <FailureTable
        failures={failures}
        onSome={onSome}
        onOpen={(job) =>
          void navigate({ to: '/jobs', search: { queue: job.queue, state: job.state, job: job.id } })
        }
        emptyTitle={t('group.gone')}
        emptyAction={<Button onClick={onBack}>{t('group.back')}</Button>}
      />
    </div>
  );
}

/** What a cause hit, each with how often. */
function GroupFacts({ group }: { group: FailureGroup }) {
  const t = useFailuresText();
  const format = useFormat();
  const listed = (entries: readonly { readonly name: string; readonly count: number }[], more = 0): string =>
    entries.map(({ name, count }) => `${name} (${format.number(count)})`).join(', ') +
    (more > 0 ? ` +${format.number(more)}` : '');
  const named = (
    entries: readonly { readonly id: string; readonly label: string | null; readonly count: number }[],
    count: number,
  ): string =>
    listed(
      entries.map((entry) => ({ name: entry.label ?? entry.id, count: entry.count })),
      count - entries.length,
    );
  const at = (iso: string): string => format.dateTime(Date.parse(iso));
  const queues = group.queues.map(({ queue, count }) => ({ name: queueTitle(queue), count }));
  const properties: Property[] = [
    { label: t('group.count'), value: format.number(group.count) },
    {
      label: t('group.seen'),
      value: t('group.seenBetween', { first: at(group.firstSeen), last: at(group.lastSeen) }),
    },
    { label: t('group.queues'), value: listed(queues) },
    { label: t('group.names'), value: listed(group.names) },
  ];
  if (group.campaignCount > 0)
    properties.push({ label: t('group.campaignNames'), value: named(group.campaigns, group.campaignCount) });
  if (group.importCount > 0)
    properties.push({ label: t('group.imports'), value: named(group.imports, group.importCount) });
  return <PropertyList properties={properties} />;
}
