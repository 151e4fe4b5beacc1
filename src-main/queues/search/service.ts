import type { SavedSearch, SearchFilter } from '@shared/contract/searches';
import type { SavedSearchId } from '@shared/domain/ids';
import { AppFailure, notFound } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../../activity/audit';
import { sqlState } from '../../database/database';
import { JobCache } from './job-cache';
import type { SavedSearchRepository } from './repository';
import { Search, type SearchEngine, type SearchOptions } from './search';

/** About as many bytes, and twice that where payloads are not in Latin letters. */
const MAX_CHARACTERS = 192_000_000;
/** After this long without a search what was read is forgotten. */
const IDLE_MS = 5 * 60_000;
const UNIQUE_VIOLATION = '23505';

export interface SearchDependencies {
  readonly engine: SearchEngine;
  readonly repository: SavedSearchRepository;
  readonly audit: Audit;
}

/** Search over all jobs, and lines of search that somebody keeps. */
export class SearchService {
  private readonly cache: JobCache;

  constructor(private readonly deps: SearchDependencies) {
    this.cache = new JobCache(deps.engine, { maxCharacters: MAX_CHARACTERS, idleMs: IDLE_MS });
  }

  close(): void {
    this.cache.close();
  }

  /** Resolves when everything was looked at, or the search was stopped. */
  async run(filter: SearchFilter, options: SearchOptions): Promise<void> {
    try {
      await new Search(this.deps.engine, this.cache, filter, options).run();
    } catch (error) {
      if (!options.signal.aborted) throw error;
    }
  }

  list(actor: Actor): Promise<SavedSearch[]> {
    return this.deps.repository.list(actor);
  }

  async save(name: string, query: string, actor: Actor): Promise<SavedSearch> {
    const saved = await this.deps.repository.save(actor, name, query);
    await this.record(actor, 'searches.save', saved.name, { query });
    return saved;
  }

  async rename(id: SavedSearchId, name: string, actor: Actor): Promise<SavedSearch> {
    const renamed = await this.deps.repository.rename(actor, id, name).catch((error: unknown) => {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
      throw new AppFailure({
        code: 'conflict',
        message: `Another of your searches is called “${name}”.`,
        action: 'Choose another name.',
      });
    });
    if (renamed === undefined) throw new AppFailure(notFound('saved search', id));
    await this.record(actor, 'searches.rename', renamed.name);
    return renamed;
  }

  async remove(id: SavedSearchId, actor: Actor): Promise<void> {
    const name = await this.deps.repository.remove(actor, id);
    if (name === undefined) throw new AppFailure(notFound('saved search', id));
    await this.record(actor, 'searches.remove', name);
  }

  private record(
    actor: Actor,
    action: string,
    target: string,
    detail: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    return this.deps.audit({ actor, action, target, detail });
  }
}
