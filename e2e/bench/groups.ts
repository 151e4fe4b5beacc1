import { FailureIndex } from '../../src-main/queues/failures/failure-index';
import { groupFailures } from '../../src-main/queues/failures/groups';
import { Yielder } from '../../src-main/queues/yielder';
import type { Bench } from './bench';
import { ownCpuMs } from './cpu-time';
import { SEEDED, seedJobs, seedQueues, startQueueStage, type QueueStage } from './queue-stage';
import { median } from './statistics';

/** Failures by cause: from nothing, and after some more have failed. The reference fetches only the reasons. */
export const groups: Bench = {
  summary: 'grouping all failed jobs by cause, beside fetching their reasons with pipelined HMGET',
  options: {
    completed: { help: 'completed jobs in the four queues', default: 100_000 },
    failed: { help: 'failed jobs', default: 20_000 },
    rounds: { help: 'rounds; the median counts', default: 5 },
  },
  async run({ option, progress, resources }) {
    const stage = await startQueueStage(resources);
    const failed = option('failed');
    await seedQueues(stage.client, option('completed'), failed);
    progress('the queues are filled');
    const cold: number[] = [];
    const again: number[] = [];
    const fetched: number[] = [];
    const cpu: number[] = [];
    const fetchedCpu: number[] = [];
    let causes = 0;
    let first = failed + option('completed');
    for (let round = 0; round < option('rounds'); round += 1) {
      const index = new FailureIndex(stage.engine.selection, SEEDED);
      const grouped = () =>
        groupFailures(
          [{ queue: SEEDED, all: () => index.all(), label: () => null }],
          Date.now(),
          new Yielder(),
        );
      let started = performance.now();
      let before = ownCpuMs();
      await index.refresh();
      causes = (await grouped()).groups.length;
      cold.push(performance.now() - started);
      cpu.push(ownCpuMs() - before);

      await seedJobs(stage.client, SEEDED, 'failed', 100, first);
      first += 100;
      started = performance.now();
      await index.refresh();
      const { total } = await grouped();
      again.push(performance.now() - started);
      const there = await stage.client.zcard(`bull:${SEEDED}:failed`);
      if (total !== there) throw new Error(`${total} of ${there} failures were grouped.`);

      started = performance.now();
      before = ownCpuMs();
      await fetchReasons(stage);
      fetched.push(performance.now() - started);
      fetchedCpu.push(ownCpuMs() - before);
      progress(
        `cold ${cold.at(-1)?.toFixed(0)} ms, 100 more ${again.at(-1)?.toFixed(1)} ms, HMGET alone ${fetched.at(-1)?.toFixed(0)} ms`,
      );
    }
    return {
      engine: 'redis',
      results: { jobs: failed, ms: median(cold), refreshMs: median(again), cpuMs: median(cpu), causes },
      peers: { hmgetMs: median(fetched), hmgetCpuMs: median(fetchedCpu) },
    };
  },
};

async function fetchReasons({ client }: QueueStage): Promise<void> {
  const base = `bull:${SEEDED}:`;
  const ids = await client.zrange(`${base}failed`, 0, -1);
  for (let at = 0; at < ids.length; at += 1_000) {
    const pipeline = client.pipeline();
    for (const id of ids.slice(at, at + 1_000))
      pipeline.hmget(base + id, 'failedReason', 'stacktrace', 'data');
    await pipeline.exec();
  }
}
