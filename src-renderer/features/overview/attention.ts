import type { Incident } from '@shared/contract/alerts';
import type { AppStatus } from '@shared/contract/app';
import type { QueueOverview } from '@shared/contract/queues';
import type { QueueName } from '@shared/domain/queues';

/** Something that will not get better by itself. */
export type Attention =
  | { readonly kind: 'down'; readonly part: Part; readonly problem: string | null }
  | { readonly kind: 'alert'; readonly incident: Incident }
  | { readonly kind: 'overdue'; readonly name: string; readonly id: string; readonly dueAt: string }
  | { readonly kind: 'paused'; readonly queue: QueueName; readonly waiting: number }
  | { readonly kind: 'noWorkers'; readonly queue: QueueName; readonly waiting: number }
  | { readonly kind: 'failed'; readonly queue: QueueName; readonly failed: number }
  | { readonly kind: 'slow'; readonly queue: QueueName; readonly waitedMs: number };

/** What was due while nothing was running, and asks: a schedule or a campaign. */
export interface Overdue {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly dueAt: string;
}

export type Part = 'engine' | 'database' | 'background';
const parts: readonly Part[] = ['engine', 'database', 'background'];

/** Longer than this in a running queue and an operator wants to know. */
export const SLOW_MS = 5 * 60_000;

/** Incidents of these kinds are seen here from the figures themselves, with their own action. */
const SEEN_ANYWAY: ReadonlySet<Incident['kind']> = new Set([
  'engine-down',
  'no-workers',
  'failures',
  'failed-count',
  'oldest-waiting',
]);

/** What needs a person, the worst first: parts that are down, alerts, work that stands still, failures, delays. */
export function attentionOf(
  status: AppStatus | undefined,
  queues: readonly QueueOverview[],
  now: number,
  overdue: readonly Overdue[] = [],
  incidents: readonly Incident[] = [],
): readonly Attention[] {
  const down = parts.flatMap((part): readonly Attention[] => {
    const health = status?.[part];
    return health?.state === 'down' ? [{ kind: 'down', part, problem: health.problem }] : [];
  });
  const standing = queues.flatMap(standingStill);
  const failed = queues.flatMap(({ name, counts }): readonly Attention[] =>
    counts.failed > 0 ? [{ kind: 'failed', queue: name, failed: counts.failed }] : [],
  );
  const slow = queues.flatMap((queue): readonly Attention[] => {
    if (queue.oldestWaitingAt === null || standingStill(queue).length > 0) return [];
    const waitedMs = now - Date.parse(queue.oldestWaitingAt);
    return waitedMs > SLOW_MS ? [{ kind: 'slow', queue: queue.name, waitedMs }] : [];
  });
  const asked = overdue.map((each): Attention => ({ kind: 'overdue', ...each }));
  const alerts = incidents
    .filter(({ kind }) => !SEEN_ANYWAY.has(kind))
    .map((incident): Attention => ({ kind: 'alert', incident }));
  return [...down, ...alerts, ...asked, ...standing, ...failed, ...slow];
}

const standingStill = ({ name, counts, paused, workers }: QueueOverview): readonly Attention[] => {
  // What a pause holds back is among the waiting ones.
  const { waiting } = counts;
  if (waiting === 0) return [];
  if (paused) return [{ kind: 'paused', queue: name, waiting }];
  return workers === 0 ? [{ kind: 'noWorkers', queue: name, waiting }] : [];
};
