import type { ConsoleContract } from '@shared/contract';
import type { DomainHandlers } from '@shared/rpc/define';
import type { ImportsDependencies } from './dependencies';
import { createDrafts } from './drafts';
import { createImportHandlers } from './handlers';
import { createImportJobs } from './import-jobs';
import { createKeptFiles } from './kept-files';
import { createMappings } from './mappings/mappings';
import { createRejects } from './rejects';
import { createReviewing } from './reviewing';
import { createRuns } from './runs';
import { createImportService, type ImportService } from './service';
import { tidyUp } from './tidying';
import { createUndos } from './undo/undos';

export type { ImportsDependencies } from './dependencies';
export type { JsonContact } from './json-contacts';

export interface Imports {
  readonly service: ImportService;
  readonly handlers: DomainHandlers<ConsoleContract['imports']>;
  /**
   * Takes up imports that an earlier run left behind; call once the background is there. Never rejects: what it
   * cannot take up while the database is away, it takes up once that is back.
   */
  start(): Promise<void>;
  /** Stops reading files; started imports are taken up by the next start. */
  stop(): Promise<void>;
}

/** Imports on main's side, wired together. The background's side is spreadsheet-handlers.ts, the worker's processor.ts. */
export function createImports(deps: ImportsDependencies): Imports {
  const kept = createKeptFiles(deps.dataDir);
  const jobs = createImportJobs(deps);
  const drafts = createDrafts(deps, kept);
  const runs = createRuns(deps, kept, jobs);
  const undos = createUndos(deps.database, deps.logger);
  const reviewing = createReviewing(deps, drafts, kept);
  const service = createImportService(deps, { drafts, reviewing, runs, jobs, kept, undos });
  return {
    service,
    handlers: createImportHandlers(service, drafts, createRejects(deps), reviewing, createMappings(deps)),
    async start() {
      await tidyUp(deps.database, kept, deps.logger);
      await runs.start();
      await undos.start();
    },
    async stop() {
      await Promise.all([runs.stop(), undos.stop()]);
    },
  };
}
