import { AppFailure, type AppError } from '@shared/errors';
import { sqlState } from './database';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01', // the server shuts down
  '57P02', // it crashed
  '57P03', // it starts up
  '53300', // too many connections
]);

/** Whether an error means that the database was out of reach: the same work succeeds once it is back. */
export const isDatabaseOutage = (error: unknown): boolean => {
  if (error instanceof AppFailure) return error.error.code === 'database_unavailable';
  const code = sqlState(error);
  if (code !== undefined) return UNREACHABLE.has(code) || code.startsWith('08');
  return (
    error instanceof Error &&
    /connection (terminated|timeout|ended)|is not queryable|timeout exceeded when trying to connect/i.test(
      error.message,
    )
  );
};

/** What the user is told then. */
export const databaseUnavailable: AppError = {
  code: 'database_unavailable',
  message: 'The database cannot be reached, so nothing was changed.',
  action: 'It is tried again by itself. If it stays away, check the connection in Settings.',
};
