import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { limitRate, requireBearer, sameSecret } from './guard';

describe('the API’s door', () => {
  const app = new Hono();
  app.use(requireBearer('the-right-token'));
  app.get('/', (c) => c.text('in'));
  const ask = (authorization?: string) =>
    app.request('/', authorization === undefined ? {} : { headers: { authorization } });

  it('opens for the right token only', async () => {
    expect((await ask('Bearer the-right-token')).status).toBe(200);
    for (const wrong of [
      undefined,
      '',
      'Bearer',
      'Bearer the-wrong-token',
      'Basic the-right-token',
      'the-right-token',
    ]) {
      const answer = await ask(wrong);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ success: false, code: 'unauthorized' });
    }
  });

  it('compares secrets of any length', () => {
    expect(sameSecret('', 'x')).toBe(false);
    expect(sameSecret('x', 'x')).toBe(true);
  });
});

describe('the rate limit', () => {
  it('lets a burst through, answers 429 with Retry-After, and refills with time', async () => {
    let now = 0;
    const app = new Hono();
    app.use(limitRate({ perSecond: 2, burst: 3 }, () => now));
    app.get('/', (c) => c.text('in'));
    const statuses = async (count: number) => {
      const answers: number[] = [];
      for (let index = 0; index < count; index += 1) answers.push((await app.request('/')).status);
      return answers;
    };
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
    expect((await app.request('/')).headers.get('retry-after')).toBe('1');
    now = 1_000;
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });
});
