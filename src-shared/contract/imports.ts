import { z } from 'zod';
import { command, query, stream } from '../rpc/define';
import { ImportId, JobId, MappingId } from '../domain/ids';
import { Count, Cursor, Download, Empty, Instant } from './common';
import { ImportOptions, Mapping, SuggestedColumn } from './import-options';
import {
  Correction,
  ImportPreview,
  DraftProgress,
  KeptRow,
  PreviewRow,
  RejectedRow,
  RowFilter,
  RowSoFar,
  RowsSoFar,
} from './import-rows';

export * from './import-options';
export * from './import-rows';

/** The largest file that is imported. */
export const MAX_IMPORT_BYTES = 250 * 1024 * 1024;

export const ImportState = z.enum([
  'draft',
  'staging',
  'queued',
  'running',
  'paused',
  'completed',
  'cancelled',
  'failed',
]);
export type ImportState = z.infer<typeof ImportState>;

/** `inserted + updated + skipped + rejected = read` once the import has completed. */
export const ImportTotals = z.object({
  /** Rows of the file below the header that are not blank; null until it has been read to its end. */
  read: Count.nullable(),
  /** Rows that it is thought to have, while it is read; null where nothing says so. */
  expected: Count.nullable(),
  staged: Count,
  inserted: Count,
  updated: Count,
  skipped: Count,
  rejected: Count,
  /** Rows that somebody left out before the start; not part of `read`. */
  excluded: Count,
});
export type ImportTotals = z.infer<typeof ImportTotals>;

/** What came of taking an import back: at the end removed + restored + kept = inserted + updated. */
export const ImportUndo = z.object({
  startedAt: Instant,
  /** Null while it is under way. */
  finishedAt: Instant.nullable(),
  /** Contacts that the import had made. */
  removed: Count,
  /** Contacts that are again as they were before. */
  restored: Count,
  /** Contacts that were left as they are, because they were changed since. */
  kept: Count,
});
export type ImportUndo = z.infer<typeof ImportUndo>;

