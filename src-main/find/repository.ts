import { sql } from 'kysely';
import type { Executor } from '../database/database';

/** What was looked for, told apart once. */
export interface Wanted {
  readonly organizationId: string;
  readonly text: string;
  /** The text where it is a UUID. */
  readonly id: string | null;
  /** Beginnings of phone numbers in international form; none where the text cannot be one. */
  readonly phones: readonly string[];
  readonly limit: number;
}

export interface NamedRow {
  readonly id: string;
  readonly title: string;
  readonly detail: string | null;
}

const escaped = (text: string): string => text.toLowerCase().replace(/[\\%_]/g, '\\$&');

/** Anywhere in a name; who looks for an id means that alone. */
const named = (column: string, { id, text }: Wanted) =>
  id === null
    ? sql<boolean>`lower(${sql.ref(column)}) LIKE ${`%${escaped(text)}%`}`
    : sql<boolean>`id = ${id}::uuid`;

export async function findCampaigns(db: Executor, wanted: Wanted): Promise<NamedRow[]> {
  const { rows } = await sql<NamedRow>`
    SELECT id, name AS title, channel || ' · ' || state AS detail FROM campaigns
     WHERE organization_id = ${wanted.organizationId}::uuid AND ${named('name', wanted)}
     ORDER BY created_at DESC, id DESC LIMIT ${wanted.limit}`.execute(db);
  return rows;
}

export async function findImports(db: Executor, wanted: Wanted): Promise<NamedRow[]> {
  const { rows } = await sql<NamedRow>`
    SELECT id, file_name AS title, state AS detail FROM imports
     WHERE organization_id = ${wanted.organizationId}::uuid AND ${named('file_name', wanted)}
     ORDER BY created_at DESC, id DESC LIMIT ${wanted.limit}`.execute(db);
  return rows;
}

export async function findTemplates(db: Executor, wanted: Wanted): Promise<NamedRow[]> {
  const { rows } = await sql<NamedRow>`
    SELECT id, name AS title, channel AS detail FROM templates
     WHERE organization_id = ${wanted.organizationId}::uuid AND archived_at IS NULL AND ${named('name', wanted)}
     ORDER BY updated_at DESC, id DESC LIMIT ${wanted.limit}`.execute(db);
  return rows;
}

export async function findSchedules(db: Executor, wanted: Wanted): Promise<NamedRow[]> {
  const { rows } = await sql<NamedRow>`
    SELECT id, name AS title, job_type AS detail FROM job_schedules
     WHERE organization_id = ${wanted.organizationId}::uuid AND name IS NOT NULL AND removed_at IS NULL
       AND ${named('name', wanted)}
     ORDER BY created_at DESC, id DESC LIMIT ${wanted.limit}`.execute(db);
  return rows;
}

/** By id or by the beginning of a phone number: both through an index. */
export async function findContactsByKey(db: Executor, wanted: Wanted): Promise<NamedRow[]> {
  const { id, phones, organizationId, limit } = wanted;
  if (id !== null) {
    const { rows } = await sql<NamedRow>`
      SELECT id, coalesce(name, phone) AS title, phone AS detail FROM contacts
       WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid`.execute(db);
    return rows;
  }
  const found: NamedRow[] = [];
  for (const phone of phones) {
    const { rows } = await sql<NamedRow>`
      SELECT id, coalesce(name, phone) AS title, phone AS detail FROM contacts
       WHERE organization_id = ${organizationId}::uuid AND phone LIKE ${`${phone}%`}
       ORDER BY phone LIMIT ${limit - found.length}`.execute(db);
    found.push(...rows.filter((row) => found.every((other) => other.id !== row.id)));
    if (found.length >= limit) break;
  }
  return found;
}

/**
 * By the beginning of an email address or of a word of the name. No index serves this (imports would pay for
 * it): it ends at the first `limit` matches, and goes through all contacts where there are fewer.
 */
export async function findContactsByText(db: Executor, wanted: Wanted): Promise<NamedRow[]> {
  const begins = `${escaped(wanted.text)}%`;
  const { rows } = await sql<NamedRow>`
    SELECT id, coalesce(name, phone) AS title, coalesce(email, phone) AS detail FROM contacts
     WHERE organization_id = ${wanted.organizationId}::uuid
       AND (lower(email) LIKE ${begins} OR lower(name) LIKE ${begins} OR lower(name) LIKE ${`% ${begins}`})
     LIMIT ${wanted.limit}`.execute(db);
  return rows;
}
