import { randomUUID } from 'node:crypto';
import type { AlertRule, Incident } from '@shared/contract/alerts';
import { subjectKey, thresholdOf, type IncidentSubject } from '@shared/domain/alert-rules';
import { IncidentId } from '@shared/domain/ids';
import type { IncidentRepository, KeptIncident, Sighting } from './repository';

export interface BookParts {
  readonly repository: Pick<
    IncidentRepository,
    'open' | 'insert' | 'confirm' | 'resolve' | 'claimTelling' | 'removeResolvedBefore'
  >;
  readonly organizationId: () => string;
  /** Names this console while it runs. */
  readonly consoleId: string;
  readonly now: () => number;
}

/** How the breach of an incident began and was seen here. */
export interface Breach {
  readonly since: number;
  readonly firedAt: number;
  readonly value: number;
  readonly peak: number;
  readonly detail: string | null;
}

interface Entry {
  kept: KeptIncident;
  /** It stands in the database. */
  stored: boolean;
  seen: Sighting;
  /** When the breach was last written down, in ms since 1970. */
  confirmedAt: number;
  /** When it was over here, in ms since 1970. */
  endedAt: number | null;
}

/** A breach that goes on is written down so often, in ms … */
const CONFIRM_MS = 20_000;
/** … and while it was, no other console may call the incident over. */
const STALE_MS = 45_000;

/** One open incident for each of these. */
export const entryKey = (ruleId: string, subject: IncidentSubject): string =>
  `${ruleId} ${subjectKey(subject)}`;

/**
 * The open incidents, in memory, and brought together with the database whenever that is there. What began and
 * ended while it was away is written when it is back.
 */
export class IncidentBook {
  private readonly entries = new Map<string, Entry>();
  /** Began and ended while the database was away. */
  private unwritten: Entry[] = [];

  constructor(private readonly parts: BookParts) {}

  /** Those that are not over. */
  open(): KeptIncident[] {
    return [...this.entries.values()].filter(({ endedAt }) => endedAt === null).map(shown);
  }

  has(key: string): boolean {
    return this.entries.get(key)?.endedAt === null;
  }

  get(key: string): KeptIncident | undefined {
    const entry = this.entries.get(key);
    return entry && shown(entry);
  }

  byId(id: IncidentId): KeptIncident | undefined {
    return this.open().find(({ incident }) => incident.id === id);
  }

  /** An incident begins here. */
  begin(rule: AlertRule, subject: IncidentSubject, breach: Breach): Incident {
    const incident: Incident = {
      id: IncidentId.parse(randomUUID()),
      ruleId: rule.id,
      ruleName: rule.name,
      kind: rule.condition.kind,
      severity: rule.severity,
      subject,
      threshold: thresholdOf(rule.condition),
      value: breach.value,
      peak: breach.peak,
      // It may be the error of a job of any program, and PostgreSQL takes no text with this in it.
      detail: breach.detail?.replaceAll('\0', '') ?? null,
      notify: rule.notify,
      beganAt: new Date(breach.since).toISOString(),
      openedAt: new Date(breach.firedAt).toISOString(),
      resolvedAt: null,
      resolution: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      snoozedUntil: null,
      notes: [],
    };
    this.entries.set(entryKey(rule.id, subject), {
      kept: { incident, toldAt: null },
      stored: false,
      seen: {
        at: new Date(breach.firedAt),
        by: this.parts.consoleId,
        value: breach.value,
        peak: breach.peak,
      },
      confirmedAt: breach.firedAt,
      endedAt: null,
    });
    return incident;
  }

