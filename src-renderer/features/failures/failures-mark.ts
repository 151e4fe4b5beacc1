import type { Overview } from '@shared/contract/queues';
import type { QueueName } from '@shared/domain/queues';

/** Changes when the list of failures may look different, and each second while it is not as long as it should be. */
export function failuresMark(
  overview: Overview | undefined,
  listed: readonly { readonly queue: QueueName; readonly failed: number }[] | undefined,
): string | undefined {
  if (overview === undefined) return undefined;
  const inList = new Map(listed?.map(({ queue, failed }) => [queue, failed]));
  const differs = overview.queues.some(
    ({ name, counts }) => (inList.get(name) ?? counts.failed) !== counts.failed,
  );
  return JSON.stringify([
    overview.queues.map(({ counts }) => counts.failed),
    differs ? overview.at.slice(0, 19) : null,
  ]);
}
