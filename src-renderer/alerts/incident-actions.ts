import { useQueryClient } from '@tanstack/react-query';
import type { IncidentId } from '@shared/domain/ids';
import type { Result } from '@shared/errors';
import { client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';

/** What somebody does about an incident. Each answers whether it was done; what went wrong is told. */
export function useIncidentActions() {
  const cache = useQueryClient();
  const done = async (result: Promise<Result<unknown>>): Promise<boolean> => {
    const answer = await result;
    if (!answer.ok) {
      const { message, action } = answer.error;
      showToast({ title: message, description: action, tone: 'danger' });
    }
    await cache.invalidateQueries({ queryKey: ['alerts', 'incidents'] });
    await cache.invalidateQueries({ queryKey: ['alerts', 'incident'] });
    return answer.ok;
  };
  return {
    acknowledge: (incidentId: IncidentId, acknowledged = true) =>
      done(client.alerts.acknowledge({ incidentId, acknowledged })),
    snooze: (incidentId: IncidentId, minutes: number | null) =>
      done(client.alerts.snooze({ incidentId, minutes })),
    note: (incidentId: IncidentId, text: string) => done(client.alerts.note({ incidentId, text })),
    resumeTelling: () => done(client.alerts.pauseTelling({ minutes: null })),
  };
}

/** Lengths of a snooze, in minutes. */
export const SNOOZES = { quarter: 15, hour: 60, hours: 240, day: 1_440 } as const;
export const snoozes = ['quarter', 'hour', 'hours', 'day'] as const;

export type IncidentActions = ReturnType<typeof useIncidentActions>;
