import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SearchFilter, SearchNews } from '@shared/contract/searches';
import { parseJobQuery } from '@shared/domain/job-query';
import { adsappQueues } from '@shared/domain/queues';
import { matchesFilter } from '@shared/domain/job-filter';
import { JobId } from '@shared/domain/ids';
import type { BullEngine } from '../../engine/bullmq-engine';
import type { SelectedJob } from '../../engine/selection';
import { engineKinds, testEngines, type TestEngine } from '../../engine/testing/engines';
import { until } from '../../engine/testing/until';
import { JobCache } from './job-cache';
import { Search } from './search';

const QUEUES = ['template-processing', 'email-notification'] as const;
const CITIES = ['Riyadh', 'Jeddah', 'Cairo', 'São Paulo'];
const clock = { timeZone: 'UTC', now: Date.now(), queues: adsappQueues };

const filterOf = (query: string): SearchFilter => {
  const parsed = parseJobQuery(query, clock);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.filter;
};

describe.each(engineKinds)('a search on %s', (kind) => {
  let test: TestEngine;
  let engine: BullEngine;
  let cache: JobCache | undefined;

  beforeAll(async () => {
    test = await testEngines[kind]();
    engine = test.engine;
    for (const name of QUEUES) {
      const queue = engine.queue(name);
      await queue.pause();
      for (let no = 0; no < 40; no += 1) {
        const data = {
          to: [{ phone: `+96650${String(no * 37)}`, city: CITIES[no % CITIES.length] }],
          note: no % 5 === 0 ? 'say "hi"' : `${no}`,
        };
        await queue.add({
          name: no % 2 === 0 ? 'even' : 'odd',
          data,
          jobId: `${name}-${no}`,
          ...(no % 4 === 0 && { delayMs: 3_600_000 }),
          ...(no % 7 === 0 && { priority: 1 as const }),
        });
      }
    }
  }, 60_000);
  beforeEach(() => {
    cache?.close();
    cache = new JobCache(engine, { maxCharacters: 10_000_000, idleMs: 60_000 });
  });
  afterAll(async () => {
    cache?.close();
    await test.close();
  });

  const memory = (): JobCache => {
    if (cache === undefined) throw new Error('The test has not begun.');
    return cache;
  };

  const search = async (
    filter: SearchFilter,
    signal = new AbortController().signal,
  ): Promise<{ ids: string[]; last: SearchNews }> => {
    const ids: string[] = [];
    let last: SearchNews | undefined;
    await new Search(engine, memory(), filter, {
      signal,
      onNews: (news) => {
        ids.push(...news.jobs.map(({ id }) => id));
        last = news;
      },
    }).run();
    if (last === undefined) throw new Error('The search said nothing.');
    return { ids, last };
  };

  const expected = async (filter: SearchFilter): Promise<string[]> => {
    const all: SelectedJob[] = [];
    await engine.selection.scan(
      {},
      {
        fields: ['name', 'data', 'reason', 'attemptsMade', 'addedAt', 'finishedAt'],
        onBatch: ({ jobs }) => {
          all.push(...jobs);
          return undefined;
        },
      },
    );
    return all.filter((job) => matchesFilter(job, filter)).map(({ id }) => id);
  };

  const QUERIES = [
    'riyadh',
    'data.to[].phone:+966503*',
    'data.to[0].city:jeddah state:waiting',
    '"say \\"hi\\"" state:delayed queue:email-notification',
    'name:odd paulo',
    'id:*-3*',
    'attempts:0 state:delayed',
    'attempts:>0',
    'error:anything',
    'after:1h hi',
    'before:2020-01-01',
  ];

  it.each(QUERIES)('finds what the filter means, also from memory: %s', async (query) => {
    const filter = filterOf(query);
    const should = (await expected(filter)).sort();
    const first = await search(filter);
    expect(first.ids.sort()).toEqual(should);
    expect(first.last).toMatchObject({ found: should.length, complete: true });
    expect(first.last.scanned).toBe(first.last.total);
    const again = await search(filter);
    expect(again.ids.sort()).toEqual(should);
    expect(again.last.found).toBe(should.length);
  });

  it('reads jobs once, and afterwards only what has changed', async () => {
    expect((await search({ text: 'cairo' })).last).toMatchObject({ remembered: 0, scanned: 80 });
    expect((await search({ text: 'riyadh' })).last).toMatchObject({ remembered: 80, scanned: 80 });
  });

  it('never shows a job that is gone, and finds one that came', async () => {
    const queue = engine.queue('template-processing');
    const add = (jobId: string) => queue.add({ name: 'guest', data: { note: 'lantern' }, jobId });
    await add('guest-1');
    expect((await search({ text: 'lantern' })).ids).toEqual(['guest-1']);
    await queue.remove(JobId.parse('guest-1'));
    // At once, before any event can have come.
    expect(await search({ text: 'lantern' })).toMatchObject({ ids: [], last: { found: 0 } });
    await add('guest-2');
    await add('guest-3');
    expect((await search({ text: 'lantern' })).ids.sort()).toEqual(['guest-2', 'guest-3']);
    await queue.remove(JobId.parse('guest-2'));
    await add('guest-4');
    await until('the newcomer to be found', async () => {
      const { ids } = await search({ text: 'lantern' });
      expect(ids).not.toContain('guest-2');
      return ids.includes('guest-4');
    });
    for (const id of ['guest-3', 'guest-4']) await queue.remove(JobId.parse(id));
  });

  it('finds the same where it may not remember so much', async () => {
    const should = (await search({ text: 'cairo' })).ids.sort();
    cache?.close();
    cache = new JobCache(engine, { maxCharacters: 1_000, idleMs: 60_000 });
    for (let time = 0; time < 2; time += 1) {
      const { ids, last } = await search({ text: 'cairo' });
      expect(ids.sort()).toEqual(should);
      expect(last).toMatchObject({ remembered: 0, scanned: 80, complete: true });
    }
  });

  it('stops when nobody listens any more', async () => {
    const controller = new AbortController();
    controller.abort();
    const said: SearchNews[] = [];
    const options = { signal: controller.signal, onNews: (news: SearchNews) => said.push(news) };
    await new Search(engine, memory(), { text: 'riyadh' }, options).run();
    expect(said).toEqual([]);
  });
});
