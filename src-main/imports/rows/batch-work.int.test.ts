import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { ImportOptions } from '@shared/contract/imports';
import { transaction } from '../../database/database';
import { profiles, type ImportStage } from '../testing/import-stage';
import { withImportStage } from '../testing/with-import-stage';
import { applyBatch, type BatchTarget } from './repository';
import { updatingOf } from './updating/repository';

/** So many batches that going through all rows for one of them is seen. */
const ROWS = 20_000;
const BATCH = 500;

describe.each(profiles)('a batch on the %s profile', (profile) => {
  let stage: ImportStage;
  withImportStage(profile, (opened) => (stage = opened));

  /** An import of contacts that all exist, of which the database has never counted the rows, but all others. */
  const uncountedImport = async (): Promise<string> => {
    const earlier = await stage.open(await stage.write('earlier.csv', 'phone\n+966510000001'));
    const draft = await stage.open(await stage.write('weekly.csv', 'phone\n+966510000001'));
    const { organizationId } = stage.actor;
    await stage.pool.query(
      `INSERT INTO contacts (organization_id, phone, name)
       SELECT $1, '+9665' || 10000000 + n, 'Known' FROM generate_series(1, ${ROWS}) AS n`,
      [organizationId],
    );
    for (const { id } of [earlier, draft]) {
      await stage.pool.query(
        `INSERT INTO import_rows (import_id, organization_id, row_no, state, phone, name, tags, custom_fields, contact_id)
         SELECT $1, $2, n, 'staged', '+9665' || 10000000 + n, 'Row', '{}', '{}', gen_random_uuid()
           FROM generate_series(1, ${ROWS}) AS n`,
        [id, organizationId],
      );
      if (id === earlier.id) await stage.pool.query('ANALYZE');
    }
    return draft.id;
  };

  it.each(['update', 'skip', 'reject'] as const)(
    'reads its own rows and no others, whatever the planner believes: %s',
    async (onExisting) => {
      const target: BatchTarget = {
        ...{ importId: await uncountedImport(), organizationId: stage.actor.organizationId },
        ...{ first: 1, last: BATCH, onExisting, hasOptOuts: false, allNew: false },
        updating: updatingOf({
          columns: [{ header: 'Name', target: { field: 'name' } }],
          options: ImportOptions.parse({}),
        }),
      };
      await transaction(stage.database, async (trx) => {
        const read = async (): Promise<number> => {
          const { rows } = await sql<{ read: number }>`
            SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS read
              FROM pg_stat_xact_user_tables WHERE relname IN ('import_rows', 'contacts')`.execute(trx);
          return rows[0]?.read ?? 0;
        };
        const before = await read();
        const outcome = await applyBatch(trx, target);
        expect(outcome.updated + outcome.skipped + outcome.rejected).toBe(BATCH);
        // Each row some times, and its contact: 20,000 and more where all rows of the import are gone through.
        expect((await read()) - before).toBeLessThan(12 * BATCH);
      });
    },
  );
});
