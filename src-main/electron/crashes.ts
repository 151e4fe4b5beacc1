import { app } from 'electron';
import type { Logger } from '../logging/logger';

/**
 * First thing in main: what nobody caught is logged and ends the app, without the native dialog that
 * Electron would show, which nobody can answer where there is no display.
 */
export const endOnUncaught = (logger: Logger): void => {
  process.on('uncaughtException', (error) => {
    logger.error('The app ends because of an error that nobody expected.', { error });
    logger.flush();
    app.exit(1);
  });
  // The work that rejected is lost, the rest of the app is sound: it goes on, and the log says so.
  process.on('unhandledRejection', (reason) => {
    logger.error('Something failed that nobody waited for.', { error: reason });
  });
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    logger.warn('A process of the app ended.', { type, reason, exitCode, name });
  });
};
