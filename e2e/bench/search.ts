import { Queue } from 'bullmq';
import { JobCache } from '../../src-main/queues/search/job-cache';
import { Search, type SearchEngine } from '../../src-main/queues/search/search';
import type { SearchFilter, SearchNews } from '../../src-shared/contract/searches';
import { adsappQueues } from '../../src-shared/domain/queues';
import type { Bench } from './bench';
import { ownCpuMs } from './cpu-time';
import { seedQueues, startQueueStage } from './queue-stage';
import { median } from './statistics';

const PAGE = 1_000;
/** In the middle of the failed jobs' payloads and errors; each round looks for another one. */
const needle = (round: number): string => `recipient +966501${String(1_000 + round)} `;

/** A text in all payloads, cold and repeated; beside paging through the jobs with BullMQ's getJobs. */
export const search: Bench = {
  summary: 'a text in the payloads of all jobs, beside paging getJobs',
  options: {
    completed: { help: 'completed jobs of about 1 KB in four queues', default: 100_000 },
    failed: { help: 'failed jobs in one of them', default: 20_000 },
    rounds: { help: 'rounds; the median counts', default: 5 },
  },
  async run({ option, progress, resources }) {
    const stage = await startQueueStage(resources);
    await seedQueues(stage.client, option('completed'), option('failed'));
    const jobs = option('completed') + option('failed');
    const queues = adsappQueues.map((name) => new Queue(name, { connection: { url: stage.url } }));
    for (const queue of queues) resources.add(() => queue.close());

    const cold: number[] = [];
    const repeat: number[] = [];
    const other: number[] = [];
    const peer: number[] = [];
    const raw: number[] = [];
    const coldCpu: number[] = [];
    const rawCpu: number[] = [];
    for (let round = 0; round < option('rounds'); round += 1) {
      const cache = new JobCache(stage.engine, { maxCharacters: 192_000_000, idleMs: 600_000 });
      const filter = { text: needle(round) };
      let before = ownCpuMs();
      cold.push(await timed(stage.engine, cache, filter, jobs));
      coldCpu.push(ownCpuMs() - before);
      repeat.push(await timed(stage.engine, cache, filter, jobs));
      other.push(await timed(stage.engine, cache, { text: needle(round + 500) }, jobs));
      cache.close();
      before = ownCpuMs();
      raw.push(await pipelined(stage.client, filter.text));
      rawCpu.push(ownCpuMs() - before);
      // It takes many times as long and hardly varies.
      if (round < 2) peer.push(await paged(queues, filter.text));
      progress(`round ${round + 1} of ${option('rounds')}`);
    }
    return {
      engine: 'redis',
      results: {
        jobs,
        coldMs: median(cold),
        repeatMs: median(repeat),
        otherTextMs: median(other),
        coldCpuMs: median(coldCpu),
      },
      peers: {
        getJobsPagesMs: median(peer),
        pipelinedHgetMs: median(raw),
        pipelinedHgetCpuMs: median(rawCpu),
      },
    };
  },
};

async function timed(
  engine: SearchEngine,
  cache: JobCache,
  filter: SearchFilter,
  jobs: number,
): Promise<number> {
  const news: SearchNews[] = [];
  const started = performance.now();
  const { signal } = new AbortController();
  await new Search(engine, cache, filter, { signal, onNews: (each) => news.push(each) }).run();
  const took = performance.now() - started;
  const last = news.at(-1);
  if (last?.scanned !== jobs || last.found !== 1) {
    throw new Error(
      `Of ${String(jobs)} jobs ${String(last?.scanned)} were searched and ${String(last?.found)} found.`,
    );
  }
  return took;
}

async function paged(queues: readonly Queue[], text: string): Promise<number> {
  const started = performance.now();
  let found = 0;
  for (const queue of queues) {
    for (let start = 0; ; start += PAGE) {
      const jobs = await queue.getJobs(['completed', 'failed'], start, start + PAGE - 1);
      if (jobs.length === 0) break;
      for (const job of jobs) {
        if (`${JSON.stringify(job.data)}${job.failedReason}`.toLowerCase().includes(text)) found += 1;
      }
    }
  }
  if (found !== 1) throw new Error(`Paging found ${String(found)} jobs.`);
  return performance.now() - started;
}

/** The least that reading all of it can cost: no state, no order, no answer as it comes. */
async function pipelined(
  client: Awaited<ReturnType<typeof startQueueStage>>['client'],
  text: string,
): Promise<number> {
  const started = performance.now();
  let found = 0;
  for (const queue of adsappQueues) {
    for (const state of ['completed', 'failed']) {
      const ids = await client.zrange(`bull:${queue}:${state}`, 0, -1);
      for (let at = 0; at < ids.length; at += PAGE) {
        const pipeline = client.pipeline();
        for (const id of ids.slice(at, at + PAGE))
          pipeline.hmget(`bull:${queue}:${id}`, 'data', 'failedReason');
        for (const [, value] of (await pipeline.exec()) ?? []) {
          if (String(value).toLowerCase().includes(text)) found += 1;
        }
      }
    }
  }
  if (found !== 1) throw new Error(`The pipeline found ${String(found)} jobs.`);
  return performance.now() - started;
}
