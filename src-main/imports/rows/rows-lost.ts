import type { AppError } from '@shared/errors';

/** The server was lost and came back while rows were staged: those that it had not on the disk are missing. */
export const rowsLost: AppError = {
  code: 'database_unavailable',
  message: 'The database has lost rows of the file while it was read.',
  action: 'Resume the import: the file is read again.',
};
