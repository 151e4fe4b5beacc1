import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ImportOptions,
  type ImportDraft,
  type ImportPreview,
  type ImportSummary,
  type Mapping,
  type PreviewRow,
} from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { openStage, quiet, type Profile, type Stage } from '../../../e2e/fixtures/campaign-stage';
import { memoryJournal, memoryLogger, nothingDone } from '../../engine/testing/processors';
import { createWorkerHost } from '../../engine/worker-host';
import { createFileExchange, type FileExchange } from '../../files/exchange';
import type { ImportsDependencies } from '../dependencies';
import { createImports, type Imports } from '../index';
import { createImportProcessor } from '../processor';
import { openBackgroundSide } from './background-side';
import { bundle } from './bundle';

export { type Profile, profiles } from '../../../e2e/fixtures/campaign-stage';

/** An import from file to contacts, everything real: reader thread, queue, worker, database. */
export interface ImportStage extends Stage {
  readonly imports: Imports;
  readonly files: FileExchange;
  readonly folder: string;
  readonly threads: { readonly threadPath: string; readonly reviewPath: string };
  /** Lets go of the rows of all drafts, as when the background process has died. */
  forgetReviews(): Promise<void>;
  /** A console of its own on the same stores, as after a restart; with something broken on the way, if asked. */
  restart(spoil?: (deps: ImportsDependencies) => ImportsDependencies): Imports;
  startWorker(): Promise<{ shutdown: () => Promise<void> }>;
  write(name: string, content: string | Buffer): Promise<string>;
  open(path: string): Promise<ImportDraft>;
  /** The draft's rows and what would come of them. */
  look(
    draft: ImportDraft,
    options?: Partial<ImportOptions>,
    mapping?: Mapping,
  ): Promise<{ preview: ImportPreview; rows: PreviewRow[] }>;
  start(draft: ImportDraft, options?: Partial<ImportOptions>, mapping?: Mapping): Promise<ImportSummary>;
  /** The import once it is in one of these states. */
  until(importId: ImportId, ...states: ImportSummary['state'][]): Promise<ImportSummary>;
  contacts(): Promise<StoredContact[]>;
}

export interface StoredContact {
  readonly phone: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly tags: string[];
  readonly custom: Record<string, string>;
  readonly optedOut: boolean;
}

export const context = (stage: Pick<Stage, 'actor'>) => ({
  actor: stage.actor,
  signal: new AbortController().signal,
});

/** `own` names a database instead of the one that the tests of a run share, for a test that breaks its server. */
export async function openImportStage(
  profile: Profile,
  own: { readonly databaseUrl?: string } = {},
): Promise<ImportStage> {
  const stage = await openStage(profile, own);
  const folder = await mkdtemp(join(tmpdir(), 'adsapp-imports-'));
  const thread = await bundle('src-main/imports/reader/thread.ts');
  const files = await createFileExchange({ directory: join(folder, 'files'), report: () => undefined });
  const reviewThread = await bundle('src-main/imports/review/thread.ts');
  const paths = { threadPath: thread.path, reviewPath: reviewThread.path };
  const { forgetReviews, ...background } = openBackgroundSide(
    { pool: stage.pool, ...paths },
    stage.actor,
    (path, thrown) => quiet.error(path, { thrown }),
  );
  const makeImports: ImportStage['restart'] = (spoil = (deps) => deps) =>
    createImports(
      spoil({
        ...{ database: stage.database, ...background, files, logger: quiet, dataDir: folder },
        queues: { addJob: (job) => stage.engine.queue('contact-import').add(job) },
        jobs: stage.engine.queue('contact-import'),
        audit: () => Promise.resolve(),
      }),
    );
  const imports = makeImports();
  const { handlers } = imports;

  return {
    ...stage,
    imports,
    files,
    folder,
    threads: paths,
    restart: makeImports,
    forgetReviews,
    async startWorker() {
      const host = createWorkerHost({
        engine: stage.engine,
        processors: {
          ...nothingDone,
          'contact-import': createImportProcessor(stage.database, { isEmbedded: profile === 'embedded' }),
        },
        journal: memoryJournal(),
        logger: memoryLogger(),
        kind: 'worker',
        version: '0',
      });
      await host.start();
      return { shutdown: () => host.shutdown(0) };
    },
    async write(name, content) {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    open: async (path) => unwrap(await handlers.open({ source: { kind: 'path', path } }, context(stage))),
    async look(draft, options = {}, mapping = draft.columns.map(({ target }) => target)) {
      const chosen = ImportOptions.parse({ ...draft.options, ...options });
      const settings = { importId: draft.id, mapping, options: chosen, continueImport: false };
      const preview = unwrap(await handlers.preview(settings, context(stage)));
      const page = { filter: { show: 'all' as const }, start: 0, count: 500 };
      const { rows } = unwrap(await handlers.rows({ ...settings, ...page }, context(stage)));
      return { preview, rows };
    },
    start: async (draft, options = {}, mapping = draft.columns.map(({ target }) => target)) =>
      unwrap(
        await handlers.start(
          {
            importId: draft.id,
            mapping,
            options: ImportOptions.parse({ ...draft.options, ...options }),
            continueImport: false,
          },
          context(stage),
        ),
      ),
    async until(importId, ...states) {
      for (let tries = 0; tries < 2_000; tries += 1) {
        const summary = unwrap(await handlers.get({ importId }, context(stage)));
        if (states.includes(summary.state)) return summary;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const now = unwrap(await handlers.get({ importId }, context(stage)));
      throw new Error(
        `The import is ${now.state} (${now.problem ?? 'no problem'}), not ${states.join(' or ')}.`,
      );
    },
    async contacts() {
      const rows = await stage.database
        .selectFrom('contacts')
        .select(['phone', 'name', 'email', 'tags', 'custom_fields', 'opted_out_at'])
        .where('organization_id', '=', stage.actor.organizationId)
        .orderBy('phone')
        .execute();
      return rows.map((row) => ({
        ...{ phone: row.phone, name: row.name, email: row.email, tags: row.tags },
        custom: row.custom_fields as Record<string, string>,
        optedOut: row.opted_out_at !== null,
      }));
    },
    async close() {
      await imports.stop();
      await forgetReviews();
      await files.close();
      await stage.close();
      await thread.dispose();
      await reviewThread.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
