import type { BulkOutcome } from '@shared/contract/common';
import { toAppError } from '@shared/errors';

/** Commands that are under way at once: they share one connection, so more would only wait in it. */
const CONCURRENCY = 50;

/** Does the same to each of many; one that fails does not stop the others. */
export const forEachOf = async <T extends { readonly jobId: string }>(
  targets: readonly T[],
  act: (target: T) => Promise<unknown>,
): Promise<BulkOutcome> => {
  const failed: BulkOutcome['failed'] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let target = targets[next++]; target !== undefined; target = targets[next++]) {
      try {
        await act(target);
      } catch (error) {
        failed.push({ id: target.jobId, message: toAppError(error).message });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, targets.length) }, lane));
  return { done: targets.length - failed.length, failed };
};
