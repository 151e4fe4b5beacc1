import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobFilter } from './job-filter';
import { formatJobQuery, parseJobQuery } from './job-query';
import { jobStates, adsappQueues } from './queues';

const clock = { timeZone: 'Asia/Riyadh', now: Date.parse('2026-11-29T12:00:00Z'), queues: adsappQueues };
const filterOf = (text: string): JobFilter => {
  const parsed = parseJobQuery(text, clock);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.filter;
};
const problemOf = (text: string): { message: string; marked: string } => {
  const parsed = parseJobQuery(text, clock);
  if (parsed.ok) throw new Error('It was understood.');
  return { message: parsed.problem.message, marked: text.slice(parsed.problem.from, parsed.problem.to) };
};

describe('a line of search', () => {
  it('names what must hold, and free words beside', () => {
    const text =
      'state:failed attempts:>2 error:"timed out" data.contacts[].phone:+966* after:2026-11-01 Sale "two words"';
    expect(filterOf(text)).toEqual({
      states: ['failed'],
      attempts: { min: 3 },
      error: 'timed out',
      paths: [{ path: 'data.contacts[].phone', pattern: '+966*' }],
      addedAt: { from: '2026-10-31T21:00:00.000Z' },
      words: ['Sale', 'two words'],
    });
    expect(filterOf('')).toEqual({});
    expect(filterOf('  hello ')).toEqual({ text: 'hello' });
  });

  it('reads numbers of attempts and times in each way of writing them', () => {
    expect(filterOf('attempts:2').attempts).toEqual({ min: 2, max: 2 });
    expect(filterOf('attempts:2..5').attempts).toEqual({ min: 2, max: 5 });
    expect(filterOf('attempts:>=2 attempts:<5').attempts).toEqual({ min: 2, max: 4 });
    expect(filterOf('after:2h').addedAt).toEqual({ from: '2026-11-29T10:00:00.000Z' });
    expect(filterOf('ended-before:2026-11-02T09:30').finishedAt).toEqual({ to: '2026-11-02T06:30:00.000Z' });
  });

  it('leaves addresses and phone numbers alone, and takes anything in quotes', () => {
    expect(filterOf('+966501234567').text).toBe('+966501234567');
    expect(filterOf('"state:failed"').text).toBe('state:failed');
    expect(filterOf(String.raw`"say \"hi\""`).text).toBe('say "hi"');
  });

  it('says in words what is wrong and where', () => {
    expect(problemOf('hello state:fialed')).toEqual({
      message: `There is no state “fialed”. Write ${jobStates.join(', ')}.`,
      marked: 'state:fialed',
    });
    expect(problemOf('error:"timed out')).toEqual({
      message: 'These quotes are never closed.',
      marked: '"timed out',
    });
    expect(problemOf('colour:red').message).toContain('“colour” is not something to search by');
    expect(problemOf('attempts:many').message).toContain('Write a number of attempts');
    expect(problemOf('after:yesterday').message).toContain('“yesterday” is not a time');
    expect(problemOf('state:').message).toBe('Nothing stands after “state:”.');
    expect(problemOf('after:2026-11-02 before:2026-11-01').message).toContain('later than');
  });

  it('is the same filter when it is written down and read again', () => {
    const text = fc.string({ minLength: 1, maxLength: 30 });
    const instant = fc
      .date({ min: new Date('2001-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/);
    const filter = fc.record(
      {
        queues: fc.uniqueArray(fc.constantFrom(...adsappQueues), { minLength: 1 }),
        states: fc.uniqueArray(fc.constantFrom(...jobStates), { minLength: 1 }),
        name: text,
        id: text,
        error: text,
        cause: fc.stringMatching(/^[0-9a-f]{16}$/),
        cancelled: fc.boolean(),
        paths: fc.array(fc.record({ path: key.map((name) => `data.${name}[].x`), pattern: fc.string() }), {
          minLength: 1,
          maxLength: 3,
        }),
        attempts: fc
          .tuple(fc.nat(99), fc.nat(99))
          .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) })),
        addedAt: fc.record({ from: instant }),
        finishedAt: fc.record({ to: instant }),
        words: fc.array(text, { minLength: 2, maxLength: 4 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(filter, (each) => {
        expect(filterOf(formatJobQuery(each, clock))).toEqual(each);
      }),
    );
    fc.assert(
      fc.property(text, (word) => {
        expect(filterOf(formatJobQuery({ text: word }, clock))).toEqual({ text: word });
      }),
    );
  });

  it('never fails on anything that is typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseJobQuery(text, clock);
        if (!parsed.ok) expect(parsed.problem.to).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
