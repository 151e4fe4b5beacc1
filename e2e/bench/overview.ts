import { Redis } from 'ioredis';
import { MetricsRecorder } from '../../src-main/queues/metrics-recorder';
import { OverviewFeed } from '../../src-main/queues/overview-feed';
import type { Bench } from './bench';
import { startBullBoard } from './bull-board';
import { seedQueues, startQueueStage } from './queue-stage';
import { median, percentile } from './statistics';

/** What the event stream, the watch of the connection and the look for queues send by themselves. */
const NOT_ASKED = new Set(['xread', 'ping', 'info', 'scan']);

/** One refresh of the overview of four queues, beside bull-board's poll of the same. */
export const overview: Bench = {
  summary: 'one refresh of the overview of four queues, beside bull-board’s',
  options: {
    completed: { help: 'completed jobs in the four queues', default: 100_000 },
    failed: { help: 'failed jobs in one of them', default: 20_000 },
    rounds: { help: 'refreshes of each', default: 200 },
  },
  async run({ option, progress, resources }) {
    const stage = await startQueueStage(resources);
    await seedQueues(stage.client, option('completed'), option('failed'));
    progress('the queues are filled');
    const now = Date.now;
    const onProblem = (what: string, error: unknown): never => {
      throw new Error(`The overview could not ${what}.`, { cause: error });
    };
    const { engine } = stage;
    const repository = {
      saveMinutes: () => Promise.resolve(),
      addUp: () => Promise.resolve(),
      notAddedUpSince: () => Promise.resolve(null),
      steps: () => Promise.resolve([]),
      namesSince: () => Promise.resolve([]),
      names: () => Promise.resolve({ names: [], ended: 0, named: 0 }),
    };
    const recorder = new MetricsRecorder({ engine, repository, organizationId: 'bench', now, onProblem });
    const feed = new OverviewFeed({ engine, recorder, now, onProblem });
    resources.add(() => feed.close());
    const board = startBullBoard(stage.url, resources);

    const ours = await measured(() => feed.current(), option('rounds'));
    progress(`ours: ${JSON.stringify(ours)}`);
    const theirs = await measured(() => board.overview(), option('rounds'));
    return {
      engine: 'redis',
      results: { medianMs: ours.median, p95Ms: ours.p95, redisCommands: ours.commands },
      peers: {
        bullBoardMedianMs: theirs.median,
        bullBoardP95Ms: theirs.p95,
        bullBoardRedisCommands: theirs.commands,
      },
    };
  },
};

/** How long each takes, and the most commands that one sends: a script counts as one. */
async function measured(
  refresh: () => Promise<unknown>,
  rounds: number,
): Promise<{ median: number; p95: number; commands: number }> {
  const send = Reflect.get(Redis.prototype, 'sendCommand') as (...args: unknown[]) => unknown;
  let sent = 0;
  Reflect.set(Redis.prototype, 'sendCommand', function counted(this: Redis, ...args: unknown[]): unknown {
    const [command] = args as [{ readonly name: string }];
    if (!NOT_ASKED.has(command.name)) sent += 1;
    return send.apply(this, args);
  });
  const times: number[] = [];
  let commands = 0;
  try {
    for (let round = -20; round < rounds; round += 1) {
      sent = 0;
      const started = performance.now();
      await refresh();
      // The first ones are for the compiler of the machine code, and for scripts to be known.
      if (round < 0) continue;
      times.push(performance.now() - started);
      commands = Math.max(commands, sent);
    }
  } finally {
    Reflect.set(Redis.prototype, 'sendCommand', send);
  }
  return { median: median(times), p95: percentile(times, 0.95), commands };
}
