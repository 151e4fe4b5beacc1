import { Cpu } from 'lucide-react';
import type { WorkerHost } from '@shared/contract/workers';
import { queueTitles } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import {
  Badge,
  Bytes,
  ButtonLink,
  Card,
  EmptyState,
  ErrorState,
  RelativeTime,
  SkeletonLines,
} from '@renderer/ui';
import { useWorkers } from './queries';
import { useOverviewText } from './texts';

/** Who works, where, and on what. */
export function WorkersCard() {
  const t = useOverviewText();
  const { data, error, refetch } = useWorkers();
  return (
    <Card title={t('workers.title')} hint={t('workers.hint')} padding="none">
      {error && !data ? (
        <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />
      ) : !data ? (
        <div className="p-4">
          <SkeletonLines lines={3} />
        </div>
      ) : data.hosts.length === 0 ? (
        <EmptyState
          icon={Cpu}
          title={t('workers.none')}
          description={t('workers.noneHint')}
          action={<ButtonLink to="/settings">{t('workers.settings')}</ButtonLink>}
        />
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-sm" aria-label={t('workers.table')}>
            <thead className="text-left text-xs text-ink-3">
              <tr className="border-b border-line">
                <th scope="col" className="py-2 pr-2 pl-4 font-medium">
                  {t('workers.process')}
                </th>
                <th scope="col" className="px-2 py-2 font-medium">
                  {t('workers.queues')}
                </th>
                <th scope="col" className="px-2 py-2 text-right font-medium">
                  {t('workers.memory')}
                </th>
                <th scope="col" className="px-2 py-2 text-right font-medium">
                  {t('workers.started')}
                </th>
                <th scope="col" className="py-2 pr-4 pl-2 text-right font-medium">
                  {t('workers.heartbeat')}
                </th>
              </tr>
            </thead>
            <tbody>
              {data.hosts.map((host) => (
                <HostRow key={host.id} host={host} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function HostRow({ host }: { host: WorkerHost }) {
  const t = useOverviewText();
  const kind = host.own ? 'own' : host.kind;
  return (
    <tr className="border-b border-line align-top last:border-b-0">
      <th scope="row" className="py-2 pr-2 pl-4 text-left font-normal whitespace-nowrap">
        <span className="font-medium">{t(`workers.${kind}`)}</span>
        <span className="block font-mono text-2xs text-ink-3">
          {host.host} · {host.pid} · v{host.version}
        </span>
      </th>
      <td className="px-2 py-2">
        <ul className="flex flex-wrap gap-1">
          {host.queues.map(({ queue, concurrency, running }) => (
            <li key={queue}>
              <Badge
                tone={running > 0 ? 'accent' : 'neutral'}
                title={t('workers.slots', { running, most: concurrency })}
              >
                {queueTitles[queue]} <span className="tabular">{`${running}/${concurrency}`}</span>
              </Badge>
            </li>
          ))}
        </ul>
      </td>
      <td className="px-2 py-2 text-right">
        <Bytes value={host.memoryBytes} />
      </td>
      <td className="px-2 py-2 text-right">
        <RelativeTime at={Date.parse(host.startedAt)} />
      </td>
      <td className="py-2 pr-4 pl-2 text-right">
        <RelativeTime at={Date.parse(host.heartbeatAt)} />
      </td>
    </tr>
  );
}
