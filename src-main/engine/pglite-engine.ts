import { createPostgresBackend, FlowProducer, Queue, runMigrations, Worker, type PgPool } from 'bullmq';
import { queueNames } from '@shared/domain/queues';
import { BullEngine } from './bullmq-engine';
import { ChangeFeed } from './change-feed';
import { COORDINATION_TABLES } from './coordination-tables';
import { PostgresCoordination } from './postgres-coordination';
import { PostgresEventFeed, type ListenPool } from './postgres-event-feed';
import { PostgresJobReader } from './postgres-job-reader';
import { PostgresLink } from './postgres-link';

/**
 * A pg.Pool, to a server or to PGlite, whose search_path finds the schema `bullmq`. Every worker and
 * every engine keeps one of its clients for LISTEN, so it needs at least 8.
 */
export type EnginePool = PgPool & ListenPool;

/**
 * Whether this is a pool as BullMQ means it. A pg.Pool is one, but its type, which is generic over event
 * names, does not match BullMQ's overloads; hence a check instead of a promise.
 */
export const isEnginePool = (pool: object): pool is EnginePool =>
  ['connect', 'query', 'end', 'on'].every((name) => typeof Reflect.get(pool, name) === 'function');

/** Brings BullMQ's tables and ours up to date. Safe at every start; only the database's owner calls it. */
export const migrateEngine = async (pool: EnginePool): Promise<void> => {
  const client = await pool.connect();
  try {
    await runMigrations(client);
    await client.query(COORDINATION_TABLES);
  } finally {
    client.release();
  }
};

/** The engine on the embedded PostgreSQL. The tables have to be there: see migrateEngine. */
export const createPgliteEngine = ({ pool }: { readonly pool: EnginePool }): BullEngine => {
  const changes = new ChangeFeed();
  return new BullEngine({
    kind: 'pglite',
    label: 'embedded',
    link: new PostgresLink(pool),
    reader: new PostgresJobReader(pool),
    coordination: new PostgresCoordination(pool),
    changes,
    events: new PostgresEventFeed(pool, queueNames, changes),
    queue: (name) => new Queue(name, { connection: pool }, createPostgresBackend),
    flow: () => new FlowProducer({ connection: pool }, createPostgresBackend),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: pool }, createPostgresBackend),
    closeWorkers: () => Promise.resolve(),
  });
};
