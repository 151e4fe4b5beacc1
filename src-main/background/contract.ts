import { z } from 'zod';
import {
  Correction,
  DraftProgress,
  ImportOptions,
  ImportPreview,
  Mapping,
  PreviewRow,
  RowFilter,
  RowSoFar,
  RowsSoFar,
  Sheet,
  SuggestedColumn,
  TextFormat,
} from '@shared/contract/imports';
import { Empty, Count } from '@shared/contract/common';
import { WorkerSettings } from '@shared/contract/workers';
import { SandboxBehaviour } from '@shared/contract/settings';
import { ImportId, ListId, OrganizationId } from '@shared/domain/ids';
import { command, query, stream } from '@shared/rpc/define';

/** Which part of a kept spreadsheet is meant. */
export const SheetRef = z.object({
  path: z.string(),
  /** Left out: the first visible sheet with rows. */
  sheet: z.string().optional(),
  /** 1-based; 0 for none; left out: detected. */
  headerRow: Count.optional(),
});

export const Inspection = z.object({
  format: z.string(),
  text: TextFormat.nullable(),
  sheets: z.array(Sheet),
  sheet: z.string(),
  headerRow: Count,
  columns: z.array(SuggestedColumn),
  head: z.array(z.object({ row: Count, cells: z.array(z.string()) })),
  /** The import whose rejected rows these are, as the file says. */
  continues: ImportId.nullable(),
});

/** Rows that go on with another import are judged under the numbers that they have there. */
export const RowNumbering = z.object({
  /** The column that holds the numbers, 0-based. */
  column: Count,
  /** Rows that are still rejected there. */
  rejected: z.array(Count),
  /** The highest number there. */
  last: Count,
});
export type RowNumbering = z.infer<typeof RowNumbering>;

const ReadPlan = z.object({
  organizationId: OrganizationId,
  path: z.string(),
  sheet: z.string(),
  headerRow: Count,
  mapping: Mapping,
  options: ImportOptions,
  numbering: RowNumbering.optional(),
});

/** The rows of a draft; `headers` name its columns in reasons. */
const ReviewPlace = z.object({
  importId: ImportId,
  path: z.string(),
  sheet: z.string(),
  headerRow: Count,
  headers: z.array(z.string()),
});
export type ReviewPlace = z.infer<typeof ReviewPlace>;

const ReviewPlan = ReviewPlace.extend({
  organizationId: OrganizationId,
  mapping: Mapping,
  options: ImportOptions,
  /** The import that the rows are to be put into, where they are. */
  continues: ImportId.nullable(),
});
export type ReviewPlan = z.infer<typeof ReviewPlan>;

/**
 * What main asks of the background process: everything that would hold main up. The same RPC as the
 * renderer's, over a message port.
 */
export const backgroundContract = {
  spreadsheets: {
    inspect: query({ input: SheetRef, output: Inspection }),
    /**
     * Reads the sheet to its end, validates, and stages every row in the database. Safe to repeat: rows
     * staged before are replaced. Progress goes into the import's row; ends when all is staged.
     */
    stage: command({
      input: ReadPlan.extend({ importId: ImportId }),
      output: z.object({ read: Count, staged: Count, rejected: Count, excluded: Count }),
    }),
    /** Reads the sheet to its end into the entries of a list of recipients, which is there and empty. */
    list: command({
      input: z.object({
        listId: ListId,
        path: z.string(),
        sheet: z.string(),
        headerRow: Count,
        mapping: Mapping,
        defaultCountry: z.string().nullable(),
      }),
      output: z.object({ entries: Count }),
    }),
  },
  /** Drafts whose rows somebody looks through and corrects; see the contract's imports. */
  review: {
    preview: query({ input: ReviewPlan, output: ImportPreview }),
    rows: query({
      input: ReviewPlan.extend({ filter: RowFilter, start: Count, count: Count }),
      output: z.object({ total: Count, rows: z.array(PreviewRow) }),
    }),
    /** Rows as far as they were read and judged; at once, and starts nothing. */
    rowsSoFar: query({ input: ReviewPlan.extend({ start: Count, count: Count }), output: RowsSoFar }),
    checkRow: query({
      input: ReviewPlan.extend({ row: Count, cells: z.record(z.string(), z.string()) }),
      output: RowSoFar,
    }),
    correct: command({
      input: ReviewPlace.extend({ correction: Correction }),
      output: z.object({ rows: Count }),
    }),
    excludeRows: command({
      input: ReviewPlan.extend({ filter: RowFilter, exclude: z.boolean() }),
      output: z.object({ rows: Count }),
    }),
    undoCorrection: command({ input: ReviewPlace, output: Empty }),
    /** How far the rows of a draft are; null where nobody waits for them. */
    progress: query({
      input: z.object({ importId: ImportId }),
      output: z.object({ progress: DraftProgress.nullable() }),
    }),
    /** Lets go of the rows of a draft; its folder may be removed then. */
    close: command({ input: z.object({ importId: ImportId }), output: Empty }),
  },
  workers: {
    settings: query({
      input: Empty,
      output: z.object({ hostId: z.string(), queues: z.array(WorkerSettings) }),
    }),
    configure: command({ input: WorkerSettings, output: z.object({ queues: z.array(WorkerSettings) }) }),
  },
  providers: {
    /** Providers are configured by main, which alone holds the secrets; sent at the start and at every change. */
    configure: command({
      input: z.object({
        whatsapp: z.discriminatedUnion('mode', [
          z.object({ mode: z.literal('sandbox') }),
          z.object({
            mode: z.literal('cloud-api'),
            apiBaseUrl: z.string(),
            phoneNumberId: z.string(),
            token: z.string(),
          }),
        ]),
        email: z.discriminatedUnion('mode', [
          z.object({ mode: z.literal('sandbox'), from: z.string() }),
          z.object({ mode: z.literal('resend'), baseUrl: z.string(), from: z.string(), apiKey: z.string() }),
        ]),
        sandbox: SandboxBehaviour,
        messagesPerSecond: z.number().positive(),
        emailsPerSecond: z.number().positive(),
      }),
      output: Empty,
    }),
  },
  process: {
    /** Ends the workers cleanly and closes the database. */
    shutdown: command({ input: Empty, output: Empty }),
    health: stream({ input: Empty, output: z.object({ rssBytes: Count, lagMs: z.number() }) }),
  },
};
export type BackgroundContract = typeof backgroundContract;
export type ProviderSettings = z.infer<typeof backgroundContract.providers.configure.input>;
export type ReadPlan = z.infer<typeof ReadPlan>;
