import type { SessionClient, SessionHandle } from './pglite-session';
import type { SessionConnector } from './pglite-stream';

/**
 * One end of a two-way channel between processes or threads: Electron's MessagePortMain, a worker_threads
 * MessagePort, or a child process forked with `serialization: 'advanced'`. Messages are Uint8Arrays.
 */
export interface DuplexPort {
  post(message: Uint8Array): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

const OPEN = 1;
const DATA = 2;
const CLOSE = 3;

interface Frame {
  readonly session: number;
  readonly kind: number;
  readonly payload: Uint8Array;
}

const FRAME_HEADER = 9;
const EMPTY = new Uint8Array(0);

/** Gathers the frames of one turn of the event loop into one message. */
class FrameSender {
  private frames: Frame[] = [];
  private stopped = false;

  constructor(private readonly port: DuplexPort) {}

  /** The port is closed: what is left has nobody to go to. */
  stop(): void {
    this.stopped = true;
  }

  send(session: number, kind: number, payload: Uint8Array = EMPTY): void {
    this.frames.push({ session, kind, payload });
    if (this.frames.length === 1) setImmediate(() => this.flush());
  }

  private flush(): void {
    const { frames } = this;
    this.frames = [];
    if (this.stopped) return;
    const size = frames.reduce((sum, frame) => sum + FRAME_HEADER + frame.payload.length, 0);
    // Memory of its own: cloning a view of a shared slab would clone the whole slab.
    const message = Buffer.from(new ArrayBuffer(size));
    let at = 0;
    for (const { session, kind, payload } of frames) {
      message.writeUInt32BE(session, at);
      message.writeUInt8(kind, at + 4);
      message.writeUInt32BE(payload.length, at + 5);
      message.set(payload, at + FRAME_HEADER);
      at += FRAME_HEADER + payload.length;
    }
    this.port.post(message);
  }
}

function* readFrames(message: unknown): Generator<Frame> {
  if (!ArrayBuffer.isView(message)) return;
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  for (let at = 0; at + FRAME_HEADER <= bytes.length;) {
    const length = bytes.readUInt32BE(at + 5);
    const end = at + FRAME_HEADER + length;
    yield {
      session: bytes.readUInt32BE(at),
      kind: bytes.readUInt8(at + 4),
      payload: bytes.subarray(at + FRAME_HEADER, end),
    };
    at = end;
  }
}

/**
 * The client's side: sessions through a port. The port may be replaced when the process that holds the
 * database was started again: sessions of the old port end with an error (the pool reports and replaces
 * them), new ones wait for the next port.
 */
export class PortConnector implements SessionConnector {
  private readonly clients = new Map<number, SessionClient>();
  private readonly waiting = new Map<number, Uint8Array[]>();
  private sender: FrameSender | undefined;
  private port: DuplexPort | undefined;
  private nextId = 1;

  /** Uses `port` from now on. */
  attach(port: DuplexPort): void {
    this.detach();
    const sender = new FrameSender(port);
    this.port = port;
    this.sender = sender;
    port.onMessage((message) => this.receive(message));
    port.onClose(() => {
      if (this.port === port) this.detach();
    });
    for (const [session, sent] of this.waiting) {
      sender.send(session, OPEN);
      for (const bytes of sent) sender.send(session, DATA, bytes);
    }
    this.waiting.clear();
  }

  /** Ends every session of the current port. */
  detach(): void {
    this.sender?.stop();
    this.port = undefined;
    this.sender = undefined;
    const lost = [...this.clients].filter(([session]) => !this.waiting.has(session));
    for (const [session, client] of lost) {
      this.clients.delete(session);
      client.closed();
    }
  }

  open(client: SessionClient): SessionHandle {
    const session = this.nextId;
    this.nextId += 1;
    this.clients.set(session, client);
    if (this.sender === undefined) this.waiting.set(session, []);
    else this.sender.send(session, OPEN);
    return {
      send: (bytes) => this.send(session, bytes),
      close: () => this.close(session),
    };
  }

  private send(session: number, bytes: Uint8Array): void {
    if (!this.clients.has(session)) return;
    const waiting = this.waiting.get(session);
    if (waiting === undefined) this.sender?.send(session, DATA, bytes);
    else waiting.push(bytes);
  }

  private close(session: number): void {
    if (!this.clients.delete(session)) return;
    if (!this.waiting.delete(session)) this.sender?.send(session, CLOSE);
  }

  private receive(message: unknown): void {
    for (const { session, kind, payload } of readFrames(message)) {
      const client = this.clients.get(session);
      if (client === undefined) continue;
      if (kind === DATA) client.receive(payload);
      if (kind !== CLOSE) continue;
      this.clients.delete(session);
      client.closed();
    }
  }
}

/** The database's side: serves the sessions of one port until it closes; then their transactions roll back. */
export function servePort(sessions: SessionConnector, port: DuplexPort): void {
  const sender = new FrameSender(port);
  const handles = new Map<number, SessionHandle>();

  const open = (session: number): void => {
    const state = { ended: false };
    const handle = sessions.open({
      receive: (bytes) => sender.send(session, DATA, bytes),
      closed: () => {
        state.ended = true;
        handles.delete(session);
        sender.send(session, CLOSE);
      },
    });
    if (!state.ended) handles.set(session, handle);
  };

  port.onMessage((message) => {
    for (const { session, kind, payload } of readFrames(message)) {
      if (kind === OPEN) open(session);
      if (kind === DATA) handles.get(session)?.send(payload);
      if (kind !== CLOSE) continue;
      const handle = handles.get(session);
      handles.delete(session);
      handle?.close();
    }
  });
  port.onClose(() => {
    sender.stop();
    for (const handle of handles.values()) handle.close();
    handles.clear();
  });
}
