import { type ListenChange, copyFromStdin, listenChanges } from './pglite-statements';
import {
  type Startup,
  type TransactionStatus,
  type WireMessage,
  FRONTEND,
  FrontendReader,
  copyInResponse,
  errorResponse,
  readyForQuery,
  statementOf,
  welcome,
} from './pglite-wire';

/** Where a session's answers go. */
export interface SessionClient {
  receive(bytes: Uint8Array): void;
  /** The server ended the session. */
  closed(): void;
}

/** A client's end of a session. */
export interface SessionHandle {
  send(bytes: Uint8Array): void;
  /** Ends the session; an open transaction is rolled back. */
  close(): void;
}

/** One round trip to the engine: everything up to a Sync, one simple query, or one whole COPY. */
export interface Unit {
  readonly request: Buffer;
  readonly listen: readonly ListenChange[];
  /** The client was already invited to send its COPY data: the engine's own invitation is left out. */
  readonly copyIn: boolean;
  /** Why the unit must not reach the engine. */
  readonly refusal: string | undefined;
}

/** What node-postgres is told on connecting; it decides how it reads dates and numbers. */
const REPORTED_PARAMETERS = {
  server_version: '18.0',
  server_encoding: 'UTF8',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  integer_datetimes: 'on',
  standard_conforming_strings: 'on',
};

/** One client's conversation: turns its bytes into units and keeps what is its own. */
export class Session implements SessionHandle {
  readonly units: Unit[] = [];
  readonly channels = new Set<string>();
  queued = false;
  closed = false;
  private readonly reader = new FrontendReader();
  private gathered: Buffer[] = [];
  private listen: ListenChange[] = [];
  private refusal: string | undefined;
  private copying = false;
  private status: TransactionStatus = 'I';

  constructor(
    readonly id: number,
    private readonly client: SessionClient,
    private readonly onReady: () => void,
    private readonly onEnd: () => void,
  ) {}

  send(bytes: Uint8Array): void {
    if (this.closed) return;
    for (const message of this.reader.read(bytes)) {
      if (typeof message === 'string') this.greet(message);
      else this.take(message);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.onEnd();
  }

  /** Ends the session from the server's side, with a reason that the client sees as its error. */
  terminate(sqlState: string, reason: string): void {
    if (this.closed) return;
    this.client.receive(errorResponse('FATAL', sqlState, reason));
    this.close();
    this.client.closed();
  }

  answer(bytes: Buffer, status: TransactionStatus): void {
    this.status = status;
    this.push(bytes);
  }

  refuse(reason: string): void {
    this.push(Buffer.concat([errorResponse('ERROR', '0A000', reason), readyForQuery(this.status)]));
  }

  push(bytes: Buffer): void {
    if (!this.closed) this.client.receive(bytes);
  }

  private greet(startup: Startup): void {
    if (startup === 'ssl_request') this.client.receive(Buffer.from('N'));
    else if (startup === 'startup') this.client.receive(welcome(this.id, REPORTED_PARAMETERS));
    else this.closeBoth();
  }

  private closeBoth(): void {
    this.close();
    this.client.closed();
  }

  private take(message: WireMessage): void {
    if (message.type === FRONTEND.terminate) return this.closeBoth();
    if (message.type === FRONTEND.query || message.type === FRONTEND.parse) this.inspect(message);
    // A portal that stays open between round trips would keep the one connection from everybody else.
    if (message.type === FRONTEND.flush) this.refusal = 'Cursors are not supported on the embedded database.';
    else this.gathered.push(message.bytes);
    if (this.isUnitEnd(message.type)) this.finishUnit();
  }

  private inspect(message: WireMessage): void {
    const { name, sql } = statementOf(message);
    if (name !== '') this.refusal = 'Named statements are not supported on the embedded database.';
    this.listen.push(...listenChanges(sql));
    const copy = copyFromStdin(sql);
    if (copy === 'none') return;
    // PGlite ends the whole engine when it waits for COPY data that is not there yet.
    if (copy === 'mixed' || message.type !== FRONTEND.query) {
      this.refusal = 'COPY FROM STDIN must be a statement of its own, without parameters.';
      return;
    }
    this.copying = true;
    this.client.receive(copyInResponse());
  }

  private isUnitEnd(type: number): boolean {
    if (this.copying) return type === FRONTEND.copyDone || type === FRONTEND.copyFail;
    return type === FRONTEND.query || type === FRONTEND.sync;
  }

  private finishUnit(): void {
    this.units.push({
      request: Buffer.concat(this.gathered),
      listen: this.listen,
      copyIn: this.copying,
      refusal: this.refusal,
    });
    this.gathered = [];
    this.listen = [];
    this.copying = false;
    this.refusal = undefined;
    this.onReady();
  }
}
