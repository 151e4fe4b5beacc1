/**
 * The parts of PostgreSQL's wire protocol (version 3) that lie between node-postgres clients and PGlite:
 * cutting the client's bytes into units of work, reading the outcome, and the few messages a server has
 * to write itself. https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

const code = (letter: string): number => letter.charCodeAt(0);

export const FRONTEND = {
  parse: code('P'),
  bind: code('B'),
  query: code('Q'),
  sync: code('S'),
  flush: code('H'),
  terminate: code('X'),
  copyData: code('d'),
  copyDone: code('c'),
  copyFail: code('f'),
} as const;

export const BACKEND = {
  copyInResponse: code('G'),
  error: code('E'),
  notification: code('A'),
  readyForQuery: code('Z'),
} as const;

/** Idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E';

export interface WireMessage {
  readonly type: number;
  /** The whole message, type and length included. */
  readonly bytes: Buffer;
}

const SSL_REQUEST = 80877103;
const CANCEL_REQUEST = 80877102;
const HEADER_BYTES = 5;

export type Startup = 'startup' | 'ssl_request' | 'cancel_request';

/** Cuts a client's byte stream into messages, however the bytes were split on their way. */
export class FrontendReader {
  private pending: Buffer = Buffer.alloc(0);
  private started = false;

  /** The complete messages in what has arrived so far. */
  *read(chunk: Uint8Array): Generator<WireMessage | Startup> {
    const arrived = asBuffer(chunk);
    this.pending = this.pending.length === 0 ? arrived : Buffer.concat([this.pending, arrived]);
    for (;;) {
      const next = this.started ? this.nextMessage() : this.nextStartup();
      if (next === undefined) return;
      yield next;
    }
  }

  private nextStartup(): Startup | undefined {
    if (this.pending.length < 8) return undefined;
    const length = this.pending.readInt32BE(0);
    if (this.pending.length < length) return undefined;
    const version = this.pending.readInt32BE(4);
    this.pending = this.pending.subarray(length);
    if (version === SSL_REQUEST) return 'ssl_request';
    if (version === CANCEL_REQUEST) return 'cancel_request';
    this.started = true;
    return 'startup';
  }

  private nextMessage(): WireMessage | undefined {
    if (this.pending.length < HEADER_BYTES) return undefined;
    const end = 1 + this.pending.readInt32BE(1);
    if (this.pending.length < end) return undefined;
    const bytes = this.pending.subarray(0, end);
    this.pending = this.pending.subarray(end);
    return { type: bytes.readUInt8(0), bytes };
  }
}

/** Each message of a server's answer. */
export function* backendMessages(answer: Buffer): Generator<WireMessage> {
  for (let at = 0; at + HEADER_BYTES <= answer.length;) {
    const end = at + 1 + answer.readInt32BE(at + 1);
    yield { type: answer.readUInt8(at), bytes: answer.subarray(at, end) };
    at = end;
  }
}

/** The transaction status at the end of an answer; undefined where the answer does not end as it should. */
export function finalStatus(answer: Buffer): TransactionStatus | undefined {
  const at = answer.length - 6;
  if (at < 0 || answer.readUInt8(at) !== BACKEND.readyForQuery) return undefined;
  const status = String.fromCharCode(answer.readUInt8(at + 5));
  return status === 'I' || status === 'T' || status === 'E' ? status : undefined;
}

/** The SQL of a Query or Parse message, the statement's name with it. */
export function statementOf(message: WireMessage): { readonly name: string; readonly sql: string } {
  if (message.type === FRONTEND.query) {
    return { name: '', sql: cString(message.bytes, HEADER_BYTES) };
  }
  const name = cString(message.bytes, HEADER_BYTES);
  return { name, sql: cString(message.bytes, HEADER_BYTES + Buffer.byteLength(name) + 1) };
}

export function notificationChannel(message: WireMessage): string {
  return cString(message.bytes, HEADER_BYTES + 4);
}

function cString(bytes: Buffer, start: number): string {
  return bytes.toString('utf8', start, bytes.indexOf(0, start));
}

/** A view of the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const cText = (text: string): Buffer => Buffer.from(`${text}\0`);

function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(HEADER_BYTES);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export const readyForQuery = (status: TransactionStatus): Buffer => message('Z', Buffer.from(status));

/** What a server says to a client that has just connected; `session` stands where a backend's pid would. */
export function welcome(session: number, parameters: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat([
    message('R', int32(0)),
    ...Object.entries(parameters).map(([name, value]) => message('S', cText(name), cText(value))),
    message('K', int32(session), int32(0)),
    readyForQuery('I'),
  ]);
}

export type Severity = 'ERROR' | 'FATAL';

/** An ErrorResponse that node-postgres turns into a DatabaseError with this SQLSTATE in `code`. */
export function errorResponse(severity: Severity, sqlState: string, text: string): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${sqlState}`, `M${text}`];
  return message('E', ...fields.map(cText), Buffer.from([0]));
}

/** Invites the client to send COPY data as text. */
export const copyInResponse = (): Buffer => message('G', Buffer.from([0, 0, 0]));

/** A Query message (simple protocol). */
export const simpleQuery = (sql: string): Buffer => message('Q', cText(sql));
