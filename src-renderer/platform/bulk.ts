import type { BulkOutcome } from '@shared/contract/common';
import type { AppError, Result } from '@shared/errors';

/** The contract takes at most this many jobs a call. */
export const MOST_AT_ONCE = 1_000;

export interface BatchesOutcome extends BulkOutcome {
  /** Why the rest was not tried; null where every batch was. */
  readonly error: AppError | null;
}

/** Acts on any number of things in calls of at most 1,000; stops at the first call that fails as a whole. */
export async function inBatches<T>(
  items: readonly T[],
  call: (part: T[]) => Promise<Result<BulkOutcome>>,
): Promise<BatchesOutcome> {
  const failed: BulkOutcome['failed'] = [];
  let done = 0;
  for (let start = 0; start < items.length; start += MOST_AT_ONCE) {
    const result = await call(items.slice(start, start + MOST_AT_ONCE));
    if (!result.ok) return { done, failed, error: result.error };
    done += result.value.done;
    failed.push(...result.value.failed);
  }
  return { done, failed, error: null };
}
