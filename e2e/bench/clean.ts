import { actOnAll } from '../../src-main/engine/act-on-all';
import type { Bench } from './bench';
import { startBullBoard } from './bull-board';
import { SEEDED, seedJobs, startQueueStage } from './queue-stage';
import { sideBySide } from './side-by-side';

/** All completed jobs of a queue removed, beside bull-board's button. */
export const clean: Bench = {
  summary: 'removing completed jobs, beside bull-board',
  options: {
    completed: { help: 'completed jobs to remove', default: 25_000 },
    rounds: { help: 'rounds of each; the median counts', default: 3 },
  },
  async run({ option, progress, resources }) {
    const stage = await startQueueStage(resources);
    const { client, engine, url } = stage;
    const jobs = option('completed');
    const board = startBullBoard(url, resources);
    const filter = { queues: [SEEDED], states: ['completed' as const] };
    const ways: Readonly<Record<string, () => Promise<unknown>>> = {
      ours: () => actOnAll(engine, filter, { type: 'remove' }),
      bullBoard: () =>
        cleanAll(
          () => board.clean(SEEDED, 'completed'),
          () => client.zcard(`bull:${SEEDED}:completed`),
        ),
    };
    const of = await sideBySide({
      ...{ url, rounds: option('rounds'), ways, progress },
      prepare: () => seedJobs(client, SEEDED, 'completed', jobs),
      verify: async (name) => {
        if ((await client.zcard(`bull:${SEEDED}:completed`)) > 0) throw new Error(`${name} left some jobs.`);
      },
    });
    const [ours, bullBoard] = [of('ours'), of('bullBoard')];
    return {
      engine: 'redis',
      results: { jobs, ms: ours.ms, maxPingMs: ours.pingMs },
      peers: { bullBoardMs: bullBoard.ms, bullBoardMaxPingMs: bullBoard.pingMs },
    };
  },
};

/** bull-board removes a bounded number a click: it is clicked until nothing is left. */
async function cleanAll(click: () => Promise<void>, left: () => Promise<number>): Promise<void> {
  for (let before = Infinity, now = await left(); now > 0 && now < before; now = await left()) {
    before = now;
    await click();
  }
}
