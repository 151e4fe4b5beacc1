import type { ImportOptions, ImportSummary, KeptRow } from '@shared/contract/imports';
import { headerFingerprint } from '@shared/domain/column-mapping';
import type { ImportId, JobId } from '@shared/domain/ids';
import { fail, notFound, ok, type AppError, type Result } from '@shared/errors';
import { createRates } from '@shared/domain/rate-eta';
import type { Actor } from '@shared/rpc/define';
import type { ImportsDependencies } from './dependencies';
import { dateOrdersOf } from './date-orders';
import type { Drafts, Settings } from './drafts';
import { type ImportJobs, jobIdOf } from './import-jobs';
import { importJsonContacts, type JsonContact } from './json-contacts';
import type { KeptFiles } from './kept-files';
import { rememberMapping } from './mappings/repository';
import {
  findImport,
  type ImportRecord,
  listImports,
  markUndo,
  moveImport,
  type StoredState,
} from './repository';
import { keptRows } from './undo/repository';
import type { Reviewing } from './reviewing';
import type { Runs } from './runs';
import { isMoving, isStaged, progressOf, summaryOf } from './summary';
import type { Undos } from './undo/undos';

export interface ImportService {
  /** Answers the import that the rows go into: another one where the draft goes on with it. */
  start(
    importId: ImportId,
    settings: Settings,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Result<ImportSummary>>;
  get(importId: ImportId, actor: Actor): Promise<Result<ImportSummary>>;
  list(
    page: { readonly after?: { readonly at: Date; readonly id: string } | undefined; readonly limit: number },
    actor: Actor,
  ): Promise<{ imports: ImportSummary[]; next: { at: Date; id: string } | null }>;
  pause(importId: ImportId, actor: Actor): Promise<Result<ImportSummary>>;
  resume(importId: ImportId, actor: Actor): Promise<Result<ImportSummary>>;
  /** Stops it for good; with `rollBack`, what was written so far is then taken back, also after a restart. */
  cancel(
    importId: ImportId,
    options: { readonly rollBack: boolean },
    actor: Actor,
  ): Promise<Result<ImportSummary>>;
  /** Takes the whole import back; goes on by itself, also after a restart. */
  undo(importId: ImportId, actor: Actor): Promise<Result<ImportSummary>>;
  /** What an undo left as it is. */
  kept(
    importId: ImportId,
    page: { readonly start: number; readonly count: number },
    actor: Actor,
  ): Promise<Result<{ total: number; rows: KeptRow[] }>>;
  /** Somebody took the import's job out of its queue: what is not written yet will not be. */
  jobWithdrawn(importId: ImportId): Promise<void>;
  /** The guide's JSON import: the contacts are staged when this answers, and the job is queued. */
  importContacts(
    contacts: readonly JsonContact[],
    options: ImportOptions,
    actor: Actor,
  ): Promise<Result<{ importId: ImportId; jobId: JobId }>>;
}

interface Parts {
  readonly drafts: Drafts;
  readonly reviewing: Reviewing;
  readonly runs: Runs;
  readonly jobs: ImportJobs;
  readonly kept: KeptFiles;
  readonly undos: Undos;
}

const RATE_WINDOW_MS = 5_000;

/** What can be done with imports that were started. */
export function createImportService(deps: ImportsDependencies, parts: Parts): ImportService {
  const { database, audit, logger } = deps;
  const { drafts, reviewing, runs, jobs, kept, undos } = parts;
  const rates = createRates(RATE_WINDOW_MS);

  /** Reading and writing have a rate each. */
  const summarise = (record: ImportRecord): ImportSummary =>
    summaryOf(
      record,
      isMoving(record) ? rates.note(`${record.id} ${record.state}`, progressOf(record)) : null,
    );

  const get = async (importId: ImportId, actor: Actor): Promise<Result<ImportSummary>> => {
    const record = await findImport(database, actor.organizationId, importId);
    return record === undefined ? fail(notFound('import', importId)) : ok(summarise(record));
  };

  /** Moves an import of the actor's organization, or says why it cannot be moved. */
  const move = async (
    importId: ImportId,
    actor: Actor,
    verb: string,
    step: (record: ImportRecord) => Promise<boolean>,
  ): Promise<Result<ImportRecord>> => {
    const record = await findImport(database, actor.organizationId, importId);
    if (record === undefined) return fail(notFound('import', importId));
    if (!(await step(record))) {
      const now = await findImport(database, actor.organizationId, importId);
      return fail(now?.undo == null ? wrongState(now?.state ?? record.state, verb) : alreadyUndone);
    }
    await audit({ actor, action: `imports.${verb}`, target: importId });
    return ok(record);
  };

  /** The import stays as it was, and the mended file is a draft again. */
  const stopContinuing = async (
    importId: ImportId,
    draftId: ImportId,
    actor: Actor,
  ): Promise<Result<ImportSummary>> => {
    const moved = await moveImport(database, draftId, ['staging'], 'draft', { continues: null });
    if (!moved) return fail(wrongState('ready', 'cancel'));
    await audit({ actor, action: 'imports.cancel', target: importId });
    await runs.stopStaging(draftId);
    return get(importId, actor);
  };

  return {
    get,

    async start(importId, settings, actor, signal) {
      const draft = await drafts.startable(importId, settings, actor, signal);
      if (!draft.ok) return draft;
      const { record, headers, mapping, continues } = draft.value;
      const dateOrders = await dateOrdersOf(draft.value, settings.options, () =>
        reviewing.preview({ importId, ...settings }, { actor, signal }),
      );
      if (!dateOrders.ok) return dateOrders;
      const options = { ...settings.options, dateOrders: dateOrders.value };
      const moved = await moveImport(database, importId, ['draft'], 'staging', {
        columns: headers.map((header, index) => ({ header, target: mapping[index] ?? { field: 'ignore' } })),
        options,
        ...(record.sheet === null ? {} : { sheet: record.sheet }),
        ...(record.headerRow === null ? {} : { headerRow: record.headerRow }),
        jobId: jobIdOf(importId),
        started: true,
        continues,
      });
      if (!moved) return fail(wrongState('staging', 'start'));
      // The columns of a rejects file are those of its import, which was remembered when it was started.
      if (actor.via !== 'rest' && continues === null) {
        const names = { fingerprint: headerFingerprint(headers), names: headers };
        await rememberMapping(database, actor.organizationId, names, { mapping, options });
      }
      const { fileName, sizeBytes } = record;
      await audit({
        actor,
        action: continues === null ? 'imports.start' : 'imports.continue',
        target: continues ?? importId,
        detail: { fileName, sizeBytes, options },
      });
      const started = await findImport(database, actor.organizationId, importId);
      if (started === undefined) return fail(notFound('import', importId));
      // Looked up before the file is read: it may be put in, and be gone, a moment later.
      const shown = continues === null ? ok(summarise(started)) : await get(continues, actor);
      runs.stage(started);
      return shown;
    },

    async list({ after, limit }, actor) {
      const page = { limit: limit + 1, ...(after === undefined ? {} : { after }) };
      const records = await listImports(database, actor.organizationId, page);
      const last = records.length > limit ? records[limit - 1] : undefined;
      return {
        imports: records.slice(0, limit).map(summarise),
        next: last === undefined ? null : { at: last.createdAt, id: last.id },
      };
    },

    async pause(importId, actor) {
      const moved = await move(importId, actor, 'pause', () =>
        moveImport(database, importId, ['staging', 'ready', 'running'], 'paused'),
      );
      if (!moved.ok) return moved;
      await runs.stopStaging(importId);
      return get(importId, actor);
    },

    async resume(importId, actor) {
      const patch = { error: null, finished: false };
      const record = await findImport(database, actor.organizationId, importId);
      const isBeingSent = record?.source === 'api' && !isStaged(record);
      if (isBeingSent && record.state === 'failed') return fail(contactsGone);
      if (record !== undefined && !isStaged(record) && !isBeingSent && !(await kept.has(importId)))
        return fail(copyGone);
      const moved = await move(importId, actor, 'resume', (found) =>
        moveImport(database, importId, ['paused', 'failed'], isStaged(found) ? 'ready' : 'staging', patch),
      );
      if (!moved.ok) return moved;
      if (isStaged(moved.value)) await runs.enqueue(moved.value);
      else if (!isBeingSent) runs.stage(moved.value);
      return get(importId, actor);
    },

    async cancel(importId, { rollBack }, actor) {
      const found = await findImport(database, actor.organizationId, importId);
      if (found?.continuedBy != null) return stopContinuing(found.id, found.continuedBy.id, actor);
      const moved = await move(importId, actor, 'cancel', () =>
        moveImport(database, importId, ['staging', 'ready', 'running', 'paused', 'failed'], 'cancelled', {
          ...{ finished: true, undo: rollBack },
        }),
      );
      if (!moved.ok) return moved;
      if (rollBack) undos.run(moved.value);
      await runs.stopStaging(importId);
      await kept.discard(importId);
      try {
        await jobs.wake(moved.value);
      } catch (error) {
        logger.debug('The job of a cancelled import could not be woken; it ends when it runs.', {
          importId,
          reason: String(error),
        });
      }
      return get(importId, actor);
    },

    async undo(importId, actor) {
      const found = await findImport(database, actor.organizationId, importId);
      if (found?.continuedBy != null) return fail(wrongState('staging', 'undo'));
      const moved = await move(importId, actor, 'undo', () => markUndo(database, importId));
      if (!moved.ok) return moved;
      undos.run(moved.value);
      return get(importId, actor);
    },

    async kept(importId, page, actor) {
      const record = await findImport(database, actor.organizationId, importId);
      if (record === undefined) return fail(notFound('import', importId));
      return ok({ total: record.undo?.kept ?? 0, rows: await keptRows(database, importId, page) });
    },

    async jobWithdrawn(importId) {
      const open = ['staging', 'ready', 'running', 'paused'] as const;
      if (!(await moveImport(database, importId, open, 'cancelled', { finished: true }))) return;
      await runs.stopStaging(importId);
      await kept.discard(importId);
    },

    async importContacts(contacts, options, actor) {
      const result = await importJsonContacts({ database, runs }, contacts, options, actor);
      if (result.ok) {
        const detail = { contacts: contacts.length, options };
        await audit({ actor, action: 'imports.start', target: result.value.importId, detail });
      }
      return result;
    },
  };
}

const STATE_WORDS: Readonly<Record<StoredState, string>> = {
  draft: 'has not been started',
  staging: 'is being read',
  ready: 'is queued',
  running: 'is running',
  paused: 'is paused',
  completed: 'is completed',
  cancelled: 'was cancelled',
  failed: 'has failed',
};

const wrongState = (state: StoredState, verb: string): AppError => ({
  code: 'conflict',
  message: `This import ${STATE_WORDS[state]}; it cannot ${verb}.`,
  action: 'Refresh to see its state.',
});

const alreadyUndone: AppError = {
  code: 'conflict',
  message: 'This import was taken back already.',
  action: 'Refresh to see what came of it.',
};

const contactsGone: AppError = {
  code: 'conflict',
  message: 'Not all contacts of this import have arrived.',
  action: 'Send them again. Those that are there already are recognised by their phone number.',
};

const copyGone: AppError = {
  code: 'conflict',
  message: 'The copy of the file is not on this machine any more.',
  action: 'Open the file again. Contacts that were imported already are recognised by their phone number.',
};
