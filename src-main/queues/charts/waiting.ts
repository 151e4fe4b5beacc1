import { type NameBacklog, OTHER_NAMES } from '@shared/contract/charts';
import { backlogEtaSeconds } from '@shared/domain/backlog-eta';
import type { QueueName } from '@shared/domain/queues';
import type { Selection } from '../../engine/selection';
import type { MetricsRecorder } from '../metrics-recorder';

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

/** No engine keeps jobs by name: they are looked through, and that is to take less than a second. */
const MOST_LOOKED = 50_000;
const MOST_NAMES = 100;
const RATE_SECONDS = 60;

interface Found {
  waiting: number;
  oldest: number;
}

/** What waits in a queue now, by the names of the jobs, and when it will be gone at the rate of each name. */
export async function waitingByName(
  { selection, recorder, isPaused, now }: WaitingParts,
  queue: QueueName,
  signal?: AbortSignal,
): Promise<WaitingByName> {
  const found = new Map<string, Found>();
  const coverage = await selection.scan(
    { queues: [queue], states: ['waiting'] },
    {
      order: 'oldest',
      fields: ['name', 'addedAt'],
      ...(signal !== undefined && { signal }),
      onBatch: ({ jobs, coverage: { scanned } }) => {
        for (const { name, addedAt } of jobs) add(found, name, 1, addedAt);
        return scanned >= MOST_LOOKED ? { stop: true } : undefined;
      },
    },
  );
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

function add(found: Map<string, Found>, name: string, waiting: number, oldest: number): void {
  const known = found.get(name);
  if (known === undefined) found.set(name, { waiting, oldest });
  else {
    known.waiting += waiting;
    known.oldest = Math.min(known.oldest, oldest);
  }
}

/** Somebody may put an id into each name: those beyond the first hundred are told together. */
function mostOf(found: ReadonlyMap<string, Found>): [string, Found][] {
  const sorted = [...found].sort(([a, x], [b, y]) => y.waiting - x.waiting || a.localeCompare(b));
  const rest = new Map<string, Found>();
  for (const [, { waiting, oldest }] of sorted.slice(MOST_NAMES)) add(rest, OTHER_NAMES, waiting, oldest);
  return [...sorted.slice(0, MOST_NAMES), ...rest];
}
