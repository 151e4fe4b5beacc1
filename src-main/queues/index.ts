import type { ConsoleContract } from '@shared/contract';
import type { QueueName } from '@shared/domain/queues';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { JobAdder } from '../campaigns/jobs';
import type { Database } from '../database/database';
import type { BullEngine } from '../engine/bullmq-engine';
import type { JobJournal } from '../engine/processor';
import type { FileExchange } from '../files/exchange';
import type { Logger } from '../logging/logger';
import { createChartsHandlers } from './charts/handlers';
import { ChartsService } from './charts/service';
import { createJobSchedulersHandlers } from './schedulers/handlers';
import { createFailuresHandlers } from './failures/handlers';
import { FailuresService } from './failures/service';
import { createQueuesHandlers } from './handlers';
import { createOperations } from './operations';
import { createQueueMetricsRepository } from './repository';
import { createSearchHandlers } from './search/handlers';
import { createSavedSearchRepository } from './search/repository';
import { SearchService } from './search/service';
import { createQueuesService, type QueuesService } from './service';

export interface QueuesParts {
  readonly engine: BullEngine;
  readonly database: Database;
  readonly organizationId: string;
  readonly journal: JobJournal;
  readonly files: FileExchange;
  readonly audit: Audit;
  readonly logger: Logger;
  /** A job that will never run was taken out; answers whether something was planned behind it. */
  readonly onWithdrawn: (queue: QueueName, data: unknown) => Promise<boolean>;
}

/** The domains of the contract that are about queues. */
type QueueDomain = 'queues' | 'charts' | 'failures' | 'operations' | 'searches' | 'jobSchedulers';

export interface Queues {
  readonly service: QueuesService;
  /** The queue manager as campaigns, imports and templates use it: what they add is also written into `job_logs`. */
  readonly adder: JobAdder;
  readonly handlers: { readonly [D in QueueDomain]: DomainHandlers<ConsoleContract[D]> };
  /** Begins to record. */
  start(): void;
  /** Begins to carry out operations, also those that an earlier console left unfinished. */
  startOperations(): void;
  /** Ends what is done for somebody: searches, operations, groups of failures. */
  stop(): Promise<void>;
  /** Ends recording, and writes what was recorded. */
  shutdown(): Promise<void>;
}

/** Queues to watch, chart, search and operate, wired together. */
export const createQueues = (parts: QueuesParts): Queues => {
  const { engine, database, organizationId, journal, files, audit, logger, onWithdrawn } = parts;
  const measurements = createQueueMetricsRepository(database);
  const service = createQueuesService({
    ...{ engine, journal, audit, logger, organizationId },
    repository: measurements,
    onWithdrawn: async (queue, data) => {
      await onWithdrawn(queue, data);
    },
  });
  const charts = new ChartsService({
    ...{ engine, organizationId, files },
    recorder: service.recorder,
    repository: measurements,
  });
  const failures = new FailuresService({ engine, files, audit });
  const search = new SearchService({ engine, repository: createSavedSearchRepository(database), audit });
  const operations = createOperations({
    ...{ database, engine, organizationId, journal, audit, logger, onWithdrawn },
  });

  return {
    service,
    adder: {
      addJob: ({ queue, name, data, ...rest }) => service.addJob(queue, name, data, rest),
      addFlow: (...flow) => service.addFlow(...flow),
    },
    handlers: {
      queues: createQueuesHandlers(service),
      charts: createChartsHandlers(charts),
      failures: createFailuresHandlers(failures),
      operations: operations.handlers,
      searches: createSearchHandlers(search),
      jobSchedulers: createJobSchedulersHandlers({ engine, audit }),
    },
    start: () => service.start(),
    startOperations: () => operations.service.start(),
    async stop() {
      search.close();
      await operations.service.stop();
      failures.close();
    },
    shutdown: () => service.shutdown(),
  };
};
