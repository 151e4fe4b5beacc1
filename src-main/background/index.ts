import { join } from 'node:path';
import { toAppError } from '@shared/errors';
import { createRpcServer } from '@shared/rpc/server';
import { serverWireOver } from '@shared/rpc/duplex';
import { speakPlainly } from '@shared/plain-issues';
import { createLogger } from '../logging/logger';
import { BackgroundConfig } from './config';
import { backgroundContract } from './contract';
import { joinParent, type Parent } from './join-parent';
import { openServices, type BackgroundServices } from './services';
import { collectWhenSettled } from './settle';

/** Main is the only caller: it already knows who acts. */
const main = { organizationId: '', userId: '', via: 'system' } as const;

/** The composition root of the background process: PGlite where embedded, the workers, and the reading of spreadsheets. */
const run = async (parent: Parent): Promise<void> => {
  const config = BackgroundConfig.parse(parent.config);
  const logger = createLogger({
    directory: join(config.dataDir, 'logs'),
    name: 'background',
    print: (line) => process.stdout.write(`${line}\n`),
  });
  let services: BackgroundServices | null = null;
  const end = async (code: number): Promise<void> => {
    await services?.close();
    logger.flush();
    process.exit(code);
  };
  process.on('uncaughtException', (error) => {
    logger.error('The background process met an error it does not know.', { error });
    logger.flush();
    process.exit(1);
  });
  // The terminal's Ctrl+C reaches every process of the group; main decides when this one ends.
  process.on('SIGINT', () => logger.info('Waiting for the app to end.'));
  process.on('SIGTERM', () => void end(0));
  parent.onGone(() => void end(0));

  try {
    services = await openServices(config, logger, __dirname);
  } catch (thrown) {
    logger.error('The background process could not start.', { error: thrown });
    parent.failed(toAppError(thrown, 'The background process could not start.'));
    await end(1);
    return;
  }
  services.serveDatabase(parent.database);
  const rpc = createRpcServer(backgroundContract, services.handlers, {
    report: (path, error) => logger.error(`${path} failed.`, { error }),
  });
  rpc.serve(
    serverWireOver(parent.rpc, () => logger.warn('Refused a message from main that makes no sense.')),
    main,
  );
  parent.ready();
  // After `ready`, so that the window does not wait for the workers.
  await services.startWorkers();
  await collectWhenSettled();
};

speakPlainly();
void joinParent(process).then(run);
