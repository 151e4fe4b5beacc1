import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ImportId, JobId } from '@shared/domain/ids';
import { jobPayloads } from '@shared/domain/jobs';
import { createDatabase } from '../../database/database';
import { createPgPool } from '../../database/pool';
import { createRedisEngine } from '../../engine/redis-engine';
import { createFileExchange } from '../../files/exchange';
import { createImports } from '../index';
import { createImportProcessor } from '../processor';
import { findImport } from '../repository';
import { openBackgroundSide } from './background-side';

export const ConsolePlan = z.object({
  databaseUrl: z.string(),
  redisUrl: z.string(),
  /** Where the console keeps the files of imports. */
  folder: z.string(),
  threadPath: z.string(),
  reviewPath: z.string(),
  organizationId: z.string(),
  userId: z.string(),
  importId: ImportId,
  /** The console reads the file, the worker writes the contacts; `app` is both in one process. */
  role: z.enum(['app', 'console', 'worker']),
});
export type ConsolePlan = z.infer<typeof ConsolePlan>;

const LOOK_MS = 5;
const AWAY_MS = 50;
const noLog = (): void => undefined;
const silent = { debug: noLog, info: noLog, warn: noLog, error: noLog, flush: noLog };

/**
 * A console with its background and a worker in one process, to be killed: takes up the import as after a restart
 * and ends when it is completed. Says `ready` once it works on it.
 */
async function main(plan: ConsolePlan): Promise<void> {
  const pool = createPgPool(plan.databaseUrl);
  const database = createDatabase(pool);
  const engine = createRedisEngine({ url: plan.redisUrl });
  const actor = { organizationId: plan.organizationId, userId: plan.userId, via: 'system' as const };
  const imports = createImports({
    ...{ database, logger: silent, dataDir: plan.folder },
    files: await createFileExchange({ directory: `${plan.folder}/files`, report: () => undefined }),
    ...openBackgroundSide({ pool, ...plan }, actor, () => undefined),
    queues: { addJob: (job) => engine.queue('contact-import').add(job) },
    jobs: engine.queue('contact-import'),
    audit: () => Promise.resolve(),
  });
  const write = createImportProcessor(database, { maxBatchRows: 300 });
  const { organizationId, importId, role } = plan;

  const step = async (): Promise<boolean> => {
    const record = await findImport(database, organizationId, importId);
    switch (record?.state) {
      case 'completed':
        return true;
      case 'failed':
        // As somebody does who reads why it stopped.
        if (role !== 'worker')
          await imports.handlers.resume({ importId }, { actor, signal: new AbortController().signal });
        break;
      case 'staging': // Rows are written while the rest of the file is read.
      case 'ready':
      case 'running':
        if (role !== 'console')
          await write({
            id: JobId.parse('killed'),
            queue: 'contact-import',
            name: 'import-contacts',
            data: jobPayloads['contact-import'].parse({ ...actor, importId, rows: record.read }),
            ...{ attempt: 1, attempts: 1_000 },
            signal: new AbortController().signal,
            timeLimitMs: () => 300_000,
            workedMs: () => 0,
            progress: () => undefined,
            log: () => undefined,
          });
        break;
      default:
    }
    await delay(LOOK_MS);
    return false;
  };

  process.stdout.write('ready\n');
  if (role !== 'worker') await imports.start();
  for (;;) {
    try {
      if (await step()) process.exit(0);
    } catch {
      await delay(AWAY_MS); // The database is away.
    }
  }
}

void main(ConsolePlan.parse(JSON.parse(process.argv[2] ?? '')));
