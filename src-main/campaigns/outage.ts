import { AppFailure } from '@shared/errors';
import { isDatabaseOutage } from '../database/outage';

/** Whether the database or the queue was out of reach, so that the same work will succeed once it is back. */
export const isOutage = (error: unknown): boolean =>
  isDatabaseOutage(error) || (error instanceof AppFailure && error.error.code === 'engine_unavailable');
