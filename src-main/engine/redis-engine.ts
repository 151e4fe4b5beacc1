import { createRedisBackend, FlowProducer, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { BullEngine } from './bullmq-engine';
import { ChangeFeed } from './change-feed';
import { commandClient, workerClient } from './redis-client';
import { RedisActions } from './redis-actions';
import { QueueCatalog } from './queue-catalog';
import { RedisCoordination } from './redis-coordination';
import { RedisEventFeed } from './redis-event-feed';
import { RedisJobReader } from './redis-job-reader';
import { RedisLink } from './redis-link';
import { RedisQueueFinder } from './redis-queue-finder';
import { RedisSelectionReader } from './redis-selection';
import { RedisVitals } from './redis-vitals';
import { workerClients } from './redis-worker-census';

/** BullMQ's own default: the platform's producers and workers use it too. */
const PREFIX = 'bull';

/** The engine on a Redis: `redis://` or `rediss://` (TLS), user and password in the URL. */
export const createRedisEngine = ({ url }: { readonly url: string }): BullEngine => {
  const link = new RedisLink(url, 'adsapp-console');
  const { client, label } = link;
  const changes = new ChangeFeed();
  const catalog = new QueueCatalog(new RedisQueueFinder(client, PREFIX));
  const feedClient = commandClient(url, 'adsapp-console:events');
  feedClient.on('error', (error) => {
    link.noticed(error);
  });
  const events = new RedisEventFeed(feedClient, PREFIX, () => catalog.names(), changes);
  catalog.onChange((added) => {
    // Where this fails, the feed finds its own way a little later.
    events.meet(added, client).catch(() => undefined);
  });
  // The version check is an INFO whose failure would make a queue useless for good.
  const options = { connection: client, prefix: PREFIX, skipVersionCheck: true };
  let forWorkers: Redis | undefined;
  return new BullEngine({
    kind: 'redis',
    label,
    link,
    reader: new RedisJobReader(client, PREFIX),
    actions: new RedisActions(client, PREFIX),
    selection: new RedisSelectionReader(client, PREFIX),
    vitals: new RedisVitals(client),
    coordination: new RedisCoordination(client),
    changes,
    catalog,
    events,
    queue: (name, own) => new Queue(name, { ...own, ...options }, createRedisBackend),
    flow: () => new FlowProducer(options, createRedisBackend),
    worker: (name, processor, workerOptions) => {
      if (forWorkers === undefined) {
        forWorkers = workerClient(url);
        forWorkers.on('error', (error) => {
          link.noticed(error);
        });
      }
      return new Worker(
        name,
        processor,
        { ...workerOptions, ...options, connection: forWorkers },
        createRedisBackend,
      );
    },
    workerClients: () => workerClients(client, PREFIX),
    closeWorkers: () => {
      forWorkers?.disconnect();
      return Promise.resolve();
    },
  });
};
