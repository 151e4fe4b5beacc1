import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { z } from 'zod';
import {
  ImportOptions,
  type FileSource,
  type ImportDraft,
  type Mapping,
  type OpenedFile,
  type SuggestedColumn,
} from '@shared/contract/imports';
import { headerFingerprint, mappingProblems } from '@shared/domain/column-mapping';
import { ImportId } from '@shared/domain/ids';
import { parseCountryCode } from '@shared/domain/phone';
import { updateRuleProblems } from '@shared/domain/update-rules';
import { AppFailure, fail, notFound, ok, unwrap, type AppError, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Inspection } from '../background/contract';
import { findContinued, nothingToContinue, toldContinuation } from './continuing/continuing';
import { isRejectsColumn } from './continuing/mark';
import type { ImportsDependencies } from './dependencies';
import type { KeptFiles } from './kept-files';
import { findSavedMapping } from './mappings/repository';
import {
  createImport,
  deleteDraft,
  findDrafts,
  findImport,
  findSameFile,
  type ImportRecord,
  moveImport,
} from './repository';

type FileInspection = z.infer<typeof Inspection>;

/** Drafts whose inspection is kept in memory; the others are looked at anew. */
const MAX_REMEMBERED = 20;
const DEFAULT_OPTIONS = ImportOptions.parse({});

/** What a draft is previewed or started with. */
export interface Settings {
  readonly mapping: Mapping;
  readonly options: ImportOptions;
  readonly continueImport: boolean;
}

export interface Drafts {
  open(source: FileSource, actor: Actor, signal: AbortSignal): Promise<Result<ImportDraft>>;
  draft(importId: ImportId, actor: Actor, signal: AbortSignal): Promise<Result<ImportDraft>>;
  /** Those whose file lies here, the last opened first. */
  list(actor: Actor): Promise<OpenedFile[]>;
  inspect(
    importId: ImportId,
    place: { readonly sheet?: string | undefined; readonly headerRow?: number | undefined },
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Result<ImportDraft>>;
  /** A draft that may be started, with what its file holds. */
  startable(
    importId: ImportId,
    settings: Settings,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Result<StartableDraft>>;
  /** A draft with the place of its rows and the names of its columns. */
  place(importId: ImportId, actor: Actor, signal: AbortSignal): Promise<Result<DraftPlace>>;
  discard(importId: ImportId, actor: Actor): Promise<Result<Record<string, never>>>;
}

export interface DraftPlace {
  readonly record: ImportRecord;
  readonly headers: string[];
  readonly inspection: FileInspection;
}

export interface StartableDraft {
  readonly record: ImportRecord;
  readonly headers: string[];
  readonly mapping: Mapping;
  readonly columns: readonly SuggestedColumn[];
  /** The import that its rows are to be put into, where they are. */
  readonly continues: ImportId | null;
}

/** Files that were opened and not started: looked at, mapped, previewed; no contact is written. */
export function createDrafts(deps: ImportsDependencies, kept: KeptFiles): Drafts {
  const { database, spreadsheets, files } = deps;
  const remembered = new Map<ImportId, FileInspection>();

  const remember = (importId: ImportId, inspection: FileInspection): FileInspection => {
    remembered.delete(importId);
    remembered.set(importId, inspection);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= MAX_REMEMBERED) break;
      remembered.delete(oldest);
    }
    return inspection;
  };

  const findDraft = async (importId: ImportId, actor: Actor): Promise<Result<ImportRecord>> => {
    const record = await findImport(database, actor.organizationId, importId);
    if (record === undefined) return fail(notFound('import', importId));
    return record.state === 'draft' ? ok(record) : fail(alreadyStarted);
  };

