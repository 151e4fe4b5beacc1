import { expect, it } from 'vitest';
import { AppFailure } from '@shared/errors';
import { complaints } from './complaints';

it('says a fault once a minute, and nothing of an engine that is away', () => {
  let now = 0;
  const said: string[] = [];
  const complain = complaints(
    (what) => said.push(what),
    () => now,
  );
  complain('count failures', new Error('a fault'));
  complain('count failures', new Error('a fault'));
  complain('read campaigns', new Error('another'));
  complain('read campaigns again', new AppFailure({ code: 'engine_unavailable', message: 'Redis is away.' }));
  expect(said).toEqual(['count failures', 'read campaigns']);
  now = 60_000;
  complain('count failures', new Error('a fault'));
  expect(said).toHaveLength(3);
});
