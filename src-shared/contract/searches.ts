import { z } from 'zod';
import { SavedSearchId } from '../domain/ids';
import { JobFilter } from '../domain/job-filter';
import { JobState, QueueName } from '../domain/queues';
import { command, query, stream } from '../rpc/define';
import { Count, Empty, Instant } from './common';
import { JobSummary } from './queues';

/** Jobs that one search lists; what matches beyond is counted. */
export const MAX_LISTED_JOBS = 2_000;

/** Named jobs are not searched for: they are read. */
export const SearchFilter = JobFilter.omit({ jobs: true });
export type SearchFilter = z.infer<typeof SearchFilter>;

/** One state of one queue, and how far it was looked through. */
export const SearchPlace = z.object({ queue: QueueName, state: JobState, scanned: Count, total: Count });
export type SearchPlace = z.infer<typeof SearchPlace>;

/** What a search says while it runs: what it found since the last word, and how far it is. */
export const SearchNews = z.object({
  /** Read at that moment: a job that is gone is never among them. */
  jobs: z.array(JobSummary),
  /** Jobs that match, so far. */
  found: Count,
  scanned: Count,
  total: Count,
  places: z.array(SearchPlace),
  /** Jobs that were not read anew because nothing had changed about them. */
  remembered: Count,
  ms: Count,
  complete: z.boolean(),
});
export type SearchNews = z.infer<typeof SearchNews>;

const SearchName = z.string().trim().min(1).max(80);
const SearchText = z.string().trim().min(1).max(4_000);

export const SavedSearch = z.object({
  id: SavedSearchId,
  name: SearchName,
  /** The line of search, as it was typed. */
  query: SearchText,
  createdAt: Instant,
});
export type SavedSearch = z.infer<typeof SavedSearch>;

export const searches = {
  /** Searches until everything was looked at or nobody listens any more. */
  run: stream({ input: z.object({ filter: SearchFilter }), output: SearchNews }),
  /** One's own. */
  list: query({ input: Empty, output: z.object({ searches: z.array(SavedSearch) }) }),
  /** Under a name that is one's own already, the query is replaced. */
  save: command({ input: z.object({ name: SearchName, query: SearchText }), output: SavedSearch }),
  rename: command({ input: z.object({ id: SavedSearchId, name: SearchName }), output: SavedSearch }),
  remove: command({ input: z.object({ id: SavedSearchId }), output: Empty }),
};