  /** What is read of an open incident now; null where it is not known. Only a breach is a sighting. */
  see(key: string, value: number | null, isBreach: boolean): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    const peak = value === null ? entry.seen.peak : Math.max(entry.seen.peak, value);
    const at = isBreach ? new Date(this.parts.now()) : entry.seen.at;
    entry.seen = { at, by: isBreach ? this.parts.consoleId : entry.seen.by, value, peak };
  }

  /** It is over, as far as this console can see. */
  end(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    entry.endedAt = this.parts.now();
    if (entry.stored) return;
    this.entries.delete(key);
    this.unwritten.push(entry);
  }

  /** Somebody has changed it. */
  put(kept: KeptIncident): void {
    const entry = this.entries.get(entryKey(kept.incident.ruleId, kept.incident.subject));
    if (entry?.kept.incident.id !== kept.incident.id) return;
    if (kept.incident.resolvedAt === null) entry.kept = kept;
  }

  /** Whether it stands in the database, where everybody sees what is done to it. */
  isStored(id: IncidentId): boolean {
    return [...this.entries.values()].some(({ kept, stored }) => stored && kept.incident.id === id);
  }

  /** Writes down what is new. Rejects where the database is away; what was not written stays. */
  async write(): Promise<void> {
    const { repository, consoleId } = this.parts;
    const organizationId = this.parts.organizationId();
    for (const entry of [...this.unwritten]) {
      const resolvedAt = new Date(entry.endedAt ?? this.parts.now()).toISOString();
      const incident: Incident = { ...shown(entry).incident, resolvedAt, resolution: 'cleared' };
      await repository.insert(organizationId, { ...entry.kept, incident }, entry.seen);
      this.unwritten = this.unwritten.filter((each) => each !== entry);
    }
    for (const [key, entry] of [...this.entries]) {
      const { id } = entry.kept.incident;
      if (!entry.stored) {
        entry.stored = await repository.insert(organizationId, shown(entry), entry.seen);
        // Another console has it: what stands there is taken over with the next reading.
        if (!entry.stored) this.entries.delete(key);
      } else if (entry.endedAt !== null) {
        const before = new Date(this.parts.now() - STALE_MS);
        const { peak } = entry.seen;
        const end = { at: new Date(entry.endedAt), by: consoleId, before, peak };
        await repository.resolve(organizationId, id, end);
        // Where another console still sees the breach, it comes back with the next reading.
        this.entries.delete(key);
      } else if (entry.seen.by === consoleId && entry.seen.at.getTime() - entry.confirmedAt >= CONFIRM_MS) {
        await repository.confirm(organizationId, id, entry.seen);
        entry.confirmedAt = entry.seen.at.getTime();
      }
    }
  }

  /** Takes over what stands in the database. Rejects where that is away; what is known stays. */
  async read(): Promise<void> {
    const open = await this.parts.repository.open(this.parts.organizationId());
    const keys = new Set<string>();
    for (const kept of open) {
      const key = entryKey(kept.incident.ruleId, kept.incident.subject);
      keys.add(key);
      const entry = this.entries.get(key);
      if (entry?.kept.incident.id === kept.incident.id) {
        entry.kept = kept;
        entry.stored = true;
      } else {
        const { value, peak, openedAt } = kept.incident;
        const seen = { at: new Date(openedAt), by: '', value, peak };
        this.entries.set(key, { kept, stored: true, seen, confirmedAt: 0, endedAt: null });
      }
    }
    for (const [key, entry] of this.entries) if (entry.stored && !keys.has(key)) this.entries.delete(key);
  }

  /** True where this console is the one that tells. Without the database there is nobody to share that with. */
  async claim({ incident }: KeptIncident, reachable: boolean): Promise<boolean> {
    const entry = this.entries.get(entryKey(incident.ruleId, incident.subject));
    if (entry?.kept.incident.id !== incident.id) return false;
    const at = new Date(this.parts.now());
    if (entry.stored && reachable) {
      const claimed = await this.parts.repository.claimTelling(this.parts.organizationId(), incident.id, at);
      // Whoever else told has told: it is not asked again before the next snooze ends.
      entry.kept = { ...entry.kept, toldAt: at };
      return claimed;
    }
    entry.kept = { ...entry.kept, toldAt: at };
    return true;
  }
}

/** The incident with what is read of it here. */
const shown = ({ kept, seen }: Entry): KeptIncident => ({
  ...kept,
  incident: { ...kept.incident, value: seen.value, peak: Math.max(kept.incident.peak, seen.peak) },
});
