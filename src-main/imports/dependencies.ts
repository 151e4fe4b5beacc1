import type { JobId } from '@shared/domain/ids';
import type { Client } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { BackgroundContract } from '../background/contract';
import type { Database } from '../database/database';
import type { NewJob, QueueEngine } from '../engine/engine';
import type { FileExchange } from '../files/exchange';
import type { Logger } from '../logging/logger';

export interface ImportsDependencies {
  readonly database: Database;
  /** The background process: reads files and stages their rows. */
  readonly spreadsheets: Client<BackgroundContract>['spreadsheets'];
  /** The background process: holds the rows of drafts while somebody looks through them. */
  readonly review: Client<BackgroundContract>['review'];
  /** The queue manager: what it adds is also written into `job_logs`. */
  readonly queues: { addJob(job: NewJob<'contact-import'>): Promise<JobId> };
  /** The queue `contact-import` of the engine, to wake and to look after the jobs of imports. */
  readonly jobs: Pick<QueueEngine, 'job' | 'promote' | 'retry' | 'remove'>;
  readonly files: FileExchange;
  readonly audit: Audit;
  readonly logger: Logger;
  /** Copies of the imported files are kept below it. */
  readonly dataDir: string;
}
