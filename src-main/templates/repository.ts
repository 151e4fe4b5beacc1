import { sql } from 'kysely';
import { z } from 'zod';
import type { Channel } from '@shared/contract/templates';
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
}

export interface ContactToRender extends ContactFields {
  readonly id: string;
}

const CustomFields = z.record(z.string(), z.unknown());

export const createTemplateRepository = (db: Database) => ({
  async list(organizationId: string, channel: Channel | undefined): Promise<TemplateRow[]> {
    let query = current(db).where('template.organization_id', '=', organizationId);
    if (channel !== undefined) query = query.where('template.channel', '=', channel);
    return query.orderBy(sql`lower(template.name)`).execute();
  },

  async find(organizationId: string, templateId: string): Promise<TemplateRow | null> {
    const row = await current(db)
      .where('template.organization_id', '=', organizationId)
      .where('template.id', '=', templateId)
      .executeTakeFirst();
    return row ?? null;
  },

  /** A version as it was saved, also of a template that was removed since. */
  async version(
    organizationId: string,
    templateId: string,
    version: number,
  ): Promise<{ readonly channel: Channel; readonly body: string } | null> {
    const row = await db
      .selectFrom('template_versions as version')
      .innerJoin('templates as template', 'template.id', 'version.template_id')
      .select(['template.channel', 'version.body'])
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

  /** Renames it, and adds a version where the text has changed: what was sent keeps its own. */
  async update(organizationId: string, template: TemplateRow, text: TemplateText, by: string): Promise<void> {
    const changed = template.contentHash !== text.contentHash;
    await transaction(db, async (trx) => {
      const { version } = await trx
        .updateTable('templates')
        .set({
          name: text.name,
          ...(changed ? { current_version: sql<number>`current_version + 1` } : {}),
        })
        .where('id', '=', template.id)
        .where('organization_id', '=', organizationId)
        .returning('current_version as version')
        .executeTakeFirstOrThrow();
      if (!changed) return;
      await trx
        .insertInto('template_versions')
        .values(versionOf(organizationId, template.id, version, text, by))
        .execute();
    });
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
    ])
    .where('template.archived_at', 'is', null);

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
  created_by: by,
});