  const inspectionOf = async (record: ImportRecord, signal: AbortSignal): Promise<Result<FileInspection>> => {
    const known = remembered.get(record.id);
    if (known !== undefined) return ok(known);
    const inspection = await spreadsheets.inspect(
      {
        path: kept.pathOf(record.id),
        ...(record.sheet === null ? {} : { sheet: record.sheet }),
        ...(record.headerRow === null ? {} : { headerRow: record.headerRow }),
      },
      { signal },
    );
    if (inspection.ok) remember(record.id, inspection.value);
    return inspection;
  };

  const present = async (
    record: Pick<ImportRecord, 'id' | 'fileName' | 'sizeBytes' | 'sha256'>,
    inspection: FileInspection,
    actor: Actor,
  ): Promise<ImportDraft> => {
    const headers = inspection.columns.map(({ header }) => header);
    // Scripts get the same answer to the same file every time; people get what they chose the last time.
    const saved =
      actor.via === 'rest'
        ? undefined
        : await findSavedMapping(database, actor.organizationId, headerFingerprint(headers));
    const same =
      record.sha256 === null
        ? undefined
        : await findSameFile(database, actor.organizationId, record.sha256, record.id);
    const suggested = suggest(inspection.columns, undefined);
    const continuation = await findContinued(database, actor.organizationId, inspection);
    return {
      id: record.id,
      fileName: record.fileName,
      sizeBytes: record.sizeBytes,
      format: inspection.format,
      text: inspection.text,
      sheets: inspection.sheets,
      sheet: inspection.sheet,
      headerRow: inspection.headerRow,
      columns: saved === undefined ? suggested : suggest(inspection.columns, saved.mapping),
      head: inspection.head,
      // What overwrites contacts is decided anew for each file.
      options: { ...DEFAULT_OPTIONS, defaultCountry: saved?.defaultCountry ?? null },
      sameFile: same === undefined ? null : { id: same.id, at: same.at.toISOString() },
      remembered: saved === undefined ? null : { uses: saved.uses, usedAt: saved.usedAt, suggested },
      ...toldContinuation(continuation),
    };
  };

