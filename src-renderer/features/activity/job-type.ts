import { QueueName, queueTitle } from '@shared/domain/queues';

/** The queue's title for a job type; an unknown type, of an older version, as it is. */
export function titleOf(jobType: string): string {
  const queue = QueueName.safeParse(jobType);
  return queue.success ? queueTitle(queue.data) : jobType;
}
