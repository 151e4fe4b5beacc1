import type {
  AlertRule,
  AlertRuleInput,
  Incident,
  IncidentFilter,
  IncidentNote,
} from '@shared/contract/alerts';
import type { AlertRuleId, IncidentId } from '@shared/domain/ids';
import { AppFailure, notFound, unwrap } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import { z } from 'zod';
import type { Audit } from '../activity/audit';
import type { IncidentBook } from './incidents/book';
import type { IncidentRepository, KeptIncident } from './incidents/repository';
import type { AlertRuleRepository } from './rules/repository';
import { cursorAt, positionAt } from '../paging';
import type { FailuresSeen } from './seen/seen';
import { incidentTitle } from './wording';

export interface AlertServiceParts {
  readonly rules: AlertRuleRepository;
  readonly incidents: IncidentRepository;
  readonly book: Pick<IncidentBook, 'byId' | 'isStored' | 'put'>;
  readonly seen: FailuresSeen;
  readonly audit: Audit;
  /** Who an actor is, in words. */
  readonly nameOf: (actor: Actor) => string;
  /** Something changed that the watch has to see. */
  readonly changed: () => void;
  readonly now: () => number;
}

const IncidentCursor = z
  .tuple([z.iso.datetime(), z.uuid()])
  .transform(([openedAt, id]) => ({ openedAt, id }));
const MINUTE_MS = 60_000;

/** What is done to rules and incidents. Expected failures are thrown as AppFailure: `not_found`, `invalid_input`. */
export class AlertService {
  constructor(private readonly parts: AlertServiceParts) {}

  rules(actor: Actor): Promise<AlertRule[]> {
    return this.parts.rules.list(actor.organizationId);
  }

  async saveRule(id: AlertRuleId | undefined, input: AlertRuleInput, actor: Actor): Promise<AlertRule> {
    const { rules } = this.parts;
    if (id === undefined) {
      const created = await rules.create(actor.organizationId, input);
      await this.ruleChanged(actor, 'alerts.create-rule', created, { condition: created.condition });
      return created;
    }
    const before = await rules.find(actor.organizationId, id);
    const saved = await rules.change(actor.organizationId, id, input);
    if (before === undefined || saved === undefined) throw new AppFailure(notFound('alert rule', id));
    if (!saved.enabled || !isSame(before.condition, saved.condition))
      await this.parts.incidents.closeOf(actor.organizationId, id);
    await this.ruleChanged(actor, 'alerts.change-rule', saved, { fields: changedFields(before, saved) });
    return saved;
  }

  async removeRule(id: AlertRuleId, actor: Actor): Promise<void> {
    const removed = await this.parts.rules.setRemoved(actor.organizationId, id, true);
    if (removed === undefined) throw new AppFailure(notFound('alert rule', id));
    await this.parts.incidents.closeOf(actor.organizationId, id);
    await this.ruleChanged(actor, 'alerts.remove-rule', removed);
  }

  async restoreRule(id: AlertRuleId, actor: Actor): Promise<AlertRule> {
    const restored = await this.parts.rules.setRemoved(actor.organizationId, id, false);
    if (restored === undefined) throw new AppFailure(notFound('removed alert rule', id));
    await this.ruleChanged(actor, 'alerts.restore-rule', restored);
    return restored;
  }

  async incidents(
    { cursor, limit, ...filter }: IncidentFilter & { cursor?: string | undefined; limit: number },
    actor: Actor,
  ): Promise<{ incidents: Incident[]; nextCursor: string | null }> {
    const after = unwrap(positionAt(cursor, IncidentCursor)) ?? null;
    const rows = await this.parts.incidents.page(actor.organizationId, {
      ...filter,
      after,
      limit: limit + 1,
    });
    const incidents = rows.slice(0, limit).map((row) => this.asSeenNow(row));
    const last = incidents.at(-1);
    const hasMore = rows.length > limit && last !== undefined;
    return { incidents, nextCursor: hasMore ? cursorAt([last.openedAt, last.id]) : null };
  }

