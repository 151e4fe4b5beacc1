import type { z } from 'zod';
import type { AppStatus } from '@shared/contract/app';
import type { Health } from '@shared/contract/common';
import type { Config } from '../config/config';
import { withoutCredentials } from '../config/config';
import type { Engine } from '../engine/engine';

type HealthValue = z.infer<typeof Health>;

/** Something whose health changes by itself. */
export interface HealthSource {
  health(): HealthValue;
  onHealth(listener: (health: HealthValue) => void): () => void;
}

export interface StatusDependencies {
  readonly version: string;
  readonly host: AppStatus['host'];
  readonly config: () => Config;
  readonly engine: Pick<Engine, 'kind' | 'label' | 'health' | 'onHealth'>;
  readonly database: HealthSource;
  readonly background: HealthSource;
  readonly organization: AppStatus['organization'];
  readonly user: AppStatus['user'];
  readonly runtime: AppStatus['runtime'];
  /** Whether nothing was ever imported, written or sent. */
  readonly isFirstRun: () => Promise<boolean>;
  /** Told when that could not be read. */
  readonly report: (error: unknown) => void;
}

export interface StatusService {
  /** The status as it is known now; never waits. */
  current(): AppStatus;
  /** Called with the status at every change of it. */
  onChange(listener: (status: AppStatus) => void): () => void;
  /** Something outside the health sources changed: Settings, or the first data. */
  refresh(): Promise<void>;
  close(): void;
}

const FIRST_RUN_CHECK_MS = 2_000;

/** One picture of what the console depends on, pushed whenever a part of it changes. */
export const createStatusService = (deps: StatusDependencies): StatusService => {
  const listeners = new Set<(status: AppStatus) => void>();
  const startedAt = new Date().toISOString();
  let firstRun = false;

  const current = (): AppStatus => {
    const config = deps.config();
    return {
      version: deps.version,
      host: deps.host,
      profile: config.profile,
      engine: { ...deps.engine.health(), kind: deps.engine.kind, label: deps.engine.label },
      database: { ...deps.database.health(), ...databaseLabel(config) },
      background: deps.background.health(),
      connection: config.connection,
      organization: deps.organization,
      user: deps.user,
      providers: { whatsapp: config.whatsapp.mode, email: config.email.mode },
      runtime: deps.runtime,
      firstRun,
      startedAt,
    };
  };
  const publish = (): void => {
    const status = current();
    for (const listener of listeners) listener(status);
  };
  const refresh = async (): Promise<void> => {
    firstRun = await deps.isFirstRun();
    publish();
  };
  // The first import ends the first run without telling anybody here; while it lasts, it is looked after.
  const welcome = setInterval(() => {
    if (firstRun && listeners.size > 0) void refresh().catch(deps.report);
  }, FIRST_RUN_CHECK_MS);
  welcome.unref();
  const stops = [deps.engine, deps.database, deps.background].map((source) => source.onHealth(publish));

  return {
    current,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh,
    close() {
      clearInterval(welcome);
      for (const stop of stops) stop();
      listeners.clear();
    },
  };
};

const databaseLabel = ({ databaseUrl }: Config): { kind: 'postgres' | 'pglite'; label: string } =>
  databaseUrl === null
    ? { kind: 'pglite', label: 'embedded' }
    : { kind: 'postgres', label: withoutCredentials(databaseUrl).replace(/^postgres(ql)?:\/\//, '') };
