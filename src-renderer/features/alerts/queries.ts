import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { AlertRule, AlertRuleInput, IncidentFilter } from '@shared/contract/alerts';
import type { AlertRuleId, IncidentId } from '@shared/domain/ids';
import { useAlerts } from '@renderer/alerts/live';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { showToast } from '@renderer/ui';
import { useAlertsText } from './texts';

const PAGE = 100;
const RULES = ['alerts', 'rules'] as const;

/** The history of incidents, newest first, page by page; read again when what is open changes. */
export function useIncidents(filter: IncidentFilter) {
  const cache = useQueryClient();
  const live = useAlerts();
  const mark = live?.open.map(({ id, acknowledgedAt, snoozedUntil }) => [id, acknowledgedAt, snoozedUntil]);
  const key = JSON.stringify(mark);
  useEffect(() => {
    void cache.invalidateQueries({ queryKey: ['alerts', 'incidents'] });
    void cache.invalidateQueries({ queryKey: ['alerts', 'incident'] });
  }, [cache, key]);
  return useInfiniteQuery({
    queryKey: ['alerts', 'incidents', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      callQuery(
        client.alerts.incidents(
          { ...filter, limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          { signal },
        ),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before) => before,
  });
}

/** One incident, whatever the filter of the list. */
export const useIncident = (incidentId: IncidentId) =>
  useQuery({
    queryKey: ['alerts', 'incident', incidentId],
    queryFn: ({ signal }) => callQuery(client.alerts.incident({ incidentId }, { signal })),
  });

export const useRules = () =>
  useQuery({
    queryKey: RULES,
    queryFn: ({ signal }) => callQuery(client.alerts.rules({}, { signal })),
    select: ({ rules }) => rules,
    // Another console may change them.
    refetchInterval: 10_000,
  });

/** Saves and removes rules; each answers whether it was done, and what went wrong is told. */
export function useRuleActions() {
  const t = useAlertsText();
  const cache = useQueryClient();
  const done = async <T>(call: Promise<T>): Promise<T | undefined> => {
    try {
      const value = await call;
      await cache.invalidateQueries({ queryKey: RULES });
      return value;
    } catch (error) {
      const { message, action } = wordsOf(error instanceof Error ? error : new Error(String(error)));
      showToast({ title: message, description: action, tone: 'danger' });
      return undefined;
    }
  };
  const restore = (ruleId: AlertRuleId) => done(callQuery(client.alerts.restoreRule({ ruleId })));
  return {
    save: (rule: AlertRuleInput, ruleId?: AlertRuleId) =>
      done(callQuery(client.alerts.saveRule({ ...rule, ...(ruleId && { ruleId }) }))),
    remove: async ({ id, name }: AlertRule): Promise<void> => {
      if ((await done(callQuery(client.alerts.removeRule({ ruleId: id })))) === undefined) return;
      showToast({
        title: t('rules.removed', { name }),
        tone: 'success',
        action: { label: t('rules.undo'), onAction: () => void restore(id) },
      });
    },
  };
}
