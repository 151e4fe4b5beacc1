import { Kysely, PostgresDialect, sql, type Transaction as AnyTransaction } from 'kysely';
import type { Pool } from './pool';
import type { Schema } from './schema';

/** Typed queries over any pool. The pool stays the caller's: end it, do not destroy the Database. */
export type Database = Kysely<Schema>;
export type Transaction = AnyTransaction<Schema>;
/** What a repository function takes: the database or a transaction on it. */
export type Executor = Kysely<Schema> | Transaction;

export function createDatabase(pool: Pool): Database {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

/** Serialization failure and deadlock: the transaction did nothing and may simply be run again. */
const RETRYABLE = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 4;

/**
 * Runs `work` in one transaction: all of it is committed, or none where it throws. A transaction that the
 * server refused for serialization or deadlock is run again (at most 4 times in all), so `work` must have
 * no effects outside the database. Use only `trx` inside: on PGlite another client waits for its end.
 */
export async function transaction<T>(db: Database, work: (trx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
    }
  }
}

/**
 * Lets this transaction's commit return before it is on the disk. A server that is lost right then loses the
 * last such commits, in their order, and none that a later ordinary commit has followed.
 */
export async function commitWithoutWaiting(trx: Transaction): Promise<void> {
  await sql`SET LOCAL synchronous_commit TO off`.execute(trx);
}

/**
 * Makes this transaction find rows through indexes. For steps over a part of a large table: where PostgreSQL has
 * counted the tables it may rather read all of one for each step, and a hundred steps then take a minute.
 */
export async function preferIndexes(trx: Transaction): Promise<void> {
  await sql`
    SELECT set_config('enable_hashjoin', 'off', TRUE), set_config('enable_mergejoin', 'off', TRUE),
           set_config('enable_seqscan', 'off', TRUE)`.execute(trx);
}

/** The SQLSTATE of a database error, for example 23505 for a broken unique rule. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The name of the rule that a database error says was broken, for example `contacts_phone_key`. */
export function brokenConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('constraint' in error)) return undefined;
  return typeof error.constraint === 'string' ? error.constraint : undefined;
}

/**
 * Runs `work` within the transaction. Where it fails as expected, only what it wrote is taken back, the
 * transaction goes on, and the answer is undefined; any other failure is thrown.
 */
export async function attempt<T>(
  trx: Transaction,
  work: () => Promise<T>,
  isExpected: (error: unknown) => boolean,
): Promise<T | undefined> {
  await sql`SAVEPOINT attempt`.execute(trx);
  try {
    const result = await work();
    await sql`RELEASE SAVEPOINT attempt`.execute(trx);
    return result;
  } catch (error) {
    if (!isExpected(error)) throw error;
    await sql`ROLLBACK TO SAVEPOINT attempt`.execute(trx);
    await sql`RELEASE SAVEPOINT attempt`.execute(trx);
    return undefined;
  }
}
