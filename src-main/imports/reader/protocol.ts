import { z } from 'zod';
import { Count } from '@shared/contract/common';
import { Correction } from '@shared/contract/imports';
import { AppError } from '@shared/errors';
import { backgroundContract, Inspection } from '../../background/contract';

const { stage } = backgroundContract.spreadsheets;

/** What a thread or process has to do: one task at a time, so that it can be killed without harm. */
export const ReaderTask = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inspect'), ref: backgroundContract.spreadsheets.inspect.input }),
  /** All rows of a sheet into a file of ours, see spool-task.ts. */
  z.object({
    kind: z.literal('spool'),
    plan: z.object({ path: z.string(), sheet: z.string(), target: z.string() }),
  }),
  /** The rows of a sheet as entries of a list of recipients, see list-task.ts. */
  z.object({ kind: z.literal('list'), plan: backgroundContract.spreadsheets.list.input }),
  z.object({
    kind: z.literal('stage'),
    plan: stage.input.extend({
      corrections: z.array(Correction),
      /** The last row that an earlier attempt has written: rows up to it are judged, and not staged again. */
      writtenUpTo: Count,
      /** The rows of the sheet, where they are spooled already. */
      spool: z.string().optional(),
    }),
  }),
]);
export type ReaderTask = z.infer<typeof ReaderTask>;

/** A batch of rows on its way into `import_rows`. */
export const StagedBatch = z.object({
  /** Rows of the sheet that are not blank and were read so far, this batch included. */
  read: Count,
  /** Rows that the sheet is thought to have; null where nothing says so. */
  expected: Count.nullable(),
  rows: Count,
  /** What COPY takes, made in the thread so that nobody else spends time on it. */
  copy: z.instanceof(Uint8Array),
});
export type StagedBatch = z.infer<typeof StagedBatch>;

/** How far a sheet is read. */
export const SpoolProgress = z.object({
  rows: Count,
  /** Rows that the sheet has, as it says itself or as the bytes read so far suggest; null where neither is known. */
  total: Count.nullable(),
  /** The rows that are written already: whole lines up to this byte. The file is moved to its target at the end. */
  written: z.object({ path: z.string(), bytes: Count }),
});
export type SpoolProgress = z.infer<typeof SpoolProgress>;

export const ThreadMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('staged'), batch: StagedBatch }),
  z.object({ type: z.literal('inspected'), inspection: Inspection }),
  /** While it is spooled, a few times a second. */
  z.object({ type: z.literal('spooling'), progress: SpoolProgress }),
  z.object({ type: z.literal('spooled'), rows: Count }),
  z.object({ type: z.literal('listed'), entries: Count }),
  z.object({ type: z.literal('read'), totals: stage.output }),
  z.object({ type: z.literal('failed'), error: AppError }),
  /** The file is one for SheetJS: the task is to be given to a process, which can be killed whatever happens. */
  z.object({ type: z.literal('needs-process') }),
]);
export type ThreadMessage = z.infer<typeof ThreadMessage>;

/** Batches that may be under way and not yet acknowledged: bounds memory when the database is slow. */
export const BATCHES_IN_FLIGHT = 3;
export const ACKNOWLEDGEMENT = 'ack';
