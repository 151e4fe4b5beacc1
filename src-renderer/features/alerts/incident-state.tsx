import { BellOff, Check, CircleCheck, CircleDot, Settings2, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Incident } from '@shared/contract/alerts';
import { Badge, type Tone } from '@renderer/ui';
import { useAlertsText } from './texts';

export type IncidentState = 'open' | 'acknowledged' | 'snoozed' | 'cleared' | 'rule';

/** Where an incident stands: what was done about it goes before that it is open. */
export const stateOf = (
  { resolvedAt, resolution, acknowledgedAt, snoozedUntil }: Incident,
  now: number,
): IncidentState => {
  if (resolvedAt !== null) return resolution === 'rule' ? 'rule' : 'cleared';
  if (acknowledgedAt !== null) return 'acknowledged';
  return snoozedUntil !== null && Date.parse(snoozedUntil) > now ? 'snoozed' : 'open';
};

const looks: Readonly<Record<IncidentState, { readonly tone: Tone; readonly icon: LucideIcon }>> = {
  open: { tone: 'danger', icon: CircleDot },
  acknowledged: { tone: 'accent', icon: Check },
  snoozed: { tone: 'neutral', icon: BellOff },
  cleared: { tone: 'success', icon: CircleCheck },
  rule: { tone: 'neutral', icon: Settings2 },
};

export function IncidentBadge({ incident, now }: { incident: Incident; now: number }): ReactNode {
  const t = useAlertsText();
  const state = stateOf(incident, now);
  return (
    <Badge tone={looks[state].tone} icon={looks[state].icon}>
      {t(`state.${state}`)}
    </Badge>
  );
}

/** From the beginning of the breach to its end, or to now, in ms. */
export const lastedMs = ({ beganAt, resolvedAt }: Incident, now: number): number =>
  Math.max(0, (resolvedAt === null ? now : Date.parse(resolvedAt)) - Date.parse(beganAt));
