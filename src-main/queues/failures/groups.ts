import type { FailureGroup } from '@shared/contract/failures';
import { CANCELLED_PREFIX } from '@shared/domain/failure-cause';
import { yieldNow, type Yielder } from '../yielder';
import type { FailureEntry } from './failure-index';

export const TREND_STEPS = 24;
const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;
const NAMED = 5;
/** Entries between two looks at the clock. */
const UNLOOKED = 256;

export interface IndexedQueue {
  readonly queue: string;
  readonly all: () => Iterable<readonly [string, FailureEntry]>;
  readonly label: (id: string) => string | null;
}

interface Gathered {
  readonly title: string;
  count: number;
  first: number;
  last: number;
  readonly trend: number[];
  readonly queues: Map<string, number>;
  readonly names: Map<string, number>;
  readonly campaigns: Map<string, number>;
  readonly imports: Map<string, number>;
}

/** Where a trend begins: with the oldest failure of the last day, so that a young incident shows its course. */
export const trendOf = (oldest: number, now: number): { readonly from: number; readonly stepMs: number } => {
  const span = Math.min(DAY_MS, Math.max(TREND_STEPS * MINUTE_MS, now - oldest + 1));
  return { from: now - span, stepMs: span / TREND_STEPS };
};

/** Failures by cause, the most frequent first; in slices, because there may be hundreds of thousands. */
export const groupFailures = async (
  queues: readonly IndexedQueue[],
  now: number,
  pace: Yielder,
): Promise<{ total: number; trendFrom: number; trendStepMs: number; groups: FailureGroup[] }> => {
  let oldest = now;
  await eachEntry(queues, pace, (_, { finishedAt }) => {
    if (finishedAt < oldest) oldest = finishedAt;
  });
  const { from, stepMs } = trendOf(oldest, now);
  const gathered = new Map<string, Gathered>();
  let total = 0;
  await eachEntry(queues, pace, (queue, entry) => {
    total += 1;
    gather(gathered, queue, entry, { from, stepMs });
  });
  const label = (id: string): string | null =>
    queues.map((each) => each.label(id)).find((text) => text !== null) ?? null;
  const groups = [...gathered].map(([cause, group]) => toGroup(cause, group, total, label));
  groups.sort((a, b) => b.count - a.count || (a.lastSeen < b.lastSeen ? 1 : -1));
  return { total, trendFrom: from, trendStepMs: stepMs, groups };
};

const eachEntry = async (
  queues: readonly IndexedQueue[],
  pace: Yielder,
  visit: (queue: string, entry: FailureEntry) => void,
): Promise<void> => {
  let seen = 0;
  for (const { queue, all } of queues) {
    for (const [, entry] of all()) {
      visit(queue, entry);
      seen += 1;
      if (seen % UNLOOKED === 0 && pace.isDue()) await yieldNow(pace);
    }
  }
};

const add = (counts: Map<string, number>, key: string | null): void => {
  if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
};

const gather = (
  gathered: Map<string, Gathered>,
  queue: string,
  entry: FailureEntry,
  trend: { readonly from: number; readonly stepMs: number },
): void => {
  const { cause, finishedAt } = entry;
  let group = gathered.get(cause.fingerprint);
  if (group === undefined) {
    group = {
      title: cause.title,
      count: 0,
      first: finishedAt,
      last: finishedAt,
      trend: Array<number>(TREND_STEPS).fill(0),
      queues: new Map(),
      names: new Map(),
      campaigns: new Map(),
      imports: new Map(),
    };
    gathered.set(cause.fingerprint, group);
  }
  group.count += 1;
  group.first = Math.min(group.first, finishedAt);
  group.last = Math.max(group.last, finishedAt);
  // A worker's clock may be ahead of ours: such a failure is of the last step.
  const step = Math.min(TREND_STEPS - 1, Math.floor((finishedAt - trend.from) / trend.stepMs));
  if (step >= 0) group.trend[step] = (group.trend[step] ?? 0) + 1;
  add(group.queues, queue);
  add(group.names, entry.name);
  add(group.campaigns, entry.campaignId);
  add(group.imports, entry.importId);
};

const most = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].sort((a, b) => b[1] - a[1]).slice(0, NAMED);

const toGroup = (
  cause: string,
  group: Gathered,
  total: number,
  label: (id: string) => string | null,
): FailureGroup => ({
  cause,
  title: group.title,
  cancelled: group.title.startsWith(CANCELLED_PREFIX),
  count: group.count,
  share: total === 0 ? 0 : group.count / total,
  firstSeen: new Date(group.first).toISOString(),
  lastSeen: new Date(group.last).toISOString(),
  trend: group.trend,
  queues: most(group.queues).map(([queue, count]) => ({ queue, count })),
  names: most(group.names).map(([name, count]) => ({ name, count })),
  campaigns: most(group.campaigns).map(([id, count]) => ({ id, label: label(id), count })),
  campaignCount: group.campaigns.size,
  imports: most(group.imports).map(([id, count]) => ({ id, label: label(id), count })),
  importCount: group.imports.size,
});
