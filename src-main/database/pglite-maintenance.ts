import type { PGlite } from '@electric-sql/pglite';
import type { HostEvent } from './pglite-events';
import { type DatabaseFolder, copyData, sealBackup } from './pglite-folder';

export interface MaintenanceOptions {
  readonly folder: DatabaseFolder;
  /** Runs `work` while no session touches the engine. */
  readonly runExclusive: <T>(work: (engine: PGlite) => Promise<T>) => Promise<T>;
  readonly emit: (event: HostEvent) => void;
  readonly intervalMs: number;
  readonly backupMs: number;
  readonly keepBackups: number;
}

/** Autovacuum's own rule, with a lower floor: job tables are small and change all the time. */
const TABLES_TO_VACUUM = `
  SELECT format('%I.%I', schemaname, relname) AS name
    FROM pg_stat_user_tables
   WHERE n_dead_tup > 500 + 0.2 * n_live_tup OR n_mod_since_analyze > 500 + 0.1 * n_live_tup`;

/**
 * What a PostgreSQL server does in the background and PGlite does not: VACUUM, ANALYZE, CHECKPOINT; and a
 * backup that is forced to the disk, because PGlite never does that and a power cut can break its files.
 * Sessions run between the steps, never during one.
 */
export class PGliteMaintenance {
  private readonly timers: NodeJS.Timeout[];
  private current: Promise<void> = Promise.resolve();
  private checkpointed = '';
  private backedUp = '';
  private stopped = false;

  constructor(private readonly options: MaintenanceOptions) {
    this.timers = [
      setInterval(() => this.later(() => this.maintain()), options.intervalMs),
      setInterval(() => this.later(() => this.backUpIfChanged()), options.backupMs),
    ];
    for (const timer of this.timers) timer.unref();
  }

  /** Vacuums and analyzes the tables that changed enough, then writes a checkpoint. */
  async maintain(): Promise<void> {
    const started = performance.now();
    // Counts of the last second are otherwise not in the statistics yet.
    await this.options.runExclusive((engine) => engine.exec('SELECT pg_stat_force_next_flush()'));
    const tables = await this.read<{ name: string }>(TABLES_TO_VACUUM);
    for (const { name } of tables) {
      if (this.stopped) return;
      await this.options.runExclusive((engine) => engine.exec(`VACUUM (ANALYZE) ${name}`));
    }
    if ((await this.position()) === this.checkpointed) return;
    await this.options.runExclusive((engine) => engine.exec('CHECKPOINT'));
    this.checkpointed = await this.position();
    this.options.emit({ kind: 'vacuumed', tables: tables.length, ms: performance.now() - started });
  }

  /** Copies the data folder as of a checkpoint, forces the copy to the disk and returns its path. */
  async backUp(): Promise<string> {
    const { folder, keepBackups, emit } = this.options;
    const started = performance.now();
    const target = await this.options.runExclusive(async (engine) => {
      await engine.exec('CHECKPOINT');
      return copyData(folder, new Date());
    });
    await sealBackup(folder, target, keepBackups);
    this.backedUp = await this.position();
    emit({ kind: 'backed_up', path: target, ms: performance.now() - started });
    return target;
  }

  /** Stops the timers and waits for the step that runs. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.current;
  }

  private async backUpIfChanged(): Promise<void> {
    if ((await this.position()) !== this.backedUp) await this.backUp();
  }

  private later(work: () => Promise<void>): void {
    this.current = this.current.then(async () => {
      if (this.stopped) return;
      try {
        await work();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.options.emit({ kind: 'maintenance_failed', reason });
      }
    });
  }

  /** Where the write-ahead log ends: it moves with every write. */
  private async position(): Promise<string> {
    const [row] = await this.read<{ position: string }>(
      'SELECT pg_current_wal_insert_lsn()::TEXT AS position',
    );
    return row?.position ?? '';
  }

  private async read<Row>(sql: string): Promise<Row[]> {
    return this.options.runExclusive(async (engine) => (await engine.query<Row>(sql)).rows);
  }
}
