import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OTHER_NAMES } from '@shared/contract/charts';
import { engineKinds, testEngines, type TestEngine } from '../../engine/testing/engines';
import { waitingByName, type WaitingByName } from './waiting';

const QUEUE = 'template-processing';

describe.each(engineKinds)('what waits by job name on %s', (kind) => {
  let test: TestEngine;
  beforeAll(async () => {
    test = await testEngines[kind]();
    const queue = test.engine.queue(QUEUE);
    await queue.pause();
    for (let no = 0; no < 130; no += 1)
      await queue.add({ name: no < 20 ? (no < 12 ? 'render' : 'send') : `id-${no}`, data: { no } });
    await queue.add({ name: 'render', data: {}, delayMs: 60_000 });
  }, 60_000);
  afterAll(() => test.close());

  const read = (isPaused: boolean): Promise<WaitingByName> =>
    waitingByName(
      {
        selection: test.engine.selection,
        recorder: {
          measure: (_queue, _from, _to, name) => ({
            ...{
              completed: name === 'render' ? 120 : 0,
              failed: 0,
              cancelled: 0,
              observedSeconds: 60,
              wait: [],
              run: [],
            },
          }),
        },
        isPaused: () => Promise.resolve(isPaused),
        now: Date.now,
      },
      QUEUE,
    );

  it('counts each name, its oldest job and when it is gone, and many names together', async () => {
    const { names, looked, total } = await read(false);
    expect([looked, total]).toEqual([130, 130]);
    expect(names[0]).toMatchObject({ name: 'render', waiting: 12, perSecond: 2, etaSeconds: 6 });
    expect(names[1]).toMatchObject({ name: 'send', waiting: 8, perSecond: 0, etaSeconds: null });
    expect(names).toHaveLength(101);
    expect(names.at(-1)).toMatchObject({ name: OTHER_NAMES, waiting: 12 });
    expect(Date.parse(names[0]?.oldestAt ?? '')).toBeLessThanOrEqual(Date.parse(names[1]?.oldestAt ?? ''));
  });

  it('says nothing about the end where the queue is paused', async () => {
    expect((await read(true)).names[0]).toMatchObject({ name: 'render', etaSeconds: null });
  });
});