export const ImportSummary = z.object({
  id: ImportId,
  fileName: z.string(),
  sizeBytes: Count,
  state: ImportState,
  totals: ImportTotals,
  options: ImportOptions,
  jobId: JobId.nullable(),
  /** Why it failed or waits, in plain words. */
  problem: z.string().nullable(),
  createdBy: z.string(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  /** Rows a second, while it runs. */
  rowsPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  /** Null unless somebody took it back. */
  undo: ImportUndo.nullable(),
  /** How often mended rows were put into it, and when last; null where never. */
  continued: z.object({ rounds: Count, at: Instant }).nullable(),
  /** Mended rows are being read for it; they are put into it when all are. */
  continuing: z.boolean(),
});
export type ImportSummary = z.infer<typeof ImportSummary>;

/** How a file of text was written, as its first bytes show. */
export const TextFormat = z.object({
  /** As people call it: UTF-8, UTF-16, Windows-1252, Windows-1251, Windows-1256. */
  encoding: z.string(),
  delimiter: z.enum([',', ';', '\t', '|']),
});
export type TextFormat = z.infer<typeof TextFormat>;

export const Sheet = z.object({ name: z.string(), rows: Count.nullable(), hidden: z.boolean() });

/** The import whose rejected rows a file holds, so that the mended ones can be put into it. */
export const ContinuedImport = z.object({
  importId: ImportId,
  fileName: z.string(),
  /** Rows that are rejected there now. */
  rejected: Count,
  /** The file itself names the import; else only its columns suggest it. */
  certain: z.boolean(),
  /** The file's columns as that import maps them, and its options. */
  columns: z.array(SuggestedColumn),
  options: ImportOptions,
});
export type ContinuedImport = z.infer<typeof ContinuedImport>;

/** Why the rows cannot be put into the import that refused them. */
export const RefusedContinuation = ContinuedImport.pick({
  importId: true,
  fileName: true,
  certain: true,
}).extend({
  message: z.string(),
  /** What to do instead. */
  action: z.string().nullable(),
});
export type RefusedContinuation = z.infer<typeof RefusedContinuation>;

/** A mapping that is applied to files with the same headers. */
export const SavedMapping = z.object({
  id: MappingId,
  headers: z.array(z.string()),
  mapping: Mapping,
  defaultCountry: z.string().nullable(),
  /** Imports that were started with it, and when the last one was; null where none was. */
  uses: Count,
  usedAt: Instant.nullable(),
});
export type SavedMapping = z.infer<typeof SavedMapping>;

/** What is known of a file before anything is written. */
export const ImportDraft = z.object({
  id: ImportId,
  fileName: z.string(),
  sizeBytes: Count,
  format: z.string(),
  /** Null where the file is no text. */
  text: TextFormat.nullable(),
  sheets: z.array(Sheet),
  sheet: z.string(),
  /** 1-based row of the header; 0 where the sheet has none. */
  headerRow: Count,
  columns: z.array(SuggestedColumn),
  /** The first rows as they stand in the sheet, header and what is above it included. */
  head: z.array(z.object({ row: Count, cells: z.array(z.string()) })),
  options: ImportOptions,
  /** An import of the same bytes that has run before. */
  sameFile: z.object({ id: ImportId, at: Instant }).nullable(),
  /** `columns` are mapped as a saved mapping says; what would have been suggested without it. */
  remembered: z
    .object({ uses: Count, usedAt: Instant.nullable(), suggested: z.array(SuggestedColumn) })
    .nullable(),
  continues: ContinuedImport.nullable(),
  /** The file holds rejected rows of an import that cannot be gone on with now. */
  cannotContinue: RefusedContinuation.nullable(),
});
export type ImportDraft = z.infer<typeof ImportDraft>;

/** A file that was opened here and not imported yet, for a list of them. */
export const OpenedFile = ImportDraft.pick({ id: true, fileName: true, sizeBytes: true }).extend({
  openedAt: Instant,
  /** Corrections that somebody made in its rows. */
  corrections: Count,
});
export type OpenedFile = z.infer<typeof OpenedFile>;

/** What was found in a file whose import is started with nobody looking at it. */
export const ImportedFile = ImportDraft.pick({
  format: true,
  text: true,
  sheets: true,
  sheet: true,
  headerRow: true,
});
export type ImportedFile = z.infer<typeof ImportedFile>;

/** What was decided for whoever started an import without looking at its file, and may have meant it otherwise. */
export const ImportNote = z.object({
  code: z.enum([
    'encoding-guessed',
    'other-sheets',
    'hidden-sheet',
    'rows-above-header',
    'no-header',
    'columns-ignored',
    'dates-converted',
    'dates-unclear',
    'phones-repaired',
    'rows-refused',
    'same-file',
    'rejected-rows',
  ]),
  /** In plain words; what it counts is counted in the first rows of the file. */
  message: z.string(),
});
export type ImportNote = z.infer<typeof ImportNote>;

const OneImport = z.object({ importId: ImportId });

/** A file where it lies (desktop), or one that was uploaded to `/files` before (browser). */
export const FileSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().min(1).max(4_096) }),
  z.object({ kind: z.literal('upload'), uploadId: z.uuid() }),
]);
export type FileSource = z.infer<typeof FileSource>;

const DraftSettings = OneImport.extend({
  mapping: Mapping,
  options: ImportOptions,
  /** Puts the rows into the import that the draft `continues`, in place of its rejected ones. */
  continueImport: z.boolean().default(false),
});

