import pg from 'pg';

/**
 * The one shape everything speaks to a database through: a node-postgres pool. Against a server it uses
 * TCP; against PGlite the same pool and clients run over an in-process stream or a message port
 * (pglite-pool.ts). Types, errors (SQLSTATE in `code`) and LISTEN/NOTIFY therefore behave the same,
 * and kysely and BullMQ take either.
 */
export type Pool = pg.Pool;
/** A client taken from the pool by `connect()`; `release()` gives it back, `release(true)` ends it. */
export type PoolClient = pg.PoolClient;
/** What runs a query: the pool (any client) or one client (one session). */
export type Queryable = Pick<pg.Pool, 'query'>;

/** The schemas that unqualified names are looked up in: ours first, BullMQ's tables after. */
export const SEARCH_PATH = 'public, bullmq';

const INT8 = 20;
const NUMERIC = 1700;
const DATE = 1082;

/**
 * How results are read, the same over TCP and PGlite: int8 and numeric as numbers (counts and averages
 * here stay far below 2^53), `date` as its text (a calendar day has no time zone), the rest as
 * node-postgres does it (timestamptz to Date, json parsed, bytea to Buffer).
 */
export function resultTypes(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  types.setTypeParser(NUMERIC, Number);
  types.setTypeParser(DATE, (text: string) => text);
  return types;
}

export interface PgPoolOptions {
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** Largest number of connections. BullMQ keeps one per worker and per event feed for LISTEN. Default 10. */
  readonly max?: number;
  /** Longest a single statement may run, in ms; the server ends it (57014). Default 60,000; 0 for no limit. */
  readonly statementTimeoutMs?: number;
  /** Longest a new connection may take, in ms. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Called for every error of an idle connection; the pool replaces the connection by itself. */
  readonly onError?: (error: Error) => void;
}

/**
 * Losing the database ends no process: `onError` hears of idle connections. Of one that is in use nobody listens
 * but the query, which fails with it; between two statements of a transaction nobody does at all.
 */
export function outliveLosses(pool: Pool, onError: (error: Error) => void = () => undefined): void {
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', () => undefined));
}

/**
 * A pool to a PostgreSQL 13+ server. `sslmode` in the URL is obeyed; without it TLS is switched on for
 * every host that is not this machine (Supabase demands it) and not verified against a CA, as
 * `sslmode=require` means in libpq.
 */
export function createPgPool(url: string, options: PgPoolOptions = {}): Pool {
  const pool = new pg.Pool({
    ...connectionSettings(url),
    application_name: options.applicationName ?? 'adsapp-console',
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    types: resultTypes(),
    // As a statement and not as start-up parameters: poolers (PgBouncer, Supavisor) refuse those.
    verify: (client, done) => {
      client.query(sessionSettings(options.statementTimeoutMs ?? 60_000)).then(() => done(), done);
    },
  });
  outliveLosses(pool, options.onError);
  return pool;
}

function sessionSettings(statementTimeoutMs: number): string {
  return `SET search_path TO ${SEARCH_PATH}; SET statement_timeout TO ${String(Math.trunc(statementTimeoutMs))}`;
}

const LOCAL_HOSTS = new Set(['', 'localhost', '127.0.0.1', '[::1]', '::1']);

function connectionSettings(url: string): pg.PoolConfig {
  const parsed = new URL(url);
  const mode = parsed.searchParams.get('sslmode');
  parsed.searchParams.delete('sslmode');
  const connectionString = parsed.toString();
  if (mode === null) {
    return LOCAL_HOSTS.has(parsed.hostname) || parsed.searchParams.has('host')
      ? { connectionString, ssl: false }
      : { connectionString, ssl: { rejectUnauthorized: false } };
  }
  switch (mode) {
    case 'disable':
      return { connectionString, ssl: false };
    case 'verify-ca':
    case 'verify-full':
      return { connectionString, ssl: { rejectUnauthorized: true } };
    default:
      return { connectionString, ssl: { rejectUnauthorized: false } };
  }
}
