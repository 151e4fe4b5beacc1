import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { context, profiles, type ImportStage } from './testing/import-stage';
import { withImportStage } from './testing/with-import-stage';

/** Long enough to be caught while it is read. */
const ROWS = 120_000;
const KNOWN = 100;

const csv = ['phone,name,tags']
  .concat(
    Array.from({ length: ROWS }, (_, n) =>
      n % 1_000 === 999 ? `broken,Person ${n},` : `+9665${10_000_000 + n},Person ${n},${n % 7}`,
    ),
  )
  .join('\n');

describe.each(profiles)('an import that is written while its file is read on the %s profile', (profile) => {
  let stage: ImportStage;
  withImportStage(profile, (opened) => (stage = opened));
  beforeEach(async () => {
    await stage.database.deleteFrom('contacts').execute();
    await stage.pool.query(
      `INSERT INTO contacts (organization_id, phone, name)
       SELECT $1, '+9665' || (10000000 + n), 'Known' FROM generate_series(1, ${KNOWN}) AS n`,
      [stage.actor.organizationId],
    );
  });

  /** Starts the file and returns once some of its rows are written and others are not read yet. */
  const halfWay = async (name: string): Promise<ImportId> => {
    const draft = await stage.open(await stage.write(name, csv));
    await stage.start(draft, { updateExisting: true });
    for (;;) {
      const { state, totals } = unwrap(
        await stage.imports.handlers.get({ importId: draft.id }, context(stage)),
      );
      expect(state).toBe('staging');
      if (totals.updated === 0) {
        await delay(2);
        continue;
      }
      // Lines are of one length but for a few: what has been read says how many there are.
      expect(totals.expected).toBeGreaterThan(0.95 * ROWS);
      expect(totals.expected).toBeLessThan(1.05 * ROWS);
      return draft.id;
    }
  };
  const countContacts = async (): Promise<number> => {
    const { rows } = await stage.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM contacts');
    return rows[0]?.n ?? 0;
  };
  const expected = {
    ...{ read: ROWS, inserted: ROWS - KNOWN - ROWS / 1_000, updated: KNOWN },
    ...{ skipped: 0, rejected: ROWS / 1_000 },
  };

  it('ends with every row in one place', async () => {
    const id = await halfWay('whole.csv');
    expect((await stage.until(id, 'completed', 'failed')).totals).toMatchObject(expected);
    expect(await countContacts()).toBe(ROWS - ROWS / 1_000);
  }, 60_000);

  it('goes on where it was after a pause, and nothing is written twice', async () => {
    const id = await halfWay('paused.csv');
    const paused = unwrap(await stage.imports.handlers.pause({ importId: id }, context(stage)));
    expect(paused).toMatchObject({ state: 'paused', totals: { read: null, updated: KNOWN } });
    // Batches that were under way when it was paused are not committed any more.
    const written = await countContacts();
    await delay(500);
    expect(await countContacts()).toBe(written);
    unwrap(await stage.imports.handlers.resume({ importId: id }, context(stage)));
    expect((await stage.until(id, 'completed', 'failed')).totals).toMatchObject(expected);
    expect(await countContacts()).toBe(ROWS - ROWS / 1_000);
  }, 60_000);

  it('is taken back as far as it was written when it is cancelled so', async () => {
    // As the server does by itself now and then: its statistics know nothing of what comes after.
    await stage.pool.query('ANALYZE');
    const id = await halfWay('cancelled.csv');
    unwrap(await stage.imports.handlers.cancel({ importId: id, rollBack: true }, context(stage)));
    await expect
      .poll(async () => (await stage.until(id, 'cancelled')).undo?.finishedAt ?? null, { timeout: 30_000 })
      .not.toBeNull();
    expect(await countContacts()).toBe(KNOWN);
    const names = await stage.pool.query('SELECT DISTINCT name FROM contacts');
    expect(names.rows).toEqual([{ name: 'Known' }]);
  }, 60_000);

  it('is not read any further once its job was taken out of the queue', async () => {
    const id = await halfWay('withdrawn.csv');
    await stage.imports.service.jobWithdrawn(id);
    const { state, totals } = await stage.until(id, 'cancelled', 'completed', 'failed');
    expect([state, totals.read]).toEqual(['cancelled', null]);
    const written = await countContacts();
    await delay(500);
    expect(await countContacts()).toBe(written);
  }, 60_000);
});
