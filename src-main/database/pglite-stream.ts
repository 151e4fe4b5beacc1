import { Duplex } from 'node:stream';
import pg from 'pg';
import type { SessionClient, SessionHandle } from './pglite-session';
import { outliveLosses, type Pool, resultTypes } from './pool';

/** Opens a session on an embedded database, wherever it lives. */
export interface SessionConnector {
  open(client: SessionClient): SessionHandle;
}

export interface PGlitePoolOptions {
  /**
   * Largest number of sessions. They cost next to nothing, and BullMQ keeps one for each worker and event
   * feed. Default 64.
   */
  readonly max?: number;
  /** Longest to wait for the database to take up a session, in ms. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Called for every error of an idle session. */
  readonly onError?: (error: Error) => void;
}

/** A node-postgres pool whose clients speak to PGlite through `connector` instead of a socket. */
export function createSessionPool(connector: SessionConnector, options: PGlitePoolOptions = {}): Pool {
  const pool = new pg.Pool({
    max: options.max ?? 64,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    idleTimeoutMillis: 0,
    // Stated, so that neither PG* variables nor a password file of this machine play a part.
    host: 'embedded',
    port: 5432,
    user: 'postgres',
    password: '',
    database: 'postgres',
    ssl: false,
    keepAlive: true,
    types: resultTypes(),
    stream: () => new SessionStream(connector),
  });
  outliveLosses(pool, options.onError);
  // Every queue, worker and event feed of BullMQ listens for errors; that is no leak.
  pool.setMaxListeners(100);
  return pool;
}

/** What node-postgres takes for its socket. */
class SessionStream extends Duplex {
  private session: SessionHandle | undefined;

  constructor(private readonly connector: SessionConnector) {
    super({ allowHalfOpen: false });
  }

  connect(): void {
    this.session = this.connector.open({
      receive: (bytes) => this.push(bytes),
      closed: () => this.push(null),
    });
    process.nextTick(() => this.emit('connect'));
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // Answers are pushed as they come.
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.session?.send(chunk);
    done();
  }

  override _writev(chunks: { chunk: Uint8Array }[], done: () => void): void {
    this.session?.send(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  override _final(done: () => void): void {
    this.session?.close();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.session?.close();
    done(error);
  }
}
