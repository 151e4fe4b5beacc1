import { app, dialog } from 'electron';
import type { AppError } from '@shared/errors';

/**
 * Says in the system's own words why the console cannot start: there is no window yet that could. Where
 * nobody sits before a screen (a test, a server) the message on the terminal has to do.
 */
export const showStartProblem = async ({ message, action }: AppError): Promise<void> => {
  await app.whenReady();
  if (process.env['CI'] !== undefined) return;
  await dialog.showMessageBox({ type: 'error', message, detail: action ?? '', buttons: ['Close'] });
};
