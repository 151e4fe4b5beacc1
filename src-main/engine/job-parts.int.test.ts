import { UnrecoverableError } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobId } from '@shared/domain/ids';
import type { BullEngine } from './bullmq-engine';
import { engineKinds, testEngines, type TestEngine } from './testing/engines';
import { until } from './testing/until';

const CHILDREN = 130;

describe.each(engineKinds)('the parts of a job on %s', (kind) => {
  let test: TestEngine;
  let engine: BullEngine;

  beforeAll(async () => {
    test = await testEngines[kind]();
    engine = test.engine;
  }, 60_000);
  afterAll(() => test.close());

  it('names jobs whatever their state, in the order asked for, without those that are gone', async () => {
    const queue = engine.queue('contact-import');
    await queue.pause();
    await queue.add({ name: 'one', data: {}, jobId: 'named-1' });
    await queue.add({ name: 'two', data: {}, jobId: 'named-2', delayMs: 60_000 });
    const jobs = await engine.jobsNamed('contact-import', ['named-2', 'nowhere', 'named-1']);
    expect(jobs.map(({ id, state }) => [id, state])).toEqual([
      ['named-2', 'delayed'],
      ['named-1', 'waiting'],
    ]);
    expect(await engine.jobsNamed('contact-import', [])).toEqual([]);
  });

  it('gives all of a payload, whatever its size', async () => {
    const queue = engine.queue('contact-import');
    const data = { rows: Array.from({ length: 20_000 }, (_, no) => ({ no, note: 'x'.repeat(20) })) };
    const id = await queue.add({ name: 'large', data });
    const text = await queue.text(id, 'data');
    expect(JSON.parse(text ?? '')).toEqual(data);
    expect(await queue.text(id, 'result')).toBeUndefined();
    expect(JSON.parse((await queue.text(id, 'options')) ?? '')).toMatchObject({ attempts: 3 });
    await expect(queue.text(JobId.parse('nowhere'), 'data')).rejects.toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('pages through the children of a job, with their states, and names the parents of a child', async () => {
    const queue = engine.queue('bulk-messages');
    await queue.pause();
    const job = (jobId: string) => ({ queue: 'bulk-messages', name: jobId, data: {}, jobId }) as never;
    const parent = await engine.addFlow(
      job('parent'),
      Array.from({ length: CHILDREN }, (_, no) => job(`child-${no}`)),
    );
    const seen = new Set<string>();
    let cursor: number | null = 0;
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof queue.children>> = await queue.children(parent, {
        kind: 'unprocessed',
        cursor,
        count: 50,
      });
      expect(page.totals).toEqual({ unprocessed: CHILDREN, processed: 0, ignored: 0, failed: 0 });
      for (const child of page.children) {
        expect(child).toMatchObject({ queue: 'bulk-messages', name: child.id, state: 'waiting' });
        seen.add(child.id);
      }
      cursor = page.next;
    }
    expect(seen.size).toBe(CHILDREN);
    const child = await queue.job(JobId.parse('child-7'));
    expect(child?.ancestors).toMatchObject([{ id: 'parent', state: 'waiting-children' }]);
  });

  it('gives a failed job another payload and lets it run again, and no other job', async () => {
    const queue = engine.queue('email-notification');
    const waiting = await queue.add({ name: 'waits', data: { to: 'a' }, delayMs: 60_000 });
    await expect(queue.editAndRetry(waiting, { to: 'b' }, 'Mona')).rejects.toMatchObject({
      error: { code: 'conflict' },
    });
    await expect(queue.editAndRetry(JobId.parse('nowhere'), {}, 'Mona')).rejects.toMatchObject({
      error: { code: 'not_found' },
    });
    const id = await queue.add({ name: 'mend', data: { to: 'nobody' } });
    const process = ({ data }: { readonly data: unknown }): Promise<unknown> =>
      JSON.stringify(data).includes('nobody')
        ? Promise.reject(new UnrecoverableError('There is nobody.'))
        : Promise.resolve({ sent: 1 });
    const worker = engine.worker('email-notification', process, { concurrency: 1 });
    await until('it to fail', async () => (await queue.job(id))?.state === 'failed');
    await queue.editAndRetry(id, { to: 'Mona' }, 'Mona');
    await until('it to complete', async () => (await queue.job(id))?.state === 'completed');
    await worker.close();
    const job = await queue.job(id);
    expect(job).toMatchObject({ data: { to: 'Mona' }, failedReason: null });
    expect((await queue.logs(id, 0, 10)).lines).toContain('Payload changed by Mona.');
  });
});
