import { z } from 'zod';

export const Empty = z.object({});
/** A point in time as ISO 8601 in UTC. */
export const Instant = z.iso.datetime();
export const Count = z.int().nonnegative();
/** Where the next page starts; opaque to the client. */
export const Cursor = z.string().max(500);

/** A file made for the user, to be fetched once from the console itself (`/files/…`). */
export const Download = z.object({ url: z.string(), fileName: z.string() });
export type Download = z.infer<typeof Download>;

/** Spreadsheets that lists are exported as. */
export const TableFormat = z.enum(['xlsx', 'csv']);
export type TableFormat = z.infer<typeof TableFormat>;

/** What happened to each of several things acted upon: some may fail without stopping the rest. */
export const BulkOutcome = z.object({
  done: Count,
  failed: z.array(z.object({ id: z.string(), message: z.string() })),
});
export type BulkOutcome = z.infer<typeof BulkOutcome>;

/** The live state of something the console depends on. */
export const Health = z.object({
  state: z.enum(['up', 'connecting', 'down']),
  /** When this state began. */
  since: Instant,
  /** The last error in plain words, without secrets. */
  problem: z.string().nullable(),
});
export type Health = z.infer<typeof Health>;
