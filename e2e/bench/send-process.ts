import { fork, type ChildProcess } from 'node:child_process';
import { projectFolder } from '../../scripts/project';
import { endWithUs } from '../../scripts/reaper';
import { startPostgres, startRedis } from '../fixtures/services';
import type { Resources } from './resources';
import { Said, TAKE_ARRIVALS, type SendPlan, type Servers } from './send-plan';

/** A process of a sending benchmark; see SendPlan. */
export interface SendProcess {
  /** The next thing it says of this kind. Rejects where it ends before. */
  said<T extends Said['type']>(type: T): Promise<Extract<Said, { type: T }>>;
  end(): Promise<void>;
  readonly child: ChildProcess;
}

export function startProcess(program: string, plan: SendPlan, resources: Resources): SendProcess {
  const child = fork(program, [JSON.stringify(plan)], {
    cwd: projectFolder,
    // Built already: it runs as the console's own processes do, without a loader.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  endWithUs(child, 'KILL');
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = (): Promise<void> => {
    child.kill('SIGKILL');
    return closed;
  };
  resources.add(end);
  return {
    child,
    end,
    said: (type) =>
      new Promise((resolve, reject) => {
        const hear = (message: unknown): void => {
          const said = Said.parse(message);
          if (said.type !== type) return;
          child.off('message', hear);
          resolve(said as Extract<Said, { type: typeof type }>);
        };
        child.on('message', hear);
        void closed.then(() => reject(new Error(`The ${plan.role} ended early.`)));
      }),
  };
}

/** The fake provider in a process of its own. */
export interface Provider {
  readonly url: string;
  /** What has arrived since the last call, in ms since 1970. */
  arrivals(): Promise<readonly number[]>;
}

export async function startProvider(
  program: string,
  latencyMs: number,
  resources: Resources,
): Promise<Provider> {
  const started = startProcess(program, { role: 'provider', latencyMs }, resources);
  const { url } = await started.said('ready');
  if (url === undefined) throw new Error('The provider says no address.');
  return {
    url,
    arrivals: async () => {
      const answer = started.said('arrivals');
      started.child.send(TAKE_ARRIVALS);
      return (await answer).times;
    },
  };
}

/** A Redis and a PostgreSQL of the run's own, the latter as a server is installed: it waits for the disk. */
export async function startServers(resources: Resources): Promise<Servers> {
  const redis = await startRedis();
  resources.add(redis.dispose);
  const postgres = await startPostgres({ settings: { fsync: 'on' } });
  resources.add(postgres.dispose);
  return { databaseUrl: await postgres.createDatabase(), redisUrl: redis.url };
}
