import { createRedisBackend, FlowProducer, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueNames } from '@shared/domain/queues';
import { BullEngine } from './bullmq-engine';
import { ChangeFeed } from './change-feed';
import { commandClient, workerClient } from './redis-client';
import { RedisCoordination } from './redis-coordination';
import { RedisEventFeed } from './redis-event-feed';
import { RedisJobReader } from './redis-job-reader';
import { RedisLink } from './redis-link';

/** BullMQ's own default: the platform's producers and workers use it too. */
const PREFIX = 'bull';

/** The engine on a Redis: `redis://` or `rediss://` (TLS), user and password in the URL. */
export const createRedisEngine = ({ url }: { readonly url: string }): BullEngine => {
  const link = new RedisLink(url, 'adsapp-console');
  const { client, label } = link;
  const changes = new ChangeFeed();
  const feedClient = commandClient(url, 'adsapp-console:events');
  feedClient.on('error', (error) => {
    link.noticed(error);
  });
  // The version check is an INFO whose failure would make a queue useless for good.
  const options = { connection: client, prefix: PREFIX, skipVersionCheck: true };
  let forWorkers: Redis | undefined;
  return new BullEngine({
    kind: 'redis',
    label,
    link,
    reader: new RedisJobReader(client, PREFIX),
    coordination: new RedisCoordination(client),
    changes,
    events: new RedisEventFeed(feedClient, PREFIX, queueNames, changes),
    queue: (name) => new Queue(name, options, createRedisBackend),
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
    closeWorkers: () => {
      forWorkers?.disconnect();
      return Promise.resolve();
    },
  });
};
