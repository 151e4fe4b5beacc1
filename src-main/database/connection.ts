import type { z } from 'zod';
import type { Health } from '@shared/contract/common';
import type { Duplex } from '@shared/rpc/duplex';
import type { Logger } from '../logging/logger';
import { createDatabase, type Database } from './database';
import { DatabaseHealth, type DatabaseStatus } from './health';
import { migrate } from './migrate';
import { DEFAULT_OWNER, ensureDefaultOrganization, findOwnerNames } from './organizations';
import { isDatabaseOutage } from './outage';
import { PortConnector } from './pglite-port';
import { createPgPool, type Pool } from './pool';
import { createSessionPool } from './pglite-stream';

type HealthValue = z.infer<typeof Health>;

/** The organization and profile this console works as. */
export interface Identity {
  organizationId: string;
  organizationName: string;
  profileId: string;
  profileName: string;
}

/** Main's way to its database, wherever that is. */
export interface DatabaseConnection {
  readonly database: Database;
  /** The pool to PGlite in the background process; the embedded engine is there as well. */
  readonly embeddedPool: Pool;
  /** Known at the start, or as soon as the database is there. */
  readonly identity: Identity;
  /**
   * Migrates and learns the identity. Where a server cannot be reached within a few seconds it resolves
   * all the same, and goes on trying: the console shows the database as down until it is there.
   */
  prepare(): Promise<void>;
  health(): HealthValue;
  onHealth(listener: (health: HealthValue) => void): () => void;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  /** Null: PGlite in the background process. */
  readonly url: string | null;
  readonly onDatabase: (attach: (port: Duplex) => void) => void;
  readonly logger: Logger;
}

const RETRY_MS = 2_000;
/** Half of it queries at once, half idle: main is one person's console. */
const SERVER_CONNECTIONS = 8;

/** Opens main's connection. Connects lazily: nothing here waits for the database. */
export const connectDatabase = ({ url, onDatabase, logger }: ConnectionOptions): DatabaseConnection => {
  const onError = (error: Error): void => logger.warn('A database connection was lost.', { error });
  const embeddedPool = embedded(onDatabase, onError);
  const pool =
    url === null
      ? embeddedPool
      : createPgPool(url, {
          applicationName: 'adsapp-console',
          max: SERVER_CONNECTIONS,
          connectTimeoutMs: 3_000,
          onError,
        });
  const database = createDatabase(pool);
  const watch = new DatabaseHealth(pool);
  const identity: Identity = { ...DEFAULT_OWNER, organizationName: '', profileName: '' };
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const prepareOnce = async (): Promise<void> => {
    // The embedded one is brought up to date by the process that holds it, before it lets anyone in.
    if (url !== null) await migrate(pool);
    const owner = await ensureDefaultOrganization(database);
    Object.assign(identity, owner, await findOwnerNames(database, owner));
  };
  const prepareLater = async (): Promise<void> => {
    try {
      await prepareOnce();
    } catch (error) {
      if (closed) return;
      if (!isDatabaseOutage(error)) logger.error('The database could not be prepared.', { error });
      retry = setTimeout(() => void prepareLater(), RETRY_MS);
      retry.unref();
    }
  };

  return {
    database,
    embeddedPool,
    identity,
    async prepare() {
      try {
        await prepareOnce();
        await watch.check();
      } catch (error) {
        if (!isDatabaseOutage(error)) throw error;
        logger.warn('The database cannot be reached yet.', { error });
        void prepareLater();
      }
      watch.start();
    },
    health: () => healthOf(watch.status),
    onHealth: (listener) => watch.onChange((status) => listener(healthOf(status))),
    async close() {
      closed = true;
      clearTimeout(retry);
      watch.stop();
      await pool.end();
      if (pool !== embeddedPool) await embeddedPool.end();
    },
  };
};

/** A new background process brings a new port; sessions of the old one end with an error and are opened anew. */
const embedded = (onDatabase: ConnectionOptions['onDatabase'], onError: (error: Error) => void): Pool => {
  const connector = new PortConnector();
  onDatabase((port) => connector.attach(port));
  return createSessionPool(connector, { onError });
};

const healthOf = ({ state, since, lastError }: DatabaseStatus): HealthValue => ({
  state: state === 'starting' ? 'connecting' : state,
  since: since.toISOString(),
  problem: state === 'up' ? null : (lastError ?? null),
});
