import { expect, it } from 'vitest';
import { createCommits } from './commits';
import type { OwnedOutcome } from './ledger/repository';

const outcome: OwnedOutcome = {
  ...{ id: 'd', owner: 'o', state: 'accepted', providerMessageId: 'wamid.1' },
  ...{ errorCode: null, errorKind: null, errorMessage: null, retryInMs: null },
};
const away = (): Error => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

const commitsOf = (failures: readonly Error[], silenceMs = 5_000) => {
  const left = [...failures];
  const recorded: OwnedOutcome[] = [];
  const ledger = {
    beginSending: () => Promise.resolve(() => true),
    record: (outcomes: readonly OwnedOutcome[]) => {
      const failure = left.shift();
      if (failure !== undefined) return Promise.reject(failure);
      recorded.push(...outcomes);
      return Promise.resolve();
    },
  };
  return { commits: createCommits(ledger, silenceMs), recorded };
};

it('keeps an answer until the database is back, and does not make it unknown', async () => {
  const { commits, recorded } = commitsOf([away(), away()]);
  await expect(commits.record(outcome)).resolves.toBe(true);
  expect(recorded).toEqual([outcome]);
});

it('gives up where others take the worker for dead by now, and at once over any other error', async () => {
  const long = commitsOf(Array.from({ length: 50 }, away), 300);
  await expect(long.commits.record(outcome)).rejects.toThrow('connect');
  const wrong = commitsOf([new Error('wrong')]);
  await expect(wrong.commits.record(outcome)).rejects.toThrow('wrong');
  expect(wrong.recorded).toEqual([]);
});
