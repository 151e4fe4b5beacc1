import { expect, it } from 'vitest';
import type { OperationRow } from './repository';
import { viewOf } from './view';

const now = Date.parse('2030-05-01T12:00:00Z');
const row = {
  state: 'running',
  total: 10_000,
  done: 300,
  left: 0,
  createdAt: new Date(now - 3_700_000),
  holdUntil: null,
  startedAt: new Date(now - 3_600_000),
  endedAt: null,
  canary: null,
  kept: null,
  paceFrom: { at: new Date(now - 10_000), done: 100 },
} as unknown as OperationRow;

it('is as fast as it has been since it went on, not as it waited for an hour for an answer', () => {
  expect(viewOf(row, now)).toMatchObject({ perSecond: 20, etaSeconds: 485 });
  expect(viewOf({ ...row, state: 'watching' }, now)).toMatchObject({ perSecond: null, etaSeconds: null });
  expect(viewOf({ ...row, done: 100 }, now)).toMatchObject({ perSecond: null });
});
