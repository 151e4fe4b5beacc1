import { sql } from 'kysely';
import type { Database } from '../database/database';

/** Whether an organization has imported, written and sent nothing yet. */
export const isFirstRun = async (database: Database, organizationId: string): Promise<boolean> => {
  const { rows } = await sql<{ used: boolean }>`
    SELECT EXISTS (SELECT 1 FROM contacts WHERE organization_id = ${organizationId}::uuid)
        OR EXISTS (SELECT 1 FROM templates WHERE organization_id = ${organizationId}::uuid)
        OR EXISTS (SELECT 1 FROM campaigns WHERE organization_id = ${organizationId}::uuid)
        OR EXISTS (SELECT 1 FROM imports WHERE organization_id = ${organizationId}::uuid AND state <> 'draft') AS used`.execute(
    database,
  );
  return rows[0]?.used === false;
};
