import { createPostgresBackend, FlowProducer, isPgPool, Queue, runMigrations, Worker } from 'bullmq';
import type { Pool } from '../database/pool';
import { BullEngine } from './bullmq-engine';
import { ChangeFeed } from './change-feed';
import { COORDINATION_TABLES } from './coordination-tables';
import { PostgresActions } from './postgres-actions';
import { PostgresCoordination } from './postgres-coordination';
import { PostgresEventFeed } from './postgres-event-feed';
import { PostgresJobReader } from './postgres-job-reader';
import { PostgresLink } from './postgres-link';
import { PostgresQueueFinder } from './postgres-queue-finder';
import { PostgresSelectionReader } from './postgres-selection';
import { PostgresVitals } from './postgres-vitals';
import { QueueCatalog } from './queue-catalog';

/** The pool as BullMQ takes it. Its own type of a pool names only what it uses, in a way that pg's generics do not fit. */
export const bullPool = (pool: Pool) => {
  if (!isPgPool(pool)) throw new Error('BullMQ does not take this pool.');
  return pool;
};

/**
 * The embedded database has one owner at a time, and its workers end with it: what is active when the next one
 * opens it has lost its worker. BullMQ would wait for the lock to run out and for two looks at it, 30 to 45
 * seconds in all; so, the first look finds it, and counts it as stalled like any other.
 */
const LET_GO_OF_ACTIVE_JOBS = `
  UPDATE bullmq.job SET locked_until_ms = 0, stalled_marked = TRUE
   WHERE state = 'active' AND locked_until_ms IS NOT NULL;
  DELETE FROM bullmq.meta WHERE field = 'stalled-check'`;

/**
 * Brings BullMQ's tables and ours up to date, and lets go of what a worker that has died was at. Safe at every
 * start; only the database's owner calls it, before its workers.
 */
export const migrateEngine = async (pool: Pool): Promise<void> => {
  const client = await pool.connect();
  try {
    await runMigrations(client);
    await client.query(COORDINATION_TABLES);
    await client.query(LET_GO_OF_ACTIVE_JOBS);
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
  const catalog = new QueueCatalog(new PostgresQueueFinder(pool));
  return new BullEngine({
    kind: 'pglite',
    label: 'embedded',
    link: new PostgresLink(pool),
    reader: new PostgresJobReader(pool),
    actions: new PostgresActions(pool),
    selection: new PostgresSelectionReader(pool),
    vitals: new PostgresVitals(pool),
    coordination: new PostgresCoordination(pool),
    changes,
    catalog,
    events: new PostgresEventFeed(pool, () => catalog.names(), changes),
    queue: (name, own) => new Queue(name, { ...own, connection }, createPostgresBackend),
    flow: () => new FlowProducer({ connection }, createPostgresBackend),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection }, createPostgresBackend),
    // Nobody else can reach the embedded database: its workers announce themselves.
    workerClients: () => Promise.resolve([]),
    closeWorkers: () => Promise.resolve(),
  });
};
