import { type NameBacklog, OTHER_NAMES } from '@shared/contract/charts';
import { backlogEtaSeconds } from '@shared/domain/backlog-eta';
import type { QueueName } from '@shared/domain/queues';
import type { Selection } from '../../engine/selection';
import type { MetricsRecorder } from '../metrics-recorder';
import { addWaiting, mostFirst, namesWaiting, type NameWaiting } from '../names-waiting';

export interface WaitingParts {
  readonly selection: Pick<Selection, 'scan'>;
  readonly recorder: Pick<MetricsRecorder, 'measure'>;
  readonly isPaused: (queue: QueueName) => Promise<boolean>;
  readonly now: () => number;
}

export interface WaitingByName {
  readonly names: NameBacklog[];
  readonly looked: number;
  readonly total: number;
}

/** To look through them is to take less than a second. */
const MOST_LOOKED = 50_000;
const MOST_NAMES = 100;
const RATE_SECONDS = 60;

/** What waits in a queue now, by the names of the jobs, and when it will be gone at the rate of each name. */
export async function waitingByName(
  { selection, recorder, isPaused, now }: WaitingParts,
  queue: QueueName,
  signal?: AbortSignal,
): Promise<WaitingByName> {
  const { found, coverage } = await namesWaiting(selection, queue, { most: MOST_LOOKED, signal });
  const paused = await isPaused(queue);
  const end = Math.floor(now() / 1_000) + 1;
  const names = mostOf(found).map(([name, { waiting, oldest }]): NameBacklog => {
    const { completed, failed, observedSeconds } = recorder.measure(queue, end - RATE_SECONDS, end, name);
    const perSecond = (completed + failed) / Math.max(1, Math.min(RATE_SECONDS, observedSeconds));
    const etaSeconds = backlogEtaSeconds(waiting, perSecond, paused);
    return { name, waiting, oldestAt: new Date(oldest).toISOString(), perSecond, etaSeconds };
  });
  return { names, looked: coverage.scanned, total: Math.max(coverage.total, coverage.scanned) };
}

/** Somebody may put an id into each name: those beyond the first hundred are told together. */
function mostOf(found: ReadonlyMap<string, NameWaiting>): [string, NameWaiting][] {
  const sorted = mostFirst(found);
  const rest = new Map<string, NameWaiting>();
  for (const [, more] of sorted.slice(MOST_NAMES)) addWaiting(rest, OTHER_NAMES, more);
  return [...sorted.slice(0, MOST_NAMES), ...rest];
}