  const openFile = async (
    file: { readonly path: string; readonly name: string },
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Result<ImportDraft>> => {
    const id = ImportId.parse(randomUUID());
    try {
      const copy = await kept.keep(id, file.path);
      const inspection = unwrap(await spreadsheets.inspect({ path: copy.path }, { signal }));
      const record = { id, fileName: file.name, sizeBytes: copy.sizeBytes, sha256: copy.sha256 };
      await createImport(database, {
        ...record,
        organizationId: actor.organizationId,
        userId: actor.userId,
        source: 'file',
        format: inspection.format,
      });
      await moveImport(database, id, ['draft'], 'draft', placeOf(inspection));
      return ok(await present(record, remember(id, inspection), actor));
    } catch (error) {
      await kept.discard(id);
      if (error instanceof AppFailure) return fail(error.error);
      throw error;
    }
  };

  const placeOfRows: Drafts['place'] = async (importId, actor, signal) => {
    const record = await findDraft(importId, actor);
    if (!record.ok) return record;
    const inspection = await inspectionOf(record.value, signal);
    if (!inspection.ok) return inspection;
    const { sheet, headerRow, columns } = inspection.value;
    return ok({
      record: { ...record.value, sheet, headerRow },
      headers: columns.map(({ header }) => header),
      inspection: inspection.value,
    });
  };

  return {
    async open(source, actor, signal) {
      if (source.kind === 'path') {
        return openFile({ path: source.path, name: basename(source.path) }, actor, signal);
      }
      const upload = files.uploaded(source.uploadId);
      if (upload === null) return fail(uploadGone);
      const draft = await openFile({ path: upload.path, name: upload.fileName }, actor, signal);
      await files.release(source.uploadId);
      return draft;
    },

    async draft(importId, actor, signal) {
      const record = await findDraft(importId, actor);
      if (!record.ok) return record;
      const inspection = await inspectionOf(record.value, signal);
      return inspection.ok ? ok(await present(record.value, inspection.value, actor)) : inspection;
    },

    async list({ organizationId }) {
      const here = await kept.list();
      return findDrafts(
        database,
        organizationId,
        here.map(({ importId }) => importId),
      );
    },

    async inspect(importId, { sheet, headerRow }, actor, signal) {
      const record = await findDraft(importId, actor);
      if (!record.ok) return record;
      // Another sheet has another header, unless both were named.
      const currentSheet = record.value.sheet ?? undefined;
      const wantedSheet = sheet ?? currentSheet;
      const inspection = await spreadsheets.inspect(
        {
          path: kept.pathOf(importId),
          ...(wantedSheet === undefined ? {} : { sheet: wantedSheet }),
          ...(headerRow === undefined ? {} : { headerRow }),
        },
        { signal },
      );
      if (!inspection.ok) return inspection;
      await moveImport(database, importId, ['draft'], 'draft', placeOf(inspection.value));
      return ok(await present(record.value, remember(importId, inspection.value), actor));
    },

    async startable(importId, { mapping, options, continueImport }, actor, signal) {
      const place = await placeOfRows(importId, actor, signal);
      if (!place.ok) return place;
      const problem = settingsProblem(mapping, options);
      if (problem !== undefined) return fail(problem);
      const { record, headers, inspection } = place.value;
      const continued = continueImport
        ? await findContinued(database, actor.organizationId, inspection)
        : null;
      if (continueImport && continued === null) return fail(nothingToContinue);
      if (continued?.kind === 'refused') return fail(continued.problem);
      return ok({
        record,
        headers,
        mapping: headers.map((_, index) => mapping[index] ?? { field: 'ignore' }),
        columns: inspection.columns,
        continues: continued?.continued.importId ?? null,
      });
    },

    place: placeOfRows,

    async discard(importId, actor) {
      const removed = await deleteDraft(database, actor.organizationId, importId);
      if (!removed) {
        const record = await findDraft(importId, actor);
        return record.ok ? ok({}) : record;
      }
      remembered.delete(importId);
      await deps.review.close({ importId });
      await kept.discard(importId);
      return ok({});
    },
  };
}

const placeOf = ({ format, sheet, headerRow }: FileInspection) => ({ format, sheet, headerRow });

/** The suggestion, overruled by the mapping that was used for these headers before. */
function suggest(columns: readonly SuggestedColumn[], saved: Mapping | undefined): SuggestedColumn[] {
  return columns.map((column, index) => {
    if (isRejectsColumn(column.header)) {
      return {
        ...column,
        target: { field: 'ignore' },
        confidence: 1,
        reason: 'Written by an earlier import',
      };
    }
    const target = saved?.[index];
    return target === undefined
      ? column
      : { ...column, target, confidence: 1, reason: 'As remembered for these headers' };
  });
}

function settingsProblem(mapping: Mapping, options: ImportOptions): AppError | undefined {
  const issues = mappingProblems(mapping).map(({ message, columns }) => ({
    path: columns[0] === undefined ? 'mapping' : `mapping.${columns[0]}`,
    message,
  }));
  if (options.defaultCountry !== null && parseCountryCode(options.defaultCountry) === undefined) {
    const message = `${options.defaultCountry} is not a country with phone numbers.`;
    issues.push({ path: 'options.defaultCountry', message });
  }
  for (const { field, message } of updateRuleProblems(mapping, options))
    issues.push({ path: `options.updateRules.${field}`, message });
  const [first] = issues;
  return first === undefined ? undefined : { code: 'invalid_input', message: first.message, issues };
}

const alreadyStarted: AppError = {
  code: 'conflict',
  message: 'This import was started already.',
  action: 'Open the file again to import it once more.',
};
const uploadGone: AppError = {
  code: 'file_rejected',
  reason: 'not-found',
  message: 'The uploaded file is not there any more.',
  action: 'Upload it again.',
};
