import { expect, it } from 'vitest';
import { FailureEpisodes } from './failure-episodes';

it('speaks of a queue at once and then at most once a minute, and forgets no failure', () => {
  const episodes = new FailureEpisodes();
  expect(episodes.take(0)).toEqual([]);
  episodes.add('bulk-messages', 2);
  episodes.add('bulk-messages', 1);
  expect(episodes.take(1_000)).toEqual([{ queue: 'bulk-messages', failed: 3 }]);
  expect(episodes.nextAt()).toBeNull();

  episodes.add('bulk-messages', 4);
  episodes.add('contact-import', 1);
  // Each queue has its own minute.
  expect(episodes.take(2_000)).toEqual([{ queue: 'contact-import', failed: 1 }]);
  expect(episodes.nextAt()).toBe(61_000);
  expect(episodes.take(60_999)).toEqual([]);
  episodes.add('bulk-messages', 1);
  expect(episodes.take(61_000)).toEqual([{ queue: 'bulk-messages', failed: 5 }]);
});
