import { AppFailure, notFound, type AppError } from '@shared/errors';

/** BullMQ's own numbers for an operation that was refused (`ErrorCode` in bullmq/enums). */
const JOB_MISSING = -1;
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [-2, 'The job is no longer held by the worker that ran it.'],
  [-3, 'The job is not in the state this needs; it moved on meanwhile.'],
  [-4, 'The job still waits for other jobs.'],
  [-5, 'The job belongs to another one that is gone.'],
  [-6, 'The job is held by another worker now.'],
  [-8, 'The job belongs to a schedule and is removed with it.'],
]);

/** Texts of ioredis and pg that mean: the server could not be reached, or went away meanwhile. */
const UNREACHABLE = [
  /connection (is closed|terminated|ended|timeout)/i,
  /stream isn't writeable/i,
  /max retries per request/i,
  /command timed out/i,
  /command aborted/i,
  /server closed the connection/i,
  /client has encountered a connection error/i,
  /cannot use a pool after calling end/i,
  /^(LOADING|MASTERDOWN|NOAUTH|WRONGPASS|READONLY|CLUSTERDOWN|TRYAGAIN)\b/,
];
const UNREACHABLE_CODES =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08\w{3}|57P0\d)$/;

const codeOf = (error: unknown): string | number | undefined => {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' || typeof error.code === 'number' ? error.code : undefined;
};

/** Whether an error says that the engine cannot be reached, rather than that it refused something. */
export const isUnreachable = (error: unknown): boolean => {
  if (error instanceof AppFailure) {
    return ['engine_unavailable', 'database_unavailable', 'background_unavailable'].includes(
      error.error.code,
    );
  }
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (typeof code === 'string' && UNREACHABLE_CODES.test(code)) return true;
  return UNREACHABLE.some((pattern) => pattern.test(error.message));
};

export const engineUnavailable = (problem: string | null): AppError => ({
  code: 'engine_unavailable',
  message: `The queue engine cannot be reached${problem === null ? '' : `: ${problem}`}. Nothing was changed.`,
  action: 'The console reconnects by itself. Try again when it is back.',
});

/** A command was under way when the connection broke: it may or may not have been carried out. */
const interrupted: AppError = {
  code: 'engine_unavailable',
  message:
    'The connection to the queue engine broke before it answered. The command may have been carried out.',
  action: 'Look at the job or the queue when the engine is back, then try again if needed.',
};

const conflict = (message: string): AppError => ({
  code: 'conflict',
  message,
  action: 'Refresh and look at its state.',
});

/** What a failed engine command means, as an AppFailure; an error nobody foresaw stays as it is. */
export const translateEngineError = (error: unknown, jobId?: string): unknown => {
  if (error instanceof AppFailure) return error;
  const code = codeOf(error);
  if (code === JOB_MISSING && jobId !== undefined) return new AppFailure(notFound('job', jobId));
  const refusal = typeof code === 'number' ? REFUSALS.get(code) : undefined;
  if (refusal !== undefined) return new AppFailure(conflict(refusal));
  if (isUnreachable(error)) return new AppFailure(interrupted);
  if (error instanceof Error && error.message.includes('locked by another worker')) {
    return new AppFailure(
      conflict('A worker runs this job, or one of its parts, now. Cancel it instead of removing it.'),
    );
  }
  return error;
};