export const imports = {
  /** Preflight of a file: format, sheets, header, columns with a suggested mapping. Keeps a copy; writes no contact. */
  open: command({ input: z.object({ source: FileSource }), output: ImportDraft }),
  draft: query({ input: OneImport, output: ImportDraft }),
  /** Files that were opened on this machine and neither started nor discarded, the last opened first. */
  drafts: query({ input: Empty, output: z.object({ drafts: z.array(OpenedFile) }) }),
  /** Looks at another sheet or another header row of an opened file. */
  inspect: command({
    input: OneImport.extend({ sheet: z.string().optional(), headerRow: Count.optional() }),
    output: ImportDraft,
  }),
  /** Judges the whole sheet with this mapping and the corrections made so far; writes nothing. */
  preview: query({ input: DraftSettings, output: ImportPreview }),
  /** How far a preview under way is; null where none is. */
  previewProgress: query({ input: OneImport, output: z.object({ progress: DraftProgress.nullable() }) }),
  /** The draft's rows as the preview judges them, in the order of the file. */
  rows: query({
    input: DraftSettings.extend({ filter: RowFilter, start: Count, count: z.int().min(1).max(500) }),
    output: z.object({ total: Count, rows: z.array(PreviewRow) }),
  }),
  /** Rows as far as they were read and judged, while a preview is waited for; at once, and starts nothing. */
  rowsSoFar: query({
    input: DraftSettings.extend({ start: Count, count: z.int().min(1).max(500) }),
    output: RowsSoFar,
  }),
  /**
   * How one row would be judged with other cells: while somebody types. Keys of `cells` are column numbers. While
   * the rows are still read or judged, as far as can be said.
   */
  checkRow: query({
    input: DraftSettings.extend({
      row: Count,
      cells: z.record(z.string().regex(/^\d{1,5}$/), z.string().max(32_767)),
    }),
    output: RowSoFar,
  }),
  /** Corrects the rows, not the file; kept with the draft. Tells in how many rows something changed. */
  correct: command({
    input: OneImport.extend({ correction: Correction }),
    output: z.object({ rows: Count }),
  }),
  /** Leaves out, or takes in again, all rows that a filter shows. */
  excludeRows: command({
    input: DraftSettings.extend({ filter: RowFilter, exclude: z.boolean() }),
    output: z.object({ rows: Count }),
  }),
  /** Takes the newest correction back. */
  undoCorrection: command({ input: OneImport, output: Empty }),
  /** Answers the import that the rows go into. */
  start: command({ input: DraftSettings, output: ImportSummary }),
  list: query({
    input: z.object({ cursor: Cursor.optional(), limit: z.int().min(1).max(200).default(50) }),
    output: z.object({ imports: z.array(ImportSummary), nextCursor: Cursor.nullable() }),
  }),
  get: query({ input: OneImport, output: ImportSummary }),
  /** The import now and at every change, at most 10 a second, until it is over. */
  changes: stream({ input: OneImport, output: ImportSummary }),
  pause: command({ input: OneImport, output: ImportSummary }),
  resume: command({ input: OneImport, output: ImportSummary }),
  /** Stops it for good. What was imported stays, or is taken back as by `undo`. */
  cancel: command({
    input: OneImport.extend({ rollBack: z.boolean().default(false) }),
    output: ImportSummary,
  }),
  rejected: query({
    input: OneImport.extend({ start: Count, count: z.int().min(1).max(500) }),
    output: z.object({ total: Count, headers: z.array(z.string()), rows: z.array(RejectedRow) }),
  }),
  /** The rejected rows as .xlsx: the original columns, the row number and the reasons. */
  exportRejected: command({ input: OneImport, output: Download }),
  /**
   * Takes a whole import back: contacts that it made are removed, contacts that it changed are as they were
   * before. What was changed since stays and is listed by `kept`. Answers at once; `changes` tells the progress.
   */
  undo: command({ input: OneImport, output: ImportSummary }),
  kept: query({
    input: OneImport.extend({ start: Count, count: z.int().min(1).max(500) }),
    output: z.object({ total: Count, rows: z.array(KeptRow) }),
  }),
  discardDraft: command({ input: OneImport, output: Empty }),
  /** The last used first. */
  savedMappings: query({ input: Empty, output: z.object({ mappings: z.array(SavedMapping) }) }),
  /** Saves or edits the mapping of these headers, in the order of the columns. */
  saveMapping: command({
    input: z.object({
      headers: z.array(z.string().max(32_767)).min(1).max(1_000),
      mapping: Mapping,
      /** Left out: as it was. */
      defaultCountry: ImportOptions.shape.defaultCountry.unwrap().optional(),
    }),
    output: SavedMapping,
  }),
  forgetMapping: command({ input: z.object({ mappingId: MappingId }), output: Empty }),
};
