import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import { Incident, type IncidentFilter, type IncidentNote } from '@shared/contract/alerts';
import { subjectKey, type IncidentSubject } from '@shared/domain/alert-rules';
import { CampaignId, type AlertRuleId, type IncidentId } from '@shared/domain/ids';
import type { Database } from '../../database/database';

/** An incident as consoles share it: besides what is shown, when a desktop was told. */
export interface KeptIncident {
  readonly incident: Incident;
  readonly toldAt: Date | null;
}

/** A campaign that has stopped by itself and waits for somebody. */
export interface StoppedCampaign {
  readonly subject: Extract<IncidentSubject, { type: 'campaign' }>;
  readonly reason: string | null;
}

/** How a breach was seen last, and by which console. */
export interface Sighting {
  readonly at: Date;
  readonly by: string;
  readonly value: number | null;
  readonly peak: number;
}

export interface IncidentPage extends IncidentFilter {
  /** Only what stands behind this one in the order. */
  readonly after: { readonly openedAt: string; readonly id: string } | null;
  readonly limit: number;
}

/** SQL of `alert_incidents`. Everything is of one organization. */
export interface IncidentRepository {
  open(organizationId: string): Promise<KeptIncident[]>;
  /**
   * False where another console has opened the same one, or had it open at that time. A snooze of the same subject
   * that has not ended goes on.
   */
  insert(organizationId: string, kept: KeptIncident, seen: Sighting): Promise<boolean>;
  /** The breach goes on. */
  confirm(organizationId: string, id: IncidentId, seen: Sighting): Promise<void>;
  /** With the worst that was seen. False where it is over already, or another console has seen the breach since `before`. */
  resolve(
    organizationId: string,
    id: IncidentId,
    end: { at: Date; by: string; before: Date; peak: number },
  ): Promise<boolean>;
  /** Ends the open incidents of a rule that does not stand any more. */
  closeOf(organizationId: string, ruleId: AlertRuleId): Promise<void>;
  /** True for the one console that may tell of it now. */
  claimTelling(organizationId: string, id: IncidentId, at: Date): Promise<boolean>;
  find(organizationId: string, id: IncidentId): Promise<KeptIncident | undefined>;
  /** Newest first. */
  page(organizationId: string, page: IncidentPage): Promise<Incident[]>;
  /** Undefined where there is none of this id. */
  acknowledge(organizationId: string, id: IncidentId, by: string | null): Promise<KeptIncident | undefined>;
  snooze(organizationId: string, id: IncidentId, until: Date | null): Promise<KeptIncident | undefined>;
  note(organizationId: string, id: IncidentId, note: IncidentNote): Promise<KeptIncident | undefined>;
  /** Removes those that ended before; answers how many. */
  removeResolvedBefore(organizationId: string, before: Date): Promise<number>;
  stoppedCampaigns(organizationId: string): Promise<StoppedCampaign[]>;
}

const Moment = z.date().transform((date) => date.toISOString());
const Row = z
  .object({
    ...Incident.shape,
    beganAt: Moment,
    openedAt: Moment,
    resolvedAt: Moment.nullable(),
    acknowledgedAt: Moment.nullable(),
    snoozedUntil: Moment.nullable(),
    toldAt: z.date().nullable(),
  })
  .transform(({ toldAt, ...incident }): KeptIncident => ({ incident, toldAt }));

const parse = (row: unknown): KeptIncident => Row.parse(row);

