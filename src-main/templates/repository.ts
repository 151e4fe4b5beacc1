import { sql } from 'kysely';
import { z } from 'zod';
import { TemplateVersion, type Channel, type ContactFieldUse } from '@shared/contract/templates';
import { transaction, type Database } from '../database/database';
import type { ContactFields } from './values';

export interface TemplateRow {
  readonly id: string;
  readonly name: string;
  readonly channel: Channel;
  readonly subject: string | null;
  readonly body: string;
  readonly version: number;
  readonly versionId: string;
  readonly contentHash: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface TemplateText {
  readonly name: string;
  readonly channel: Channel;
  readonly subject: string | null;
  readonly body: string;
  readonly variables: readonly string[];
  readonly contentHash: string;
  /** The version that this text was taken from. */
  readonly restoredFrom: number | null;
}

export interface VersionText {
  readonly channel: Channel;
  readonly subject: string | null;
  readonly body: string;
}

export interface ContactToRender extends ContactFields {
  readonly id: string;
}

const CustomFields = z.record(z.string(), z.unknown());

/** More kinds of custom fields than this are nothing that anybody chooses from. */
const MAX_FIELDS = 500;

const StoredVersion = TemplateVersion.extend({ savedAt: z.date() });

export const createTemplateRepository = (db: Database) => ({
  async list(
    organizationId: string,
    { channel, removed = false }: { readonly channel?: Channel | undefined; readonly removed?: boolean },
  ): Promise<TemplateRow[]> {
    let query = current(db)
      .where('template.organization_id', '=', organizationId)
      .where('template.archived_at', removed ? 'is not' : 'is', null);
    if (channel !== undefined) query = query.where('template.channel', '=', channel);
    return query.orderBy(sql`lower(template.name)`).execute();
  },

  async find(organizationId: string, templateId: string): Promise<TemplateRow | null> {
    const row = await current(db)
      .where('template.organization_id', '=', organizationId)
      .where('template.id', '=', templateId)
      .where('template.archived_at', 'is', null)
      .executeTakeFirst();
    return row ?? null;
  },

  /** A version as it was saved, also of a template that was removed since. */
  async version(organizationId: string, templateId: string, version: number): Promise<VersionText | null> {
    const row = await db
      .selectFrom('template_versions as version')
      .innerJoin('templates as template', 'template.id', 'version.template_id')
      .select(['template.channel', 'version.subject', 'version.body'])
      .where('version.organization_id', '=', organizationId)
      .where('version.template_id', '=', templateId)
      .where('version.version', '=', version)
      .executeTakeFirst();
    return row ?? null;
  },

  async create(organizationId: string, text: TemplateText, createdBy: string): Promise<string> {
    return transaction(db, async (trx) => {
      const { id } = await trx
        .insertInto('templates')
        .values({
          organization_id: organizationId,
          channel: text.channel,
          name: text.name,
          created_by: createdBy,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await trx
        .insertInto('template_versions')
        .values(versionOf(organizationId, id, 1, text, createdBy))
        .execute();
      return id;
    });
  },

  /**
   * Renames it, and adds a version where the text has changed: what was sent keeps its own. False where
   * another save came first.
   */
  async update(
    organizationId: string,
    template: TemplateRow,
    text: TemplateText,
    by: string,
  ): Promise<boolean> {
    const changed = template.contentHash !== text.contentHash;
    return transaction(db, async (trx) => {
      const updated = await trx
        .updateTable('templates')
        .set({
          name: text.name,
          ...(changed ? { current_version: sql<number>`current_version + 1` } : {}),
        })
        .where('id', '=', template.id)
        .where('organization_id', '=', organizationId)
        .where('current_version', '=', template.version)
        .returning('current_version as version')
        .executeTakeFirst();
      if (updated === undefined) return false;
      if (!changed) return true;
      await trx
        .insertInto('template_versions')
        .values(versionOf(organizationId, template.id, updated.version, text, by))
        .execute();
      return true;
    });
  },

  /** Every version, newest first. */
  async versions(organizationId: string, templateId: string): Promise<TemplateVersion[]> {
    const { rows } = await sql`
      SELECT version.version, profile.full_name AS "savedBy", version.created_at AS "savedAt",
             version.restored_from AS "restoredFrom",
             (SELECT coalesce(jsonb_agg(jsonb_build_object('id', campaign.id, 'name', campaign.name,
                                          'at', to_char(campaign.created_at AT TIME ZONE 'UTC',
                                                        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                                        ORDER BY campaign.created_at DESC), '[]')
                FROM campaigns AS campaign WHERE campaign.template_version_id = version.id) AS campaigns
        FROM template_versions AS version
        LEFT JOIN profiles AS profile ON profile.id = version.created_by
       WHERE version.organization_id = ${organizationId}::uuid AND version.template_id = ${templateId}::uuid
       ORDER BY version.version DESC`.execute(db);
    return rows.map((row) => {
      const { savedAt, ...version } = StoredVersion.parse(row);
      return { ...version, savedAt: savedAt.toISOString() };
    });
  },

  /** The names in use in a channel, in lower case: a name is free where it is not among them. */
  async namesInUse(organizationId: string, channel: Channel): Promise<Set<string>> {
    const rows = await db
      .selectFrom('templates')
      .select('name')
      .where('organization_id', '=', organizationId)
      .where('channel', '=', channel)
      .where('archived_at', 'is', null)
      .execute();
    return new Set(rows.map(({ name }) => name.toLowerCase()));
  },

  /** Puts it away; campaigns that used it keep their version. False where there was none. */
  async archive(organizationId: string, templateId: string): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('templates')
      .set({ archived_at: sql<Date>`now()` })
      .where('organization_id', '=', organizationId)
      .where('id', '=', templateId)
      .where('archived_at', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  /** Takes one back that was put away. False where there was none. A broken unique rule: its name is taken. */
  async unarchive(organizationId: string, templateId: string): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('templates')
      .set({ archived_at: null })
      .where('organization_id', '=', organizationId)
      .where('id', '=', templateId)
      .where('archived_at', 'is not', null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  /** What contacts have to print, and how many of them: their own fields, then custom ones, most used first. */
  async fieldUse(organizationId: string): Promise<{ contacts: number; fields: ContactFieldUse[] }> {
    const { rows: own } = await sql<{ contacts: number; name: number; email: number }>`
      SELECT count(*)::int AS contacts, count(nullif(name, ''))::int AS name,
             count(nullif(email, ''))::int AS email
        FROM contacts WHERE organization_id = ${organizationId}::uuid`.execute(db);
    const { rows: custom } = await sql<ContactFieldUse>`
      SELECT field.key AS name, count(*)::int AS contacts
        FROM contacts, jsonb_each(custom_fields) AS field
       WHERE organization_id = ${organizationId}::uuid
         AND jsonb_typeof(field.value) IN ('string', 'number', 'boolean') AND field.value <> '""'
         AND field.key NOT IN ('name', 'phone', 'email')
       GROUP BY field.key ORDER BY count(*) DESC, field.key LIMIT ${MAX_FIELDS}`.execute(db);
    const { contacts, name, email } = own[0] ?? { contacts: 0, name: 0, email: 0 };
    const fields = [
      { name: 'name', contacts: name },
      { name: 'phone', contacts },
      { name: 'email', contacts: email },
      ...custom,
    ];
    return { contacts, fields };
  },

  async contacts(organizationId: string, ids: readonly string[]): Promise<ContactToRender[]> {
    const rows = await db
      .selectFrom('contacts')
      .select(['id', 'name', 'phone', 'email', 'custom_fields'])
      .where('organization_id', '=', organizationId)
      .where('id', 'in', ids)
      .execute();
    return rows.map(({ custom_fields: customFields, ...row }) => ({
      ...row,
      customFields: CustomFields.parse(customFields),
    }));
  },
});
export type TemplateRepository = ReturnType<typeof createTemplateRepository>;

const current = (db: Database) =>
  db
    .selectFrom('templates as template')
    .innerJoin('template_versions as version', (join) =>
      join
        .onRef('version.template_id', '=', 'template.id')
        .onRef('version.version', '=', 'template.current_version'),
    )
    .select([
      'template.id',
      'template.name',
      'template.channel',
      'version.subject',
      'version.body',
      'version.version',
      'version.id as versionId',
      'version.content_hash as contentHash',
      'template.created_at as createdAt',
      'template.updated_at as updatedAt',
    ]);

const versionOf = (
  organizationId: string,
  templateId: string,
  version: number,
  text: TemplateText,
  by: string,
) => ({
  organization_id: organizationId,
  template_id: templateId,
  version,
  message_type: text.channel === 'email' ? ('email' as const) : ('text' as const),
  subject: text.subject,
  body: text.body,
  variables: [...text.variables],
  content_hash: text.contentHash,
  restored_from: text.restoredFrom,
  created_by: by,
});
