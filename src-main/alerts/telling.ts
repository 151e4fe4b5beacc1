import type { Incident } from '@shared/contract/alerts';
import { isAtLeast, type Severity } from '@shared/domain/alert-rules';
import { allowedFrom, type QuietHours } from '@shared/domain/quiet-hours';
import type { NoticeBoard } from '../notices/announcer';
import type { KeptIncident } from './incidents/repository';
import { incidentNotice, incidentsNotice, resolvedNotice } from './wording';

/** What somebody wants to be told of outside the window, on this machine. */
export interface TellingChoice {
  readonly notifications: boolean;
  /** Nothing less grave is told. */
  readonly least: Severity;
  /** Then only what is critical is told. */
  readonly quiet: QuietHours | null;
  /** ISO 8601; nothing at all is told until then. */
  readonly pausedUntil: string | null;
  /** Whether there is an icon in the system's tray. */
  readonly tray: boolean;
}

/** More at once are one notification. */
const MAX_APART = 3;

const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const isQuiet = ({ quiet }: TellingChoice, now: number): boolean =>
  quiet !== null && allowedFrom(now, [quiet.timeZone ?? localZone()], quiet) > now;

/** Whether something of this severity may be told now; null: what is no alert, such as the end of a campaign. */
export const mayTell = (choice: TellingChoice, severity: Severity | null, now: number): boolean => {
  if (!choice.notifications) return false;
  if (choice.pausedUntil !== null && Date.parse(choice.pausedUntil) > now) return false;
  if (severity !== null && !isAtLeast(severity, choice.least)) return false;
  return severity === 'critical' || !isQuiet(choice, now);
};

/** Whether somebody has to be told of an open incident, for the first time or again after a snooze. */
export const isUntold = ({ incident, toldAt }: KeptIncident, now: number): boolean => {
  if (!incident.notify || incident.acknowledgedAt !== null) return false;
  const snoozed = incident.snoozedUntil === null ? null : Date.parse(incident.snoozedUntil);
  if (snoozed !== null && snoozed > now) return false;
  return toldAt === null || (snoozed !== null && toldAt.getTime() < snoozed);
};

export interface TellerParts {
  /** Null where there is no desktop: then another console tells. */
  readonly board: Pick<NoticeBoard, 'notify'> | null;
  readonly choice: () => TellingChoice;
  /** True for the one console that tells. */
  readonly claim: (kept: KeptIncident) => Promise<boolean>;
  readonly now: () => number;
}

/**
 * Tells a desktop of incidents, each once and again after a snooze. What may not be told now stays untold, and is
 * told together when it may.
 */
export class Teller {
  /** Told here: their end is told here too. */
  private readonly told = new Set<string>();

  constructor(private readonly parts: TellerParts) {}

  async tell(open: readonly KeptIncident[]): Promise<void> {
    const { board, choice, claim, now } = this.parts;
    if (board === null) return;
    const mine: Incident[] = [];
    for (const kept of open) {
      if (!isUntold(kept, now()) || !mayTell(choice(), kept.incident.severity, now())) continue;
      if (await claim(kept)) mine.push(kept.incident);
    }
    for (const { id } of mine) this.told.add(id);
    if (mine.length > MAX_APART) board.notify(incidentsNotice(mine));
    else for (const incident of mine) board.notify(incidentNotice(incident));
  }

  ended(incident: Incident): void {
    const wasTold = this.told.delete(incident.id);
    const { board, choice, now } = this.parts;
    if (board !== null && wasTold && mayTell(choice(), incident.severity, now()))
      board.notify(resolvedNotice(incident, now()));
  }
}
