import type { ForeignWorker, WorkerHost, WorkerSettings } from '@shared/contract/workers';
import { isAdsappQueue } from '@shared/domain/queues';
import { unwrap, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { Coordination } from '../engine/coordination';
import type { Engine } from '../engine/engine';
import { CARRIER_QUEUE } from '../engine/scheduler';

/** The worker host of this console's own background process, as main reaches it. */
export interface OwnWorkerHost {
  settings(input: Record<string, never>): Promise<Result<{ hostId: string; queues: WorkerSettings[] }>>;
  configure(input: WorkerSettings): Promise<Result<{ queues: WorkerSettings[] }>>;
}

export interface WorkersDependencies {
  readonly coordination: Pick<Coordination, 'hosts'>;
  readonly engine: Pick<Engine, 'workerClients'>;
  readonly own: OwnWorkerHost;
  /** Keeps a setting for the next start. */
  readonly save: (settings: WorkerSettings) => void;
  readonly audit: Audit;
}

export interface WorkersService {
  /** Every host that announced itself lately, wherever it runs; this console's own first. */
  list(): Promise<WorkerHost[]>;
  /** Workers of other programs' queues, by queue and name; null where the engine does not tell. */
  foreign(): Promise<ForeignWorker[] | null>;
  settings(): Promise<WorkerSettings[]>;
  /** Switches the workers of this console's background process, at once and for the next start. */
  configure(settings: WorkerSettings, actor: Actor): Promise<WorkerSettings[]>;
}

const MOST_FOREIGN = 200;

/** Expected failures are thrown as AppFailure: `engine_unavailable`, `background_unavailable`. */
export const createWorkersService = ({
  coordination,
  engine,
  own,
  save,
  audit,
}: WorkersDependencies): WorkersService => ({
  async list() {
    const [hosts, mine] = await Promise.all([coordination.hosts(), own.settings({})]);
    // A background process that does not answer is no reason not to show the others.
    const ownId = mine.ok ? mine.value.hostId : null;
    return hosts
      .map((host): WorkerHost => ({
        ...host,
        own: host.id === ownId,
        queues: host.queues.map((queue) => ({ ...queue })),
        jobs: host.jobs.map((job) => ({ ...job })),
      }))
      .sort((a, b) => Number(b.own) - Number(a.own) || a.startedAt.localeCompare(b.startedAt));
  },
  async foreign() {
    const clients = await engine.workerClients();
    if (clients === null) return null;
    const now = Date.now();
    return clients
      .filter(({ queue }) => !isAdsappQueue(queue) && queue !== CARRIER_QUEUE)
      .sort((a, b) => a.queue.localeCompare(b.queue) || (a.name ?? '').localeCompare(b.name ?? ''))
      .slice(0, MOST_FOREIGN)
      .map(({ queue, name, address, connectedSeconds }) => ({
        ...{ queue, name, address },
        connectedAt: new Date(now - connectedSeconds * 1_000).toISOString(),
      }));
  },
  async settings() {
    return unwrap(await own.settings({})).queues;
  },
  async configure(settings, actor) {
    const { queues } = unwrap(await own.configure(settings));
    save(settings);
    const { queue, enabled, concurrency } = settings;
    await audit({ actor, action: 'workers.configure', target: queue, detail: { enabled, concurrency } });
    return queues;
  },
});
