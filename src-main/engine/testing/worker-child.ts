import { setTimeout as sleep } from 'node:timers/promises';
import { createRedisEngine } from '../redis-engine';
import { createWorkerHost } from '../worker-host';
import { nothingDone } from './processors';

/** A worker process for tests that kill it: takes bulk-messages jobs and never ends them. */
const [url = ''] = process.argv.slice(2);
const engine = createRedisEngine({ url });
const host = createWorkerHost({
  engine,
  processors: {
    ...nothingDone,
    'bulk-messages': async (run) => {
      process.stdout.write(`holding ${run.id}\n`);
      await sleep(600_000);
      return { type: 'cancelled' };
    },
  },
  journal: {
    queued: () => Promise.resolve(),
    started: () => Promise.resolve(0),
    working: () => Promise.resolve(),
    finished: () => Promise.resolve(),
    ended: () => Promise.resolve(true),
  },
  logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  kind: 'worker',
  version: 'test',
  timing: { lockMs: 2_000, stalledCheckMs: 500 },
});
void host.start();
