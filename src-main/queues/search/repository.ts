import { sql } from 'kysely';
import type { SavedSearch } from '@shared/contract/searches';
import { SavedSearchId } from '@shared/domain/ids';
import type { Actor } from '@shared/rpc/define';
import type { Database } from '../../database/database';

export type Owner = Pick<Actor, 'organizationId' | 'userId'>;

/** SQL of `saved_searches`. Everything is of one person in one organization. */
export interface SavedSearchRepository {
  list(owner: Owner): Promise<SavedSearch[]>;
  /** Under a name that is there already, the query is replaced. */
  save(owner: Owner, name: string, query: string): Promise<SavedSearch>;
  /** Undefined where there is none of this id. @throws SQLSTATE 23505 where the name is taken */
  rename(owner: Owner, id: SavedSearchId, name: string): Promise<SavedSearch | undefined>;
  /** The name that it had; undefined where there was none. */
  remove(owner: Owner, id: SavedSearchId): Promise<string | undefined>;
}

const COLUMNS = ['id', 'name', 'query', 'created_at'] as const;
interface Row {
  readonly id: string;
  readonly name: string;
  readonly query: string;
  readonly created_at: Date;
}

const toSearch = (row: Row): SavedSearch => ({
  id: SavedSearchId.parse(row.id),
  name: row.name,
  query: row.query,
  createdAt: row.created_at.toISOString(),
});

export const createSavedSearchRepository = (db: Database): SavedSearchRepository => ({
  async list({ organizationId, userId }) {
    const rows = await db
      .selectFrom('saved_searches')
      .select(COLUMNS)
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', userId)
      .orderBy((eb) => eb.fn('lower', ['name']))
      .execute();
    return rows.map(toSearch);
  },

  async save({ organizationId, userId }, name, query) {
    const row = await db
      .insertInto('saved_searches')
      .values({ organization_id: organizationId, user_id: userId, name, query })
      .onConflict((conflict) =>
        conflict.expression(sql`organization_id, user_id, lower(name)`).doUpdateSet({ name, query }),
      )
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    return toSearch(row);
  },

  async rename({ organizationId, userId }, id, name) {
    const row = await db
      .updateTable('saved_searches')
      .set({ name })
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .returning(COLUMNS)
      .executeTakeFirst();
    return row && toSearch(row);
  },

  async remove({ organizationId, userId }, id) {
    const row = await db
      .deleteFrom('saved_searches')
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .returning('name')
      .executeTakeFirst();
    return row?.name;
  },
});
