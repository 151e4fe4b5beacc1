import { AlertRule, type AlertRuleInput } from '@shared/contract/alerts';
import type { AlertRuleId } from '@shared/domain/ids';
import type { Database } from '../../database/database';
import { presetId, presets } from '../presets';

/** SQL of `alert_rules`. Everything is of one organization. */
export interface AlertRuleRepository {
  /** Gives an organization the shipped rules that it never had. */
  seed(organizationId: string): Promise<void>;
  /** By name; without those that were removed. One that a newer console wrote and this one cannot read is left out. */
  list(organizationId: string): Promise<AlertRule[]>;
  find(organizationId: string, id: AlertRuleId): Promise<AlertRule | undefined>;
  create(organizationId: string, rule: AlertRuleInput): Promise<AlertRule>;
  /** Undefined where there is none of this id. */
  change(organizationId: string, id: AlertRuleId, rule: AlertRuleInput): Promise<AlertRule | undefined>;
  /** Takes it away or brings it back; undefined where it was not there, or not away. */
  setRemoved(organizationId: string, id: AlertRuleId, removed: boolean): Promise<AlertRule | undefined>;
}

const COLUMNS = [
  'id',
  'preset',
  'name',
  'enabled',
  'condition',
  'for_seconds',
  'severity',
  'notify',
  'updated_at',
] as const;

interface Row {
  readonly id: string;
  readonly preset: string | null;
  readonly name: string;
  readonly enabled: boolean;
  readonly condition: unknown;
  readonly for_seconds: number;
  readonly severity: string;
  readonly notify: boolean;
  readonly updated_at: Date;
}

const toRule = (row: Row): AlertRule | undefined =>
  AlertRule.safeParse({
    ...row,
    preset: row.preset !== null,
    forSeconds: row.for_seconds,
    updatedAt: row.updated_at.toISOString(),
  }).data;

const valuesOf = ({ name, enabled, condition, forSeconds, severity, notify }: AlertRuleInput) => ({
  name,
  enabled,
  condition: JSON.stringify(condition),
  for_seconds: forSeconds,
  severity,
  notify,
});

export const createAlertRuleRepository = (db: Database): AlertRuleRepository => ({
  async seed(organizationId) {
    await db
      .insertInto('alert_rules')
      .values(
        presets.map(({ key, ...rule }) => ({
          ...valuesOf(rule),
          id: presetId(organizationId, key),
          organization_id: organizationId,
          preset: key,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },

  async list(organizationId) {
    const rows = await db
      .selectFrom('alert_rules')
      .select(COLUMNS)
      .where('organization_id', '=', organizationId)
      .where('removed_at', 'is', null)
      .orderBy('name')
      .orderBy('id')
      .execute();
    return rows.map(toRule).filter((rule) => rule !== undefined);
  },

  async find(organizationId, id) {
    const row = await db
      .selectFrom('alert_rules')
      .select(COLUMNS)
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    return row && toRule(row);
  },

  async create(organizationId, rule) {
    const row = await db
      .insertInto('alert_rules')
      .values({ ...valuesOf(rule), organization_id: organizationId })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    return AlertRule.parse(toRule(row));
  },

  async change(organizationId, id, rule) {
    const row = await db
      .updateTable('alert_rules')
      .set({ ...valuesOf(rule), updated_at: new Date() })
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .returning(COLUMNS)
      .executeTakeFirst();
    return row && toRule(row);
  },

  async setRemoved(organizationId, id, removed) {
    const row = await db
      .updateTable('alert_rules')
      .set({ removed_at: removed ? new Date() : null, updated_at: new Date() })
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .where('removed_at', removed ? 'is' : 'is not', null)
      .returning(COLUMNS)
      .executeTakeFirst();
    return row && toRule(row);
  },
});
