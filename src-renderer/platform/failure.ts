import { AppFailure, toAppError, type AppError } from '@shared/errors';

/** What a failed query or command says; React Query hands over the AppFailure that callQuery threw. */
export const wordsOf = (error: Error): AppError =>
  error instanceof AppFailure ? error.error : toAppError(error, error.message);