/** Incidents as they are shown; `where` is about `incident`. */
const select = (where: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  SELECT incident.id, incident.rule_id AS "ruleId", incident.rule_name AS "ruleName", incident.kind,
         incident.severity, incident.subject, incident.threshold, incident.value, incident.peak, incident.detail,
         incident.notify, incident.began_at AS "beganAt", incident.opened_at AS "openedAt",
         incident.resolved_at AS "resolvedAt", incident.resolution, incident.acknowledged_at AS "acknowledgedAt",
         coalesce(profile.full_name, profile.email) AS "acknowledgedBy", incident.snoozed_until AS "snoozedUntil",
         incident.told_at AS "toldAt", incident.notes
    FROM alert_incidents AS incident
    LEFT JOIN profiles AS profile ON profile.id = incident.acknowledged_by
   WHERE ${where}`;

export const createIncidentRepository = (db: Database): IncidentRepository => {
  const find: IncidentRepository['find'] = async (organizationId, id) => {
    const { rows } = await select(
      sql`incident.organization_id = ${organizationId} AND incident.id = ${id}`,
    ).execute(db);
    return rows.length === 0 ? undefined : parse(rows[0]);
  };
  const changed = async (
    organizationId: string,
    id: IncidentId,
    change: RawBuilder<unknown>,
  ): Promise<KeptIncident | undefined> => {
    await sql`UPDATE alert_incidents SET ${change} WHERE organization_id = ${organizationId} AND id = ${id}`.execute(
      db,
    );
    return find(organizationId, id);
  };

  return {
    find,

    async open(organizationId) {
      const { rows } = await sql`${select(
        sql`incident.organization_id = ${organizationId} AND incident.resolved_at IS NULL`,
      )} ORDER BY incident.opened_at DESC LIMIT 500`.execute(db);
      return rows.map(parse);
    },

    async insert(organizationId, { incident, toldAt }, seen) {
      const key = subjectKey(incident.subject);
      const result = await sql`
        INSERT INTO alert_incidents (id, organization_id, rule_id, rule_name, kind, severity, notify, subject,
          subject_key, threshold, value, peak, detail, began_at, opened_at, confirmed_at, confirmed_by, told_at,
          resolved_at, resolution, snoozed_until, notes)
        SELECT ${incident.id}, ${organizationId}, ${incident.ruleId}, ${incident.ruleName}, ${incident.kind},
               ${incident.severity}, ${incident.notify}, ${JSON.stringify(incident.subject)}::jsonb, ${key},
               ${incident.threshold}, ${seen.value}, ${seen.peak}, ${incident.detail}, ${incident.beganAt}::timestamptz,
               ${incident.openedAt}::timestamptz, ${seen.at}, ${seen.by}, ${toldAt}::timestamptz,
               ${incident.resolvedAt}::timestamptz, ${incident.resolution},
               greatest(${incident.snoozedUntil}::timestamptz, (
                 SELECT max(before.snoozed_until) FROM alert_incidents AS before
                  WHERE before.rule_id = ${incident.ruleId} AND before.subject_key = ${key}
                    AND before.snoozed_until > ${incident.openedAt}::timestamptz)),
               ${JSON.stringify(incident.notes)}::jsonb
         WHERE EXISTS (SELECT 1 FROM alert_rules WHERE id = ${incident.ruleId} AND removed_at IS NULL)
           AND NOT EXISTS (
           SELECT 1 FROM alert_incidents AS same
            WHERE same.organization_id = ${organizationId} AND same.rule_id = ${incident.ruleId}
              AND same.subject_key = ${key} AND same.opened_at <= ${incident.resolvedAt ?? incident.openedAt}::timestamptz
              AND coalesce(same.resolved_at, 'infinity') > ${incident.beganAt}::timestamptz)
        ON CONFLICT DO NOTHING`.execute(db);
      return (result.numAffectedRows ?? 0n) > 0n;
    },

    async confirm(organizationId, id, seen) {
      await sql`
        UPDATE alert_incidents
           SET confirmed_at = ${seen.at}, confirmed_by = ${seen.by}, value = ${seen.value},
               peak = greatest(peak, ${seen.peak}::float8)
         WHERE organization_id = ${organizationId} AND id = ${id} AND resolved_at IS NULL`.execute(db);
    },

    async resolve(organizationId, id, { at, by, before, peak }) {
      const result = await sql`
        UPDATE alert_incidents
           SET resolved_at = greatest(${at}::timestamptz, opened_at), resolution = 'cleared',
               peak = greatest(peak, ${peak}::float8)
         WHERE organization_id = ${organizationId} AND id = ${id} AND resolved_at IS NULL
           AND (confirmed_by = ${by} OR confirmed_at < ${before})`.execute(db);
      return (result.numAffectedRows ?? 0n) > 0n;
    },

    async closeOf(organizationId, ruleId) {
      await sql`
        UPDATE alert_incidents SET resolved_at = greatest(now(), opened_at), resolution = 'rule'
         WHERE organization_id = ${organizationId} AND rule_id = ${ruleId} AND resolved_at IS NULL`.execute(
        db,
      );
    },

    async claimTelling(organizationId, id, at) {
      const result = await sql`
        UPDATE alert_incidents SET told_at = ${at}
         WHERE organization_id = ${organizationId} AND id = ${id} AND resolved_at IS NULL
           AND acknowledged_at IS NULL AND (snoozed_until IS NULL OR snoozed_until <= ${at})
           AND (told_at IS NULL OR told_at < snoozed_until)`.execute(db);
      return (result.numAffectedRows ?? 0n) > 0n;
    },

    async page(organizationId, { after, limit, state, severity, kind, queue }) {
      const conditions = [sql`incident.organization_id = ${organizationId}`];
      if (state !== undefined)
        conditions.push(
          state === 'open' ? sql`incident.resolved_at IS NULL` : sql`incident.resolved_at IS NOT NULL`,
        );
      if (severity !== undefined) conditions.push(sql`incident.severity = ${severity}`);
      if (kind !== undefined) conditions.push(sql`incident.kind = ${kind}`);
      if (queue !== undefined) conditions.push(sql`incident.subject_key = ${`queue:${queue}`}`);
      if (after !== null)
        conditions.push(
          sql`(incident.opened_at, incident.id) < (${after.openedAt}::timestamptz, ${after.id}::uuid)`,
        );
      const { rows } = await sql`${select(sql.join(conditions, sql` AND `))}
        ORDER BY incident.opened_at DESC, incident.id DESC LIMIT ${limit}`.execute(db);
      return rows.map((row) => parse(row).incident);
    },

    acknowledge: (organizationId, id, by) =>
      changed(
        organizationId,
        id,
        by === null
          ? sql`acknowledged_at = NULL, acknowledged_by = NULL`
          : sql`acknowledged_at = now(), acknowledged_by = ${by}`,
      ),

    snooze: (organizationId, id, until) =>
      changed(organizationId, id, sql`snoozed_until = ${until}::timestamptz`),

    note: (organizationId, id, note) =>
      changed(organizationId, id, sql`notes = notes || ${JSON.stringify([note])}::jsonb`),

    async removeResolvedBefore(organizationId, before) {
      const result = await db
        .deleteFrom('alert_incidents')
        .where('organization_id', '=', organizationId)
        .where('resolved_at', '<', before)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    async stoppedCampaigns(organizationId) {
      const { rows } = await sql<{
        id: string;
        name: string;
        channel: 'whatsapp' | 'email';
        reason: string | null;
      }>`
        SELECT id, name, channel, pause_reason AS reason FROM campaigns
         WHERE organization_id = ${organizationId} AND state = 'paused'
           -- Who paused it by hand knows; what asks because it is overdue, asks elsewhere; a pause with an end ends.
           AND error ->> 'code' IS NOT NULL AND error ->> 'code' <> 'overdue' AND error ->> 'resumeAt' IS NULL
         ORDER BY created_at DESC LIMIT 200`.execute(db);
      return rows.map(({ id, name, channel, reason }) => ({
        subject: { type: 'campaign', id: CampaignId.parse(id), name, channel },
        reason,
      }));
    },
  };
};
