import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabaseUrl } from '../../e2e/fixtures/services';
import { createDatabase, type Database } from '../database/database';
import { migrate } from '../database/migrate';
import { createPgPool, type Pool } from '../database/pool';
import { createQueueMetricsRepository, type MinuteRow } from './repository';

describe('measurements in the database', () => {
  let pool: Pool;
  let db: Database;
  let organizationId: string;
  beforeAll(async () => {
    pool = createPgPool(await testDatabaseUrl());
    await migrate(pool);
    db = createDatabase(pool);
    const row = await db
      .insertInto('organizations')
      .values({ name: 'Mill' })
      .returning('id')
      .executeTakeFirstOrThrow();
    organizationId = row.id;
  });
  afterAll(() => pool.end());

  const minute = (at: string, completed: number, more: Partial<MinuteRow> = {}): MinuteRow => ({
    queue: 'bulk-messages',
    minute: new Date(at),
    completed,
    failed: 1,
    wait: [0, 2, 5],
    run: [1],
    backlog: 12,
    active: 1,
    delayed: 0,
    ...more,
  });

  it('come back as they were written, oldest first, of the queues and the time that were asked for', async () => {
    const repository = createQueueMetricsRepository(db);
    await repository.saveMinutes(organizationId, [
      minute('2026-11-24T10:01:00Z', 7),
      minute('2026-11-24T10:00:00Z', 5, { backlog: null }),
      minute('2026-11-24T10:00:00Z', 9, { queue: 'contact-import' }),
    ]);
    const from = new Date('2026-11-24T10:00:00Z');
    const rows = await repository.minutes(
      organizationId,
      ['bulk-messages'],
      from,
      new Date('2026-11-24T11:00:00Z'),
    );
    expect(rows.map((row) => [row.completed, row.backlog])).toEqual([
      [5, null],
      [7, 12],
    ]);
    expect(rows[0]).toMatchObject({ failed: 1, wait: [0, 2, 5], run: [1], minute: from });
    expect(await repository.minutes(organizationId, ['bulk-messages'], from, from)).toEqual([]);
    await repository.saveMinutes(organizationId, []);
  });

  it('of a minute that two consoles saw are those of the one that saw more, and writing twice adds nothing', async () => {
    const repository = createQueueMetricsRepository(db);
    const at = '2026-11-24T12:00:00Z';
    const read = async () => {
      const from = new Date(at);
      const rows = await repository.minutes(
        organizationId,
        ['bulk-messages'],
        from,
        new Date('2026-11-24T12:01:00Z'),
      );
      return rows.map((row) => row.completed);
    };
    await repository.saveMinutes(organizationId, [minute(at, 10)]);
    await repository.saveMinutes(organizationId, [minute(at, 10)]);
    expect(await read()).toEqual([10]);
    await repository.saveMinutes(organizationId, [minute(at, 4)]);
    expect(await read()).toEqual([10]);
    await repository.saveMinutes(organizationId, [minute(at, 15)]);
    expect(await read()).toEqual([15]);
  });
});
