import { AppFailure } from '@shared/errors';
import { sqlState } from '../database/database';

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

/** Whether a dependency was out of reach, so that the same work will succeed once it is back. */
export function isOutage(error: unknown): boolean {
  if (error instanceof AppFailure) {
    return error.error.code === 'database_unavailable' || error.error.code === 'engine_unavailable';
  }
  const code = sqlState(error);
  if (code !== undefined) return UNREACHABLE.has(code) || code.startsWith('08');
  return (
    error instanceof Error &&
    /connection (terminated|timeout|ended)|timeout exceeded when trying to connect/i.test(error.message)
  );
}
