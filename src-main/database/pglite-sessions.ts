import { setImmediate as immediate } from 'node:timers/promises';
import { type SessionClient, type SessionHandle, type Unit, Session } from './pglite-session';
import type { ListenChange } from './pglite-statements';
import {
  type TransactionStatus,
  type WireMessage,
  BACKEND,
  asBuffer,
  backendMessages,
  finalStatus,
  notificationChannel,
  simpleQuery,
} from './pglite-wire';

/** The engine under the sessions: one synchronous exchange of wire protocol bytes. */
export type Execute = (request: Uint8Array) => Uint8Array;

export interface SessionsOptions {
  /** Longest a transaction may stand idle before it is rolled back and its session ended, in ms. */
  readonly idleTransactionMs: number;
  /** The engine failed for good: every session has been ended. */
  readonly onFailure: (error: Error) => void;
}

/** After this long in one go the loop lets timers and I/O of the process run, in ms. */
const SLICE_MS = 8;

/**
 * Many sessions over an engine that has one connection. Units of work run one at a time, sessions in
 * turn; while a session is inside a transaction only its own units run, so that transactions are
 * isolated. Notifications go to every session that listens. Session settings (SET) are shared by all.
 */
export class PGliteSessions {
  private readonly sessions = new Map<number, Session>();
  private readonly turn: Session[] = [];
  private readonly exclusive: (() => Promise<void>)[] = [];
  private readonly engineChannels = new Map<string, number>();
  private holder: Session | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private active = false;
  private failure: Error | undefined;
  private nextId = 1;
  private executed = 0;

  constructor(
    private readonly execute: Execute,
    private readonly options: SessionsOptions,
  ) {}

  /** Units executed so far; lets maintenance see whether anything happened. */
  get unitCount(): number {
    return this.executed;
  }

  get sessionCount(): number {
    return this.sessions.size;
  }

  open(client: SessionClient): SessionHandle {
    const id = this.nextId;
    this.nextId += 1;
    const session = new Session(
      id,
      client,

      () => this.ready(session),
      () => this.end(session),
    );
    if (this.failure === undefined) this.sessions.set(id, session);
    else session.terminate('57P01', this.failure.message);
    return session;
  }

