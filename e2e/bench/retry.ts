import { Queue } from 'bullmq';
import { actOnAll } from '../../src-main/engine/act-on-all';
import type { Bench } from './bench';
import { startBullBoard } from './bull-board';
import { SEEDED, seedJobs, seedQueues, startQueueStage } from './queue-stage';
import { sideBySide } from './side-by-side';

/** All failed jobs of a queue back to waiting, beside bull-board's button and BullMQ's own loop. */
export const retry: Bench = {
  summary: 'retrying all failed jobs, beside bull-board and BullMQ’s retryJobs()',
  options: {
    completed: { help: 'completed jobs in the four queues', default: 100_000 },
    failed: { help: 'failed jobs', default: 20_000 },
    rounds: { help: 'rounds of each; the median counts', default: 5 },
  },
  async run({ option, progress, resources }) {
    const stage = await startQueueStage(resources);
    await seedQueues(stage.client, option('completed'), 0);
    const { hostname: host, port } = new URL(stage.url);
    const queue = new Queue(SEEDED, { connection: { host, port: Number(port) } });
    resources.add(() => queue.close());
    const board = startBullBoard(stage.url, resources);
    const ways: Readonly<Record<string, () => Promise<unknown>>> = {
      // As an operation of the console does it.
      ours: () =>
        actOnAll(
          stage.engine,
          { queues: [SEEDED], states: ['failed'] },
          { type: 'retry', leaveCancelled: true },
        ),
      raw: () => queue.retryJobs({ state: 'failed', count: 1_000 }),
      bullBoard: () => board.retryAll(SEEDED),
    };
    const failed = option('failed');
    const base = `bull:${SEEDED}:`;
    const of = await sideBySide({
      ...{ url: stage.url, rounds: option('rounds'), ways, progress },
      prepare: async () => {
        await stage.client.del(`${base}wait`, `${base}events`, `${base}failed`);
        await seedJobs(stage.client, SEEDED, 'failed', failed);
      },
      verify: async (name) => {
        const waiting = await stage.client.llen(`${base}wait`);
        if (waiting !== failed) throw new Error(`${name}: ${waiting} of ${failed} jobs are waiting again.`);
      },
    });
    const [ours, bullBoard, raw] = [of('ours'), of('bullBoard'), of('raw')];
    return {
      engine: 'redis',
      results: { jobs: failed, ms: ours.ms, maxPingMs: ours.pingMs },
      peers: {
        bullBoardMs: bullBoard.ms,
        bullBoardMaxPingMs: bullBoard.pingMs,
        rawMs: raw.ms,
        rawMaxPingMs: raw.pingMs,
      },
    };
  },
};
