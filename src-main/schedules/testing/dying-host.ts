/** A worker process for tests that kill it at a point that only it knows: `claim` or `launch`. */
import { createCampaigns } from '../../campaigns';
import { createDatabase } from '../../database/database';
import { createPgPool } from '../../database/pool';
import { createRedisEngine } from '../../engine/redis-engine';
import { SANDBOX_SETTINGS } from '../../providers/gateways';
import { createSchedules } from '..';

const [databaseUrl = '', redisUrl = '', point = '', id = ''] = process.argv.slice(2);
const database = createDatabase(createPgPool(databaseUrl));
const engine = createRedisEngine({ url: redisUrl });
const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  flush: () => undefined,
};
const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};

const adder = {
  addJob: (job: Parameters<typeof engine.addFlow>[0]) => engine.queue(job.queue).add(job),
  addFlow: (...flow: Parameters<typeof engine.addFlow>) => engine.addFlow(...flow),
};
const campaigns = createCampaigns({
  database,
  engine,
  queues: adder,
  journal: { finished: () => Promise.resolve() },
  settings: () => SANDBOX_SETTINGS,
  template: () => Promise.resolve(null),
  files: null,
  audit: () => Promise.resolve(),
  logger,
}).service;
const { work } = createSchedules({
  database,
  engine: {
    queue: (name) => engine.queue(name),
    scheduler: {
      put: (wakeUp) => engine.scheduler.put(wakeUp),
      remove: (scheduleId) => engine.scheduler.remove(scheduleId),
      list: () => engine.scheduler.list(),
      enqueueRun: die,
    },
  },
  queues: adder,
  campaigns: {
    overdue: (actor) => campaigns.overdue(actor),
    get: (campaignId, actor) => campaigns.get(campaignId, actor),
    launch: async (input, actor) => {
      // Without the run that waits for it: that one is in a process that is about to die.
      const { parent: _parent, ...rest } = input;
      await campaigns.launch(rest, actor);
      return die();
    },
  },
  audit: () => Promise.resolve(),
  logger,
});

const jobs = { parent: { queue: '', id: '' }, outcome: () => Promise.resolve(undefined) };
const main = async (): Promise<void> => {
  await engine.ready();
  await (point === 'claim' ? work.due(id) : work.run(id, jobs));
};

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