  /** Runs `work` when no transaction is open and no unit runs; nothing else touches the engine meanwhile. */
  runExclusive<T>(work: () => T | Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const task = async (): Promise<void> => {
        try {
          if (this.failure !== undefined) throw this.failure;
          resolve(await work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.exclusive.push(task);
      this.start();
    });
  }

  /** Ends every session (57P01, as a server that shuts down does it) after the running unit. */
  async shutDown(reason: string): Promise<void> {
    this.failure = new Error(reason);
    await this.running;
    for (const session of [...this.sessions.values()]) session.terminate('57P01', reason);
    this.releaseHold();
  }

  private ready(session: Session): void {
    if (!session.queued) this.turn.push(session);
    session.queued = true;
    this.start();
  }

  private start(): void {
    if (this.active) return;
    this.active = true;
    this.running = this.run();
  }

  private async run(): Promise<void> {
    // Lets the units of this turn of the event loop gather, and keeps callers out of the engine's stack.
    await immediate();
    let sliceEnd = performance.now() + SLICE_MS;
    for (;;) {
      const step = this.nextStep();
      if (step === undefined) {
        this.active = false;
        return;
      }
      await step();
      if (performance.now() < sliceEnd) continue;
      await immediate();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }

  private nextStep(): (() => void | Promise<void>) | undefined {
    const { holder } = this;
    // After a failure only the exclusive tasks are left: each has to learn of it.
    if (this.failure !== undefined) return this.exclusive.shift();
    if (holder !== undefined) {
      const unit = holder.units.shift();
      return unit === undefined ? undefined : () => this.runUnit(holder, unit);
    }
    const task = this.exclusive.shift();
    if (task !== undefined) return task;
    const session = this.turn.shift();
    if (session === undefined) return undefined;
    const unit = session.units.shift();
    session.queued = session.units.length > 0;
    if (session.queued) this.turn.push(session);
    return unit === undefined ? () => undefined : () => this.runUnit(session, unit);
  }

  private runUnit(session: Session, unit: Unit): void {
    if (unit.refusal !== undefined) return session.refuse(unit.refusal);
    clearTimeout(this.idleTimer);
    const answer = this.exchange(unit.request);
    if (answer === undefined) return;
    this.executed += 1;
    const status = finalStatus(answer) ?? 'I';
    this.hold(session, status);
    const { own, notifications, failed } = this.sort(answer, unit);
    if (!failed) this.applyListen(session, unit.listen);
    session.answer(own, status);
    for (const notification of notifications) this.notify(notification);
    if (session.closed) this.end(session);
  }

  private exchange(request: Uint8Array): Buffer | undefined {
    try {
      const answer = asBuffer(this.execute(request));
      if (finalStatus(answer) === undefined)
        throw new Error('The database engine gave an incomplete answer.');
      return answer;
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  private fail(error: Error): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    this.releaseHold();
    this.turn.length = 0;
    for (const session of [...this.sessions.values()]) session.terminate('57P02', error.message);
    this.options.onFailure(error);
  }

  /** Takes the notifications out of an answer, and the invitation to COPY that the client already had. */
  private sort(
    answer: Buffer,
    unit: Unit,
  ): { readonly own: Buffer; readonly notifications: readonly WireMessage[]; readonly failed: boolean } {
    if (this.engineChannels.size === 0 && unit.listen.length === 0 && !unit.copyIn) {
      return { own: answer, notifications: [], failed: false };
    }
    const kept: Buffer[] = [];
    const notifications: WireMessage[] = [];
    let failed = false;
    for (const message of backendMessages(answer)) {
      if (message.type === BACKEND.notification) notifications.push(message);
      else if (!unit.copyIn || message.type !== BACKEND.copyInResponse) kept.push(message.bytes);
      failed ||= message.type === BACKEND.error;
    }
    const untouched = notifications.length === 0 && !unit.copyIn;
    return { own: untouched ? answer : Buffer.concat(kept), notifications, failed };
  }

  private hold(session: Session, status: TransactionStatus): void {
    if (status === 'I') {
      if (this.holder === session) this.releaseHold();
      return;
    }
    this.holder = session;
    if (session.units.length > 0) return;
    this.idleTimer = setTimeout(() => this.expire(session), this.options.idleTransactionMs);
    this.idleTimer.unref();
  }

  private releaseHold(): void {
    clearTimeout(this.idleTimer);
    const { holder } = this;
    this.holder = undefined;
    if (holder !== undefined && holder.units.length > 0) this.ready(holder);
    if (this.turn.length > 0 || this.exclusive.length > 0) this.start();
  }

  private expire(session: Session): void {
    if (this.holder !== session || session.units.length > 0) return;
    session.terminate(
      '25P03',
      'The transaction stood idle too long and was rolled back. On the embedded database a transaction ' +
        'must not wait for queries of other clients.',
    );
  }

  /** Forgets a session that has ended on either side: rolls back and stops listening for it. */
  private end(session: Session): void {
    if (!this.sessions.delete(session.id)) return;
    session.units.length = 0;
    const wasHolder = this.holder === session;
    if (wasHolder && this.failure === undefined) this.exchange(simpleQuery('ROLLBACK'));
    if (wasHolder) this.releaseHold();
    this.dropChannels([...session.channels]);
  }

  private applyListen(session: Session, changes: readonly ListenChange[]): void {
    for (const change of changes) {
      if (change.kind === 'listen') {
        if (session.channels.has(change.channel)) continue;
        session.channels.add(change.channel);
        this.engineChannels.set(change.channel, (this.engineChannels.get(change.channel) ?? 0) + 1);
        continue;
      }
      const dropped = change.channel === '*' ? [...session.channels] : [change.channel];
      const held = dropped.filter((channel) => session.channels.delete(channel));
      this.dropChannels(held);
      // The engine stopped listening for everybody: take up again what others still want.
      const wanted = change.channel === '*' ? [...this.engineChannels.keys()] : dropped;
      for (const channel of wanted) if (this.engineChannels.has(channel)) this.engineListen(channel);
    }
  }

  private dropChannels(channels: readonly string[]): void {
    for (const channel of channels) {
      const left = (this.engineChannels.get(channel) ?? 1) - 1;
      if (left > 0) this.engineChannels.set(channel, left);
      else this.engineChannels.delete(channel);
    }
  }

  private engineListen(channel: string): void {
    if (this.failure !== undefined) return;
    this.exchange(simpleQuery(`LISTEN "${channel.replaceAll('"', '""')}"`));
  }

  private notify(notification: WireMessage): void {
    const channel = notificationChannel(notification);
    for (const session of this.sessions.values()) {
      if (session.channels.has(channel)) session.push(notification.bytes);
    }
  }
}
