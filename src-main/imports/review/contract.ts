import { z } from 'zod';
import { Count, Empty } from '@shared/contract/common';
import {
  Correction,
  ImportOptions,
  ImportPreview,
  Mapping,
  PreviewRow,
  RowFate,
  RowFilter,
  RowSoFar,
  RowsSoFar,
} from '@shared/contract/imports';
import { ImportId } from '@shared/domain/ids';
import { command, query } from '@shared/rpc/define';
import { RowNumbering } from '../../background/contract';
import { SpoolProgress } from '../reader/protocol';

const Settings = z.object({
  mapping: Mapping,
  options: ImportOptions,
  /** The import that the rows go on with, where they do. */
  continues: ImportId.nullable(),
});
export type ReviewSettings = z.infer<typeof Settings>;

/** What a review thread is started with. */
export const ReviewTask = z.object({
  /** The rows of the sheet, written by spool-task.ts. */
  spool: z.string(),
  /** Where they are until the spool is whole, and up to which byte; left out where it is. */
  written: SpoolProgress.shape.written.optional(),
  headerRow: Count,
  headers: z.array(z.string()),
  corrections: z.array(Correction),
  /** Two numbers that the thread writes while it judges: rows judged, rows of all. Any thread reads them at once. */
  judged: z.instanceof(SharedArrayBuffer),
});
export type ReviewTask = z.infer<typeof ReviewTask>;

/**
 * What the background process asks of a review thread. Calls are answered one after the other; those that begin
 * with `soFar` also between two batches of rows while these are judged.
 */
export const reviewContract = {
  review: {
    /** Takes in the rows that were written since, up to a byte; the whole spool where none is given. */
    grow: command({ input: z.object({ upTo: Count.nullable() }), output: Empty }),
    soFarRows: query({ input: Settings.extend({ start: Count, count: Count }), output: RowsSoFar }),
    /** As `check`; null where it has to be asked for in its turn. */
    soFarCheck: query({
      input: Settings.extend({ row: Count, cells: z.record(z.string(), z.string()) }),
      output: z.object({ row: RowSoFar.nullable() }),
    }),
    /** As `correct`; null where it has to be asked for in its turn, as all rows have been judged or it needs all of them. */
    soFarCorrect: command({
      input: z.object({ correction: Correction }),
      output: z.object({ rows: Count.nullable() }),
    }),
    /** Whether the rows are judged by these settings. */
    isJudged: query({ input: Settings, output: z.object({ judged: z.boolean() }) }),
    /** Judges every row; `numbering` belongs to an import that is gone on with. */
    judge: query({ input: Settings.extend({ numbering: RowNumbering.nullable() }), output: Empty }),
    /**
     * Phones whose rows would be written, and of which it is not known yet whether they are contacts; `row` of
     * `total` rows have then been gone through.
     */
    unknownPhones: query({
      input: z.object({ limit: Count }),
      output: z.object({ phones: z.array(z.string()), row: Count, total: Count }),
    }),
    /** Says which of the phones just asked for are contacts; the others are not. */
    tellKnown: command({
      input: z.object({
        phones: z.array(z.string()),
        /** Those that the import which is gone on with has written itself, by which row. */
        own: z.array(z.object({ phone: z.string(), row: Count })),
      }),
      output: Empty,
    }),
    preview: query({ input: Empty, output: ImportPreview }),
    rows: query({
      input: z.object({ filter: RowFilter, start: Count, count: Count }),
      output: z.object({ total: Count, rows: z.array(PreviewRow) }),
    }),
    check: query({
      input: z.object({ row: Count, cells: z.record(z.string(), z.string()) }),
      /** The fate is that of a phone that is no contact; else it is one of the others. */
      output: z.object({ row: PreviewRow, fateIfKnown: RowFate, fateIfOwn: RowFate }),
    }),
    /** Tells in how many rows something changed. */
    correct: command({ input: z.object({ correction: Correction }), output: z.object({ rows: Count }) }),
    /** The correction that leaves out, or takes in again, what a filter shows. */
    exclusionOf: query({
      input: z.object({ filter: RowFilter, exclude: z.boolean() }),
      output: z.object({ correction: Correction }),
    }),
    undo: command({ input: Empty, output: Empty }),
  },
};
