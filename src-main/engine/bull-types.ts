import type {
  FlowProducer,
  JobProgress,
  PostgresConnectionOptions,
  PostgresQueueBackend,
  Queue,
  Worker,
} from 'bullmq';

/** BullMQ's classes on either of the two backends; their types differ only in the connection. */
export type BullQueue =
  | Queue
  | Queue<
      unknown,
      unknown,
      string,
      unknown,
      unknown,
      string,
      PostgresQueueBackend,
      PostgresConnectionOptions
    >;
export type BullWorker =
  Worker | Worker<unknown, unknown, string, PostgresQueueBackend, JobProgress, PostgresConnectionOptions>;
export type BullFlowProducer = FlowProducer | FlowProducer<PostgresQueueBackend, PostgresConnectionOptions>;
