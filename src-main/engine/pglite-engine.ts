import { createPostgresBackend, FlowProducer, isPgPool, Queue, runMigrations, Worker } from 'bullmq';
import { queueNames } from '@shared/domain/queues';
import type { Pool } from '../database/pool';
import { BullEngine } from './bullmq-engine';
import { ChangeFeed } from './change-feed';
import { COORDINATION_TABLES } from './coordination-tables';
import { PostgresCoordination } from './postgres-coordination';
import { PostgresEventFeed } from './postgres-event-feed';
import { PostgresJobReader } from './postgres-job-reader';
import { PostgresLink } from './postgres-link';

/** BullMQ's own type of a pool names only what it uses, in a way that pg's generics do not fit. */
const bullPool = (pool: Pool) => {
  if (!isPgPool(pool)) throw new Error('BullMQ does not take this pool.');
  return pool;
};

/** Brings BullMQ's tables and ours up to date. Safe at every start; only the database's owner calls it. */
export const migrateEngine = async (pool: Pool): Promise<void> => {
  const client = await pool.connect();
  try {
    await runMigrations(client);
    await client.query(COORDINATION_TABLES);
  } finally {
    client.release();
  }
};

/**
 * The engine on the embedded PostgreSQL, through a pool that finds the schema `bullmq`. The tables have
 * to be there: see migrateEngine. Every worker and every engine keeps one of the pool's clients for
 * LISTEN, so it needs at least 8. The pool stays its owner's.
 */
export const createPgliteEngine = ({ pool }: { readonly pool: Pool }): BullEngine => {
  const connection = bullPool(pool);
  const changes = new ChangeFeed();
  return new BullEngine({
    kind: 'pglite',
    label: 'embedded',
    link: new PostgresLink(pool),
    reader: new PostgresJobReader(pool),
    coordination: new PostgresCoordination(pool),
    changes,
    events: new PostgresEventFeed(pool, queueNames, changes),
    queue: (name) => new Queue(name, { connection }, createPostgresBackend),
    flow: () => new FlowProducer({ connection }, createPostgresBackend),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection }, createPostgresBackend),
    closeWorkers: () => Promise.resolve(),
  });
};
