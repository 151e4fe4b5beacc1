import { AppFailure, fail, ok, type Result } from '@shared/errors';

/** Expected failures as values; anything else is thrown on. */
export async function asResult<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (thrown) {
    if (thrown instanceof AppFailure) return fail(thrown.error);
    throw thrown;
  }
}
