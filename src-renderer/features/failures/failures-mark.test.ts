import { expect, it } from 'vitest';
import type { Overview } from '@shared/contract/queues';
import type { QueueName } from '@shared/domain/queues';
import { failuresMark } from './failures-mark';

const overview = (failed: number, second: number): Overview =>
  ({
    at: `2026-01-01T10:00:0${second}.123Z`,
    queues: [{ name: 'contact-import', counts: { failed } }],
  }) as unknown as Overview;
const listed = (failed: number) => [{ queue: 'contact-import' as QueueName, failed }];

it('is another one when a count moves, and each second while the list is shorter than it should be', () => {
  expect(failuresMark(overview(3, 1), listed(3))).not.toBe(failuresMark(overview(2, 1), listed(2)));
  expect(failuresMark(overview(3, 1), listed(3))).toBe(failuresMark(overview(3, 2), listed(3)));
  expect(failuresMark(overview(3, 1), listed(2))).not.toBe(failuresMark(overview(3, 2), listed(2)));
  expect(failuresMark(overview(3, 1), undefined)).toBe(failuresMark(overview(3, 2), undefined));
});
