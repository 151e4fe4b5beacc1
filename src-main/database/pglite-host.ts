import { mkdir } from 'node:fs/promises';
import type { PGlite } from '@electric-sql/pglite';
import { LockFile } from './lock-file';
import { createOnFirstStart, openOrRestore } from './pglite-engine';
import type { HostEvent } from './pglite-events';
import { type DatabaseFolder, databaseFolder, removeHalfBackups } from './pglite-folder';
import { PGliteMaintenance } from './pglite-maintenance';
import { type DuplexPort, servePort } from './pglite-port';
import type { SessionClient, SessionHandle } from './pglite-session';
import { PGliteSessions } from './pglite-sessions';
import { type PGlitePoolOptions, type SessionConnector, createSessionPool } from './pglite-stream';
import type { Pool } from './pool';

export interface PGliteHostOptions {
  /** The folder that belongs to this database alone; made where it does not exist. */
  readonly folder: string;
  /** A prepared data folder (buildSeed) for the first start; without it PGlite makes one in 3–4 s. */
  readonly seed?: string;
  readonly onEvent?: (event: HostEvent) => void;
  /** Longest a transaction may stand idle, in ms. Default 30,000. */
  readonly idleTransactionMs?: number;
  /** How often to look for work for VACUUM and CHECKPOINT, in ms. Default 60,000. */
  readonly maintenanceMs?: number;
  /** How often to back up, where something was written, in ms. Default 30 minutes. */
  readonly backupMs?: number;
  /** How many backups to keep. Default 2. */
  readonly keepBackups?: number;
  /** How long to wait for a process that is just giving the folder up, in ms. Default 3,000. */
  readonly lockWaitMs?: number;
}

const DEFAULTS = { idleTransactionMs: 30_000, maintenanceMs: 60_000, backupMs: 30 * 60_000, keepBackups: 2 };

/** After this many failures of the engine the host stays down. */
const MAX_FAILURES = 3;

/**
 * The embedded database: PGlite on a folder that nobody else may open, served to any number of clients.
 * In this process they come through `createPool`, from other processes through `servePort`. Where the
 * engine fails it is opened again; clients see broken connections and connect anew.
 */
export class PGliteHost implements SessionConnector {
  private sessions: PGliteSessions;
  private readonly maintenance: PGliteMaintenance;
  private failures = 0;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly options: PGliteHostOptions,
    private readonly folder: DatabaseFolder,
    private readonly lock: LockFile,
    private engine: PGlite,
  ) {
    this.sessions = this.makeSessions();
    this.maintenance = new PGliteMaintenance({
      folder,
      runExclusive: (work) => this.sessions.runExclusive(() => work(this.engine)),
      emit: (event) => this.emit(event),
      intervalMs: options.maintenanceMs ?? DEFAULTS.maintenanceMs,
      backupMs: options.backupMs ?? DEFAULTS.backupMs,
      keepBackups: options.keepBackups ?? DEFAULTS.keepBackups,
    });
    lock.onLost(() => {
      this.emit({ kind: 'lock_lost' });
      this.goDown('Another program took the data folder over.');
    });
  }

  /** Opens the database, and makes it on the first start. Throws an AppFailure where that cannot be. */
  static async open(options: PGliteHostOptions): Promise<PGliteHost> {
    const folder = databaseFolder(options.folder);
    const emit = options.onEvent ?? (() => undefined);
    await mkdir(options.folder, { recursive: true });
    const lock = await LockFile.acquire(
      folder.lock,
      options.lockWaitMs === undefined ? {} : { waitMs: options.lockWaitMs },
    );
    try {
      await removeHalfBackups(folder);
      await createOnFirstStart(folder, options.seed, emit);
      return new PGliteHost(options, folder, lock, await openOrRestore(folder, emit));
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** A pool for clients in this process. */
  createPool(options: PGlitePoolOptions = {}): Pool {
    return createSessionPool(this, options);
  }

  /** Serves the clients behind a port until it closes. */
  servePort(port: DuplexPort): void {
    servePort(this, port);
  }

  open(client: SessionClient): SessionHandle {
    return this.sessions.open(client);
  }

  /** Makes a backup now and returns its folder. */
  backUp(): Promise<string> {
    return this.maintenance.backUp();
  }

  /** Vacuums what needs it and writes a checkpoint now. */
  maintain(): Promise<void> {
    return this.maintenance.maintain();
  }

  /** Lets whoever is started on the same folder meanwhile wait for `close` instead of giving up. */
  async announceClose(): Promise<void> {
    await this.lock.announceRelease();
  }

  /** Ends all sessions, closes PGlite cleanly and gives the folder back. Safe to call again. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    await this.maintenance.stop();
    await this.sessions.shutDown('The embedded database is shutting down.');
    if (!this.engine.closed) await this.engine.close();
    await this.lock.release();
  }

  private makeSessions(): PGliteSessions {
    const { engine } = this;
    return new PGliteSessions((request) => engine.execProtocolRawSync(request), {
      idleTransactionMs: this.options.idleTransactionMs ?? DEFAULTS.idleTransactionMs,
      onFailure: (error) => void this.recover(error),
    });
  }

  private async recover(error: Error): Promise<void> {
    this.emit({ kind: 'engine_failed', reason: error.message });
    this.failures += 1;
    if (this.closing !== undefined) return;
    if (this.failures > MAX_FAILURES) {
      this.goDown(error.message);
      return;
    }
    try {
      this.engine = await openOrRestore(this.folder, (event) => this.emit(event));
      this.sessions = this.makeSessions();
    } catch (reopening) {
      this.goDown(messageOf(reopening));
    }
  }

  private goDown(reason: string): void {
    this.emit({ kind: 'down', reason });
    void this.sessions.shutDown(reason);
  }

  private emit(event: HostEvent): void {
    this.options.onEvent?.(event);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
