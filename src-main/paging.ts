import type { z } from 'zod';
import { type AppError, fail, ok, type Result } from '@shared/errors';

/** A cursor is the position of the last row of a page: what the next page is asked for with. */
export const cursorAt = (position: unknown): string => JSON.stringify(position);

/** The position that a cursor stands for; undefined for the first page. What is no cursor of the list is refused. */
export function positionAt<T>(cursor: string | undefined, position: z.ZodType<T>): Result<T | undefined> {
  if (cursor === undefined) return ok(undefined);
  try {
    const parsed = position.safeParse(JSON.parse(cursor));
    return parsed.success ? ok(parsed.data) : fail(badCursor);
  } catch {
    return fail(badCursor); // Not JSON: not a cursor of ours.
  }
}

const badCursor: AppError = {
  code: 'invalid_input',
  message: 'This page does not exist any more.',
  action: 'Start again from the first page.',
  issues: [{ path: 'cursor', message: 'is not a cursor of this list' }],
};
