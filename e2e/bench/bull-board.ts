import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { Queue } from 'bullmq';
import { adsappQueues } from '../../src-shared/domain/queues';
import type { Resources } from './resources';

/** bull-board's own API, without a web server between: what its page polls and its buttons call. */
export interface BullBoard {
  /** As the page asks every few seconds. */
  overview(): Promise<void>;
  retryAll(queue: string): Promise<void>;
  clean(queue: string, state: 'completed' | 'failed'): Promise<void>;
}

type Answer = { readonly status?: number; readonly body: unknown };
interface Route {
  readonly method: string | string[];
  readonly route: string | string[];
  handler(request?: unknown): Answer | Promise<Answer>;
}

export function startBullBoard(url: string, resources: Resources): BullBoard {
  const { hostname: host, port } = new URL(url);
  const queues = adsappQueues.map((name) => new Queue(name, { connection: { host, port: Number(port) } }));
  resources.add(() => Promise.all(queues.map((queue) => queue.close())));
  let routes: readonly Route[] = [];
  let known: unknown;
  const adapter = {
    setQueues: (given: unknown) => {
      known = given;
      return adapter;
    },
    setApiRoutes: (given: readonly Route[]) => {
      routes = given;
      return adapter;
    },
    setViewsPath: () => adapter,
    setStaticPath: () => adapter,
    setEntryRoute: () => adapter,
    setErrorHandler: () => adapter,
    setUIConfig: () => adapter,
  };
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: { uiBasePath: '/' },
  });
  const ask = async (route: string, params: Readonly<Record<string, string>>): Promise<void> => {
    const found = routes.find((each) => [each.route].flat().includes(route));
    if (found === undefined) throw new Error(`bull-board has no route ${route}.`);
    const query = { page: '1', jobsPerPage: '10' };
    const { status = 200 } = await found.handler({
      queues: known,
      uiConfig: {},
      query,
      params,
      body: {},
      headers: {},
    });
    if (status >= 300) throw new Error(`bull-board answered ${status} for ${route}.`);
  };
  return {
    overview: () => ask('/api/queues', {}),
    retryAll: (queueName) =>
      ask('/api/queues/:queueName/retry/:queueStatus', { queueName, queueStatus: 'failed' }),
    clean: (queueName, queueStatus) =>
      ask('/api/queues/:queueName/clean/:queueStatus', { queueName, queueStatus }),
  };
}
