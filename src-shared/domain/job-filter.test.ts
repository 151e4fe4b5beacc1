import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureCause } from './failure-cause';
import { compileFilter, type FilterableJob, JobFilter, matchesFilter } from './job-filter';

const job = (over: Partial<FilterableJob> = {}): FilterableJob => ({
  queue: 'bulk-messages',
  id: '17',
  state: 'failed',
  name: 'send-bulk-message',
  data: JSON.stringify({ contacts: [{ phone: '+20100' }, { phone: '+966500' }], note: 'say "hi"' }),
  reason: 'Template 42 was paused',
  stack: 'Error: Template 42 was paused\n    at send (/app/src/provider.ts:3:5)',
  attemptsMade: 3,
  addedAt: Date.parse('2026-01-01T00:00:00Z'),
  finishedAt: Date.parse('2026-01-02T00:00:00Z'),
  ...over,
});

describe('a filter of jobs', () => {
  it('means every job where nothing is named', () => {
    expect(matchesFilter(job(), {})).toBe(true);
    expect(compileFilter({}).fields.size).toBe(0);
  });

  it('needs everything that is named to hold', () => {
    expect(matchesFilter(job(), { queues: ['bulk-messages'], states: ['failed'] })).toBe(true);
    expect(matchesFilter(job(), { queues: ['bulk-messages'], states: ['waiting'] })).toBe(false);
    expect(matchesFilter(job(), { queues: ['other'] })).toBe(false);
    expect(matchesFilter(job(), { name: 'send-*' })).toBe(true);
    expect(matchesFilter(job(), { name: 'send' })).toBe(false);
  });

  it('tells the jobs of one queue from those with the same id in another', () => {
    const jobs = [{ queue: 'bulk-messages', id: '17' }];
    expect(matchesFilter(job(), { jobs })).toBe(true);
    expect(matchesFilter(job({ queue: 'email-notification' }), { jobs })).toBe(false);
  });

  it('finds a text in the id, the name, the error and the payload, whatever its case', () => {
    for (const text of ['17', 'BULK-mess', 'was paused', '+966500', 'SAY "HI"'])
      expect(matchesFilter(job(), { text })).toBe(true);
    expect(matchesFilter(job(), { text: 'nowhere' })).toBe(false);
    expect(matchesFilter(job({ data: null, reason: null }), { text: 'paused' })).toBe(false);
  });

  it('looks into the payload by path', () => {
    const of = (path: string, pattern: string): boolean =>
      matchesFilter(job(), { paths: [{ path, pattern }] });
    expect(of('data.contacts[].phone', '+966*')).toBe(true);
    expect(of('contacts[1].phone', '+966500')).toBe(true);
    expect(of('contacts[0].phone', '+966*')).toBe(false);
    expect(of('contacts[].missing', '*')).toBe(false);
    expect(matchesFilter(job({ data: 'not JSON' }), { paths: [{ path: 'a', pattern: '*' }] })).toBe(false);
  });

  it('takes failures of one cause, whatever numbers their messages hold', () => {
    const { fingerprint: cause } = failureCause(job().reason, job().stack);
    const other = 'Template 7 was paused';
    expect(matchesFilter(job({ reason: other }), { cause })).toBe(true);
    expect(matchesFilter(job({ reason: 'Timeout' }), { cause })).toBe(false);
    expect(matchesFilter(job({ state: 'completed' }), { cause })).toBe(false);
  });

  it('tells cancelled failures from others', () => {
    const cancelled = job({ reason: 'Cancelled by Dana' });
    expect(matchesFilter(cancelled, { cancelled: true })).toBe(true);
    expect(matchesFilter(cancelled, { cancelled: false })).toBe(false);
    expect(matchesFilter(job(), { cancelled: false })).toBe(true);
  });

  it('holds spans with both ends, and no end for a job that has not ended', () => {
    const at = '2026-01-02T00:00:00Z';
    expect(matchesFilter(job(), { finishedAt: { from: at, to: at } })).toBe(true);
    expect(matchesFilter(job({ finishedAt: null }), { finishedAt: {} })).toBe(false);
    expect(matchesFilter(job(), { addedAt: { from: at } })).toBe(false);
    expect(matchesFilter(job(), { attempts: { min: 3, max: 3 } })).toBe(true);
    expect(matchesFilter(job(), { attempts: { min: 4 } })).toBe(false);
  });

  it('names what it reads, so that nothing else is fetched', () => {
    expect([...compileFilter({ cause: '0123456789abcdef' }).fields].sort()).toEqual(['reason', 'stack']);
    expect([...compileFilter({ attempts: { min: 1 } }).fields]).toEqual(['attemptsMade']);
  });

  it('never takes more jobs when more is named', () => {
    const parts = fc.record(
      {
        queues: fc.constantFrom('bulk-messages', 'x').map((queue) => [queue]),
        states: fc.constantFrom('failed' as const, 'waiting' as const).map((state) => [state]),
        text: fc.constantFrom('paused', 'zzz'),
        attempts: fc.record({ min: fc.integer({ min: 0, max: 5 }) }),
        cancelled: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(parts, parts, (one, two) => {
        const both = { ...one, ...two };
        if (matchesFilter(job(), both)) expect(matchesFilter(job(), two)).toBe(true);
      }),
    );
  });

  it('refuses what is no fingerprint', () => {
    expect(JobFilter.safeParse({ cause: 'x' }).success).toBe(false);
    expect(JobFilter.parse({ states: ['failed'], paths: [{ path: 'a', pattern: 'b' }] })).toBeTruthy();
  });
});
