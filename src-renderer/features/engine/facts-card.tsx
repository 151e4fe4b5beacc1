import type { ReactNode } from 'react';
import type { EngineFacts } from '@shared/contract/health';
import { useFormat } from '@renderer/i18n/use-format';
import { Card, DateTime, type Property, PropertyList, SkeletonLines } from '@renderer/ui';
import type { useEngine } from './queries';
import { useEngineText } from './texts';

type Report = ReturnType<typeof useEngine>['data'];

/** What the engine says of itself; what it has no figure for is not listed. */
export function FactsCard({ report }: { report: Report }): ReactNode {
  const t = useEngineText();
  const groups = useFactGroups(report);
  const facts = report?.facts;
  return (
    <Card title={t(`facts.title.${facts?.kind ?? 'redis'}`)}>
      {report === undefined ? (
        <SkeletonLines lines={4} />
      ) : (
        <div className="grid items-start gap-x-8 gap-y-4 md:grid-cols-3">
          {groups.map((properties, index) => (
            <PropertyList key={index} properties={properties} />
          ))}
        </div>
      )}
    </Card>
  );
}

/** In three columns: where and how fast, memory or disk, safety and load. */
function useFactGroups(report: Report): readonly (readonly Property[])[] {
  const t = useEngineText();
  const address: Property = { label: t('facts.address'), value: report?.label };
  const [speed, space, safety] = [useSpeed(), useSpace(), useSafety()];
  if (!report?.facts) return [[address]];
  const { facts } = report;
  return [[address, ...speed(facts)], space(facts), safety(facts)];
}

function useSpeed(): (facts: EngineFacts) => Property[] {
  const t = useEngineText();
  const format = useFormat();
  return ({ version, uptimeSeconds, latency, commandsPerSecond }) => [
    { label: t('facts.version'), value: version },
    ...given(uptimeSeconds, (seconds) => [t('facts.uptime'), format.duration(seconds * 1_000)]),
    ...given(latency, ({ medianMs, longestMs }) => [
      t('facts.latency'),
      t('facts.latencyValue', { median: format.duration(medianMs), longest: format.duration(longestMs) }),
    ]),
    ...given(commandsPerSecond, (rate) => [t('facts.commands'), format.rate(rate)]),
  ];
}

function useSpace(): (facts: EngineFacts) => Property[] {
  const t = useEngineText();
  const format = useFormat();
  return ({ memory, storageBytes }) => [
    ...given(memory.usedBytes, (bytes) => {
      const used = format.bytes(bytes);
      const { limitBytes } = memory;
      return [
        t('facts.memory'),
        limitBytes === null
          ? t('facts.memoryFree', { used })
          : t('facts.memoryOf', { used, limit: format.bytes(limitBytes) }),
      ];
    }),
    ...given(memory.peakBytes, (bytes) => [t('facts.peak'), format.bytes(bytes)]),
    ...given(memory.fragmentation, (ratio) => [t('facts.fragmentation'), format.number(ratio, 2)]),
    ...given(memory.evictionPolicy, (policy) => [t('facts.policy'), policy]),
    ...given(memory.evictedKeys, (keys) => [t('facts.evicted'), format.number(keys)]),
    ...given(storageBytes, (bytes) => [t('facts.storage'), format.bytes(bytes)]),
  ];
}

function useSafety(): (facts: EngineFacts) => Property[] {
  const t = useEngineText();
  const format = useFormat();
  return ({ persistence, lastSavedAt, clients, blockedClients }) => [
    { label: t('facts.persistence'), value: t(`facts.kinds.${persistence}`) },
    ...given(lastSavedAt, (at) => [t('facts.saved'), <DateTime key="saved" at={Date.parse(at)} />]),
    ...given(clients, (count) => [
      t('facts.clients'),
      t('facts.clientsValue', { count: format.number(count), blocked: format.number(blockedClients ?? 0) }),
    ]),
  ];
}

/** One line for a figure that the engine has; none otherwise. */
function given<T>(value: T | null, line: (value: T) => readonly [string, ReactNode]): Property[] {
  if (value === null) return [];
  const [label, shown] = line(value);
  return [{ label, value: shown }];
}
