import { z } from 'zod';

const File = z.object({ path: z.string(), rows: z.int(), contacts: z.int() });

/** What the measured process is told; it answers with one line of JSON on its stdout. */
export const ImportPlan = z.discriminatedUnion('kind', [
  /** The app's own import, round after round; the first one warms up and is not counted. */
  z.object({
    kind: z.literal('ours'),
    /** Null: everything in the embedded database. */
    servers: z.object({ databaseUrl: z.string(), redisUrl: z.string() }).nullable(),
    seed: z.string(),
    threadPath: z.string(),
    file: File,
    rounds: z.int(),
    /** Measures `updateExisting` over a table that holds all of the file without its e-mail addresses. */
    update: z.boolean(),
  }),
  /** What people write who need an importer: SheetJS, libphonenumber-js, one INSERT a row. */
  z.object({
    kind: z.literal('row-by-row'),
    databaseUrl: z.string(),
    file: File,
    /** Rows that are really inserted; the time of the inserts is scaled to all of them. */
    sample: z.int(),
  }),
  /** The same with 100 rows an INSERT. */
  z.object({ kind: z.literal('sheetjs'), databaseUrl: z.string(), file: File }),
]);
export type ImportPlan = z.infer<typeof ImportPlan>;

export const ImportFigures = z.object({
  /** One for each counted round. */
  ms: z.array(z.number()),
  /** CPU time of each counted round in the measured process and in the database server; the app's own only. */
  cpuMs: z.array(z.number()).optional(),
  databaseCpuMs: z.array(z.number()).optional(),
  /** Importing the same once more with `updateExisting`, which has nothing to change; the app's own update only. */
  unchangedMs: z.array(z.number()).optional(),
  /** Taking the last round's import back; the app's own only. */
  undoMs: z.number().optional(),
  /** The highest resident memory of the process while it was measured. */
  peakMemoryMb: z.number(),
});
export type ImportFigures = z.infer<typeof ImportFigures>;
