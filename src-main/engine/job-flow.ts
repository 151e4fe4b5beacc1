import type { Job } from 'bullmq';
import type { ChildKind, ChildrenPage, JobDetail } from '@shared/contract/queues';
import { QueueName, type JobState } from '@shared/domain/queues';
import type { BullQueue } from './bull-types';
import type { ChildrenRequest } from './engine';
import type { JobReader } from './job-reader';
import { CARRIER_QUEUE } from './scheduler';

type JobRef = NonNullable<JobDetail['parent']>;

/** Parents of parents that are named. */
const MAX_ANCESTORS = 20;

/** What is known of children of a kind without looking at them. */
const STATE_OF: Readonly<Record<ChildKind, JobState | null>> = {
  unprocessed: null,
  processed: 'completed',
  ignored: 'failed',
  failed: 'failed',
};

/** The jobs that a job waits for, of one kind and a page at a time: BullMQ keeps them apart by how they ended. */
export async function childrenPage(
  { queue, reader, job }: { readonly queue: BullQueue; readonly reader: JobReader; readonly job: Job },
  { kind, cursor, count }: ChildrenRequest,
): Promise<ChildrenPage> {
  const [found, totals] = await Promise.all([
    job.getDependencies({ [kind]: { cursor, count } }),
    job.getDependenciesCount(),
  ]);
  const pages = {
    unprocessed: { keys: found.unprocessed ?? [], next: found.nextUnprocessedCursor },
    processed: { keys: Object.keys(found.processed ?? {}), next: found.nextProcessedCursor },
    ignored: { keys: Object.keys(found.ignored ?? {}), next: found.nextIgnoredCursor },
    failed: { keys: found.failed ?? [], next: found.nextFailedCursor },
  };
  const { keys, next = 0 } = pages[kind];
  const { unprocessed = 0, processed = 0, ignored = 0, failed = 0 } = totals;
  return {
    children: await named({ queue, reader }, keys, STATE_OF[kind]),
    next: next === 0 ? null : next,
    totals: { unprocessed, processed, ignored, failed },
  };
}

/** With their names and states, in the order of the keys. One that is gone has what is known without it. */
async function named(
  { queue, reader }: { readonly queue: BullQueue; readonly reader: JobReader },
  keys: readonly string[],
  state: JobState | null,
): Promise<JobRef[]> {
  const nodes = keys.map((key) => queue.getBackend().parseNodeKey(key));
  const rows = new Map<string, { readonly name: string; readonly state: JobState }>();
  for (const name of new Set(nodes.map(({ queueName }) => queueName))) {
    const known = QueueName.safeParse(name);
    if (!known.success) continue;
    const ids = nodes.filter(({ queueName }) => queueName === name).map(({ id }) => id);
    for (const row of await reader.named(known.data, ids)) rows.set(`${name}:${row.id}`, row);
  }
  return nodes.map(({ queueName, id }) => {
    const row = rows.get(`${queueName}:${id}`);
    return { queue: queueName, id, name: row?.name ?? null, state: row?.state ?? state };
  });
}

/** The job's parent, its parent and so on, the nearest first. A schedule's carrier is none of them. */
export async function ancestors(
  { queue, reader }: { readonly queue: BullQueue; readonly reader: JobReader },
  parentKey: string | null,
): Promise<JobRef[]> {
  const found: JobRef[] = [];
  for (let key = parentKey; key !== null && key !== '' && found.length < MAX_ANCESTORS;) {
    const node = queue.getBackend().parseNodeKey(key);
    if (node.queueName === CARRIER_QUEUE) break;
    const known = QueueName.safeParse(node.queueName);
    const row = known.success ? await reader.detail(known.data, node.id) : undefined;
    found.push({ queue: node.queueName, id: node.id, name: row?.name ?? null, state: row?.state ?? null });
    key = row?.parentKey ?? null;
  }
  return found;
}
