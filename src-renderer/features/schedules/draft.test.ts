import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WhatsAppContent } from '@shared/contract/message';
import type { Schedule, ScheduleWhen } from '@shared/contract/schedules';
import { draftOf, inputOf, newDraft, parseData, whenOf } from './draft';
import { instantOf, shownIn } from './times';

const NOW = Date.UTC(2026, 10, 29, 12);
const words = { notObject: 'no object', notJson: (why: string) => `no JSON: ${why}` };
const scheduleOf = (when: ScheduleWhen, steps: Schedule['steps'] = []): Schedule => ({
  id: '7f9c24e8-3b12-4fef-91e0-6a1c7d3c2f10' as Schedule['id'],
  name: 'Weekly',
  when,
  steps,
  graceMinutes: 30,
  overlap: 'skip',
  state: 'active',
  words: '',
  nextRuns: [],
  runs: 0,
  lastRun: null,
  createdBy: 'Op',
  createdAt: '2026-11-29T12:00:00.000Z',
  updatedAt: '2026-11-29T12:00:00.000Z',
});

describe('when, in fields', () => {
  it.each([
    ['30 9 * * *', 'daily'],
    ['5 17 * * 1,3', 'weekly'],
    ['0 8 31 * *', 'monthly'],
    ['*/15 * * * *', 'minutes'],
    ['0 9 * 1 *', 'cron'],
    ['0 9 1 * 1', 'cron'],
    ['0,30 9 * * *', 'cron'],
    ['0 9-17 * * 1-5', 'cron'],
  ])('%s is %s, and is saved as it was', (pattern, kind) => {
    const when = { kind: 'cron', pattern, timeZone: 'Europe/Berlin' } as const;
    const draft = draftOf(scheduleOf(when), NOW);
    expect(draft.when.kind).toBe(kind);
    expect(whenOf(draft.when)).toEqual(when);
  });

  it('once is on the clocks of the chosen zone', () => {
    const when = { kind: 'once', at: '2026-12-24T17:30:00.000Z', timeZone: 'Asia/Riyadh' } as const;
    const draft = draftOf(scheduleOf(when), NOW);
    expect(draft.when.at).toBe('2026-12-24T20:30');
    expect(whenOf(draft.when)).toEqual(when);
    expect(whenOf({ ...draft.when, at: '' })).toBeNull();
  });

  it('weekly without a day is not said yet', () =>
    expect(whenOf({ ...newDraft('UTC', NOW).when, kind: 'weekly', days: [] })).toBeNull());

  it('shows every instant as one that means it again, but for hours that come twice', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Riyadh', 'Asia/Kathmandu');
    const minutes = fc.integer({ min: Date.UTC(2020, 0) / 60_000, max: Date.UTC(2040, 0) / 60_000 });
    fc.assert(
      fc.property(zones, minutes, (zone, minute) => {
        const shown = shownIn(minute * 60_000, zone);
        const again = instantOf(shown, zone) ?? NaN;
        expect(shownIn(again, zone)).toBe(shown);
        expect(Math.abs(again - minute * 60_000)).toBeLessThanOrEqual(3_600_000);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is done', () => {
  it('keeps what the fields do not show', () => {
    const steps: Schedule['steps'] = [
      {
        kind: 'campaign',
        name: 'Photo',
        audience: { kind: 'search', search: 'Sara', excludeTags: ['vip'] },
        message: WhatsAppContent.parse({
          channel: 'whatsapp',
          type: 'image',
          body: 'Look',
          mediaUrl: 'https://example.com/a.jpg',
        }),
        priority: 1,
        missing: 'refuse',
      },
      { kind: 'job', queue: 'contact-import', data: { importId: 'x', rows: null }, priority: 4 },
    ];
    const when = { kind: 'cron', pattern: '30 9 * * *', timeZone: 'UTC' } as const;
    const input = inputOf(draftOf(scheduleOf(when, steps), NOW), words);
    expect(input).toEqual({ name: 'Weekly', when, steps, graceMinutes: 30, overlap: 'skip' });
  });

  it('says in plain words why data is none', () => {
    expect(parseData('{"a":1}', words)).toEqual({ data: { a: 1 } });
    expect(parseData('[1]', words)).toEqual({ error: 'no object' });
    expect(parseData('{', words)).toMatchObject({ error: expect.stringMatching(/^no JSON: /) as unknown });
  });
});
