import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '@shared/rpc/define';
import { SavedSearchId } from '@shared/domain/ids';
import { createDatabase, type Database } from '../../database/database';
import { migrate } from '../../database/migrate';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from '../../database/testing/databases';
import { createSavedSearchRepository } from './repository';
import { SearchService } from './service';

describe.each(['postgres', 'pglite'] as const)('saved searches on %s', (kind) => {
  let database: TestDatabase;
  let db: Database;
  let service: SearchService;
  let mona: Actor;
  let omar: Actor;
  const audited: string[] = [];

  beforeAll(async () => {
    database = await openTestDatabase(kind);
    await migrate(database.pool);
    db = createDatabase(database.pool);
    const person = async (organizationId: string, email: string): Promise<Actor> => {
      const { id } = await db
        .insertInto('profiles')
        .values({ organization_id: organizationId, email })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { organizationId, userId: id, via: 'desktop' };
    };
    const { id } = await db
      .insertInto('organizations')
      .values({ name: 'Mill' })
      .returning('id')
      .executeTakeFirstOrThrow();
    mona = await person(id, 'mona@mill.example');
    omar = await person(id, 'omar@mill.example');
    service = new SearchService({
      engine: { onChanges: () => () => undefined } as never,
      repository: createSavedSearchRepository(db),
      audit: ({ action, target }) => {
        audited.push(`${action} ${String(target)}`);
        return Promise.resolve();
      },
    });
  }, SET_UP_MS);
  afterAll(async () => {
    service.close();
    await database.close();
  }, SET_UP_MS);

  it('are kept for each person by name, replaced, renamed and removed', async () => {
    const names = async (actor: Actor): Promise<string[]> =>
      (await service.list(actor)).map(({ name, query }) => `${name}: ${query}`);
    const late = await service.save('Late', 'state:delayed', mona);
    await service.save('broken', 'state:failed', mona);
    await service.save('Broken', 'state:failed attempts:>2', mona);
    await service.save('Broken', 'state:failed', omar);
    expect(await names(mona)).toEqual(['Broken: state:failed attempts:>2', 'Late: state:delayed']);
    expect(await names(omar)).toEqual(['Broken: state:failed']);

    await expect(service.rename(late.id, 'BROKEN', mona)).rejects.toMatchObject({
      error: { code: 'conflict' },
    });
    await service.rename(late.id, 'Later', mona);
    await expect(service.rename(late.id, 'Mine', omar)).rejects.toMatchObject({
      error: { code: 'not_found' },
    });
    await expect(service.remove(late.id, omar)).rejects.toMatchObject({ error: { code: 'not_found' } });
    await service.remove(late.id, mona);
    expect(await names(mona)).toEqual(['Broken: state:failed attempts:>2']);
    const nobody = SavedSearchId.parse('00000000-0000-4000-8000-000000000001');
    await expect(service.remove(nobody, mona)).rejects.toMatchObject({ error: { code: 'not_found' } });
    expect(audited).toContain('searches.rename Later');
    expect(audited).toContain('searches.remove Later');
  });
});