  async incident(id: IncidentId, actor: Actor): Promise<Incident> {
    const { book, incidents } = this.parts;
    const open = book.byId(id);
    if (open !== undefined && !book.isStored(id)) return open.incident;
    const found = await incidents.find(actor.organizationId, id);
    if (found === undefined) throw new AppFailure(notFound('incident', id));
    return this.asSeenNow(found.incident);
  }

  async acknowledge(id: IncidentId, acknowledged: boolean, actor: Actor): Promise<Incident> {
    const incident = await this.change(
      id,
      () => this.parts.incidents.acknowledge(actor.organizationId, id, acknowledged ? actor.userId : null),
      (before) => ({
        ...before,
        acknowledgedAt: acknowledged ? this.nowText() : null,
        acknowledgedBy: acknowledged ? this.parts.nameOf(actor) : null,
      }),
    );
    const action = acknowledged ? 'alerts.acknowledge' : 'alerts.unacknowledge';
    await this.parts.audit({ actor, action, target: incidentTitle(incident), detail: { incident: id } });
    return incident;
  }

  async snooze(id: IncidentId, minutes: number | null, actor: Actor): Promise<Incident> {
    const until = minutes === null ? null : new Date(this.parts.now() + minutes * MINUTE_MS);
    const incident = await this.change(
      id,
      () => this.parts.incidents.snooze(actor.organizationId, id, until),
      (before) => ({ ...before, snoozedUntil: until?.toISOString() ?? null }),
    );
    const detail = { incident: id, until: incident.snoozedUntil };
    await this.parts.audit({ actor, action: 'alerts.snooze', target: incidentTitle(incident), detail });
    return incident;
  }

  async note(id: IncidentId, text: string, actor: Actor): Promise<Incident> {
    const note: IncidentNote = { at: this.nowText(), by: this.parts.nameOf(actor), text };
    const incident = await this.change(
      id,
      () => this.parts.incidents.note(actor.organizationId, id, note),
      (before) => ({ ...before, notes: [...before.notes, note] }),
    );
    const target = incidentTitle(incident);
    await this.parts.audit({ actor, action: 'alerts.note', target, detail: { incident: id } });
    return incident;
  }

  async failuresSeen(queues: readonly string[] | undefined): Promise<void> {
    await this.parts.seen.look(queues);
    this.parts.changed();
  }

  /** With the reading of a moment ago, where it is not over. */
  private asSeenNow(row: Incident): Incident {
    const open = row.resolvedAt === null ? this.parts.book.byId(row.id)?.incident : undefined;
    return open === undefined ? row : { ...row, value: open.value, peak: Math.max(row.peak, open.peak) };
  }

  /** In the database, or in the book where the incident is not written yet because the database is away. */
  private async change(
    id: IncidentId,
    write: () => Promise<KeptIncident | undefined>,
    inMemory: (before: Incident) => Incident,
  ): Promise<Incident> {
    const { book } = this.parts;
    const open = book.byId(id);
    const changed =
      open !== undefined && !book.isStored(id)
        ? { ...open, incident: inMemory(open.incident) }
        : await write();
    if (changed === undefined) throw new AppFailure(notFound('incident', id));
    book.put(changed);
    this.parts.changed();
    return book.byId(id)?.incident ?? changed.incident;
  }

  private async ruleChanged(
    actor: Actor,
    action: string,
    rule: AlertRule,
    detail: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    this.parts.changed();
    await this.parts.audit({ actor, action, target: rule.name, detail: { rule: rule.id, ...detail } });
  }

  private nowText(): string {
    return new Date(this.parts.now()).toISOString();
  }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const changedFields = (before: AlertRule, after: AlertRule): string[] =>
  (['name', 'enabled', 'condition', 'forSeconds', 'severity', 'notify'] as const).filter(
    (field) => !isSame(before[field], after[field]),
  );
