import { Cpu } from 'lucide-react';
import { memo } from 'react';
import type { ForeignWorker, WorkerHost } from '@shared/contract/workers';
import { queueTitle } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { HostJobs } from './host-jobs';
import {
  Badge,
  Bytes,
  ButtonLink,
  Card,
  cx,
  EmptyState,
  ErrorState,
  RelativeTime,
  SkeletonLines,
} from '@renderer/ui';
import { useWorkers } from './queries';
import { useOverviewText } from './texts';

/** Who works, where, and on what. */
export const WorkersCard = memo(function WorkersCard() {
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
      {data?.foreign && data.foreign.length > 0 && <ForeignWorkers workers={data.foreign} />}
    </Card>
  );
});

function ForeignWorkers({ workers }: { workers: readonly ForeignWorker[] }) {
  const t = useOverviewText();
  return (
    <div className="border-t border-line">
      <p className="px-4 pt-3 text-sm font-medium">{t('workers.foreign')}</p>
      <p className="px-4 text-xs text-ink-3">{t('workers.foreignHint')}</p>
      <div className="max-h-64 overflow-auto" tabIndex={0} role="region" aria-label={t('workers.foreign')}>
        <table className="w-full text-sm" aria-label={t('workers.foreign')}>
          <thead className="text-left text-xs text-ink-3">
            <tr className="border-b border-line">
              {(['name', 'queue', 'address'] as const).map((head) => (
                <th key={head} scope="col" className="px-2 py-2 font-medium first:pl-4">
                  {t(`workers.${head}`)}
                </th>
              ))}
              <th scope="col" className="py-2 pr-4 pl-2 text-right font-medium">
                {t('workers.since')}
              </th>
            </tr>
          </thead>
          <tbody>
            {workers.map(({ queue, name, address, connectedAt }) => (
              <tr key={`${queue} ${address}`} className="border-b border-line last:border-b-0">
                <th scope="row" className="py-2 pr-2 pl-4 text-left font-medium">
                  {name ?? <span className="font-normal text-ink-3">{t('workers.noName')}</span>}
                </th>
                <td className="px-2 py-2">{queue}</td>
                <td className="px-2 py-2 font-mono text-xs">{address}</td>
                <td className="py-2 pr-4 pl-2 text-right">
                  <RelativeTime at={Date.parse(connectedAt)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function HostRow({ host }: { host: WorkerHost }) {
  const t = useOverviewText();
  const kind = host.own ? 'own' : host.kind;
  const isAtWork = host.jobs.length > 0;
  return (
    <>
      <tr className={cx('align-top', !isAtWork && 'border-b border-line last:border-b-0')}>
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
                  {queueTitle(queue)} <span className="tabular">{`${running}/${concurrency}`}</span>
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
      {isAtWork && (
        <tr className="border-b border-line last:border-b-0">
          <td colSpan={5} className="pb-2 pl-4">
            <HostJobs host={host} />
          </td>
        </tr>
      )}
    </>
  );
}
