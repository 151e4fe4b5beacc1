import { z } from 'zod';

/**
 * Everything that can go wrong on purpose, as a value. `message` says what happened in plain words,
 * `action` what the reader can do. Neither ever holds a secret: both are shown and logged.
 */
const words = { message: z.string(), action: z.string().optional() };

const plain = <const Code extends string>(code: Code) => z.object({ code: z.literal(code), ...words });

/** One thing wrong with an input; `path` is dotted, empty for the input as a whole. */
export const InputIssue = z.object({ path: z.string(), message: z.string() });
export type InputIssue = z.infer<typeof InputIssue>;

export const AppError = z.discriminatedUnion('code', [
  z.object({ code: z.literal('invalid_input'), ...words, issues: z.array(InputIssue) }),
  z.object({ code: z.literal('not_found'), ...words, what: z.string(), id: z.string() }),
  z.object({ code: z.literal('rate_limited'), ...words, retryAfterMs: z.number().int().nonnegative() }),
  z.object({ code: z.literal('file_rejected'), ...words, reason: z.string() }),
  plain('unauthorized'),
  plain('forbidden'),
  plain('conflict'),
  plain('payload_too_large'),
  plain('not_configured'),
  plain('engine_unavailable'),
  plain('database_unavailable'),
  plain('background_unavailable'),
  plain('provider_rejected'),
  plain('connection_lost'),
  plain('unknown_procedure'),
  plain('cancelled'),
  plain('timeout'),
  plain('internal'),
]);
export type AppError = z.infer<typeof AppError>;
export type AppErrorCode = AppError['code'];

/** The outcome of something that may fail as expected. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (error: AppError): Result<never> => ({ ok: false, error });

/**
 * Carries an AppError through code that can only throw (a library's callback, a deep helper).
 * The RPC server and the REST layer turn it back into its value; it never crosses a boundary.
 */
export class AppFailure extends Error {
  override readonly name = 'AppFailure';
  constructor(readonly error: AppError) {
    super(error.message);
  }
}

/** The value of a result, or its error thrown as an AppFailure. */
export const unwrap = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new AppFailure(result.error);
};

/** The AppError inside anything thrown; what was not expected becomes `internal` with `fallback` as its words. */
export const toAppError = (
  thrown: unknown,
  fallback = 'Something went wrong inside the console.',
): AppError =>
  thrown instanceof AppFailure
    ? thrown.error
    : {
        code: 'internal',
        message: fallback,
        action: 'Try again. If it happens again, look into the log file.',
      };

/** A zod failure as an AppError that names each field. */
export const invalidInput = (error: z.ZodError, message = 'Some of the input is not right.'): AppError => ({
  code: 'invalid_input',
  message,
  issues: error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message })),
});

export const notFound = (what: string, id: string): AppError => ({
  code: 'not_found',
  message: `There is no ${what} with the id ${id}.`,
  action: 'It may have been removed. Refresh the list.',
  what,
  id,
});
