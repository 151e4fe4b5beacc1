import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { z } from 'zod';
import {
  ImportOptions,
  type FileSource,
  type ImportDraft,
  type ImportPreview,
  type Mapping,
  type SuggestedColumn,
} from '@shared/contract/imports';
import { headerFingerprint, mappingProblems } from '@shared/domain/column-mapping';
import { ImportId, OrganizationId } from '@shared/domain/ids';
import { parseCountryCode } from '@shared/domain/phone';
import { updateRuleProblems } from '@shared/domain/update-rules';
import { AppFailure, fail, notFound, ok, unwrap, type AppError, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Inspection } from '../background/contract';
import type { ImportsDependencies } from './dependencies';
import type { KeptFiles } from './kept-files';
import { findSavedMapping } from './mappings/repository';
import { isRejectsColumn } from './rejects';
import {
  createImport,
  deleteDraft,
  findImport,
  findSameFile,
  type ImportRecord,
  moveImport,
} from './repository';

type FileInspection = z.infer<typeof Inspection>;

/** Drafts whose inspection is kept in memory; the others are looked at anew. */
const MAX_REMEMBERED = 20;
const DEFAULT_OPTIONS = ImportOptions.parse({});

export interface Drafts {
  open(source: FileSource, actor: Actor, signal: AbortSignal): Promise<Result<ImportDraft>>;
  draft(importId: ImportId, actor: Actor, signal: AbortSignal): Promise<Result<ImportDraft>>;
  inspect(
    importId: ImportId,
    place: { readonly sheet?: string | undefined; readonly headerRow?: number | undefined },
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Result<ImportDraft>>;
  preview(
    importId: ImportId,
    settings: { readonly mapping: Mapping; readonly options: ImportOptions },
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Result<ImportPreview>>;
  /** A draft that may be started, with what its file holds. */
  startable(
    importId: ImportId,
    settings: { readonly mapping: Mapping; readonly options: ImportOptions },
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Result<{ record: ImportRecord; headers: string[]; mapping: Mapping }>>;
  discard(importId: ImportId, actor: Actor): Promise<Result<Record<string, never>>>;
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
    return {
      id: record.id,
      fileName: record.fileName,
      sizeBytes: record.sizeBytes,
      format: inspection.format,
      sheets: inspection.sheets,
      sheet: inspection.sheet,
      headerRow: inspection.headerRow,
      columns: suggest(inspection.columns, saved?.mapping),
      head: inspection.head,
      // What overwrites contacts is decided anew for each file.
      options: { ...DEFAULT_OPTIONS, defaultCountry: saved?.options.defaultCountry ?? null },
      sameFile: same === undefined ? null : { id: same.id, at: same.at.toISOString() },
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

    async preview(importId, settings, actor, signal) {
      const draft = await this.startable(importId, settings, actor, signal);
      if (!draft.ok) return draft;
      const { record, mapping } = draft.value;
      return spreadsheets.preview(
        {
          organizationId: OrganizationId.parse(record.organizationId),
          path: kept.pathOf(importId),
          sheet: record.sheet ?? '',
          headerRow: record.headerRow ?? 0,
          mapping,
          options: settings.options,
        },
        { signal },
      );
    },

    async startable(importId, { mapping, options }, actor, signal) {
      const record = await findDraft(importId, actor);
      if (!record.ok) return record;
      const problem = settingsProblem(mapping, options);
      if (problem !== undefined) return fail(problem);
      const inspection = await inspectionOf(record.value, signal);
      if (!inspection.ok) return inspection;
      const headers = inspection.value.columns.map(({ header }) => header);
      const place = { sheet: inspection.value.sheet, headerRow: inspection.value.headerRow };
      const whole: Mapping = headers.map((_, index) => mapping[index] ?? { field: 'ignore' });
      return ok({ record: { ...record.value, ...place }, headers, mapping: whole });
    },

    async discard(importId, actor) {
      const removed = await deleteDraft(database, actor.organizationId, importId);
      if (!removed) {
        const record = await findDraft(importId, actor);
        return record.ok ? ok({}) : record;
      }
      remembered.delete(importId);
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
      : { ...column, target, confidence: 1, reason: 'Mapped like this the last time' };
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
