import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addEvidence, dateFinding, isoDate, noEvidence, type DateEvidence } from './date-order';

const evidenceOf = (cells: readonly string[]): DateEvidence => {
  const evidence = noEvidence();
  for (const cell of cells) addEvidence(evidence, cell);
  return evidence;
};

describe('the order of dates', () => {
  test.each([
    [['03/04/2024', '13/04/2024'], 'day-first'],
    [['03/04/2024', '04/13/2024'], 'month-first'],
    [['03.04.24', '05.06.24'], 'ambiguous'],
    [['13/04/2024', '04/13/2024'], undefined],
    [['03/04/2024', 'soon', 'later'], undefined],
    [['2024-04-03', '2024-04-13'], undefined],
    [['call me'], undefined],
    [[], undefined],
  ])('of %j is %s', (cells, found) => {
    expect(dateFinding(evidenceOf(cells))).toBe(found);
  });

  test('is shown by the first cell that tells it', () => {
    expect(evidenceOf(['03/04/2024', '13/04/2024', '14/04/2024']).example).toBe('13/04/2024');
    expect(evidenceOf(['03/04/2024', '05/06/2024']).example).toBe('03/04/2024');
    expect(evidenceOf(['01/01/2024', '02/02/2024']).example).toBe('01/01/2024');
    expect(evidenceOf(['01/01/2024', '03/04/2024', '05/06/2024']).example).toBe('03/04/2024');
    expect(evidenceOf(['01/01/2024', '03/04/2024', '13/04/2024']).example).toBe('13/04/2024');
  });

  test('decides what a date is, and what is none', () => {
    expect(isoDate('03/04/2024', 'day-first')).toBe('2024-04-03');
    expect(isoDate('03/04/2024', 'month-first')).toBe('2024-03-04');
    expect(isoDate('29-02-24', 'day-first')).toBe('2024-02-29');
    expect(isoDate('1.2.69', 'day-first')).toBe('1969-02-01');
    expect(isoDate('29/02/2023', 'day-first')).toBeUndefined();
    expect(isoDate('31/04/2024', 'day-first')).toBeUndefined();
    expect(isoDate('03/04-2024', 'day-first')).toBeUndefined();
    expect(isoDate('00/04/2024', 'day-first')).toBeUndefined();
  });

  test('brings back every date that was written in it', () => {
    const dates = fc.date({ min: new Date('1970-01-01'), max: new Date('2068-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, fc.constantFrom('/', '.', '-'), fc.boolean(), (date, separator, isDayFirst) => {
        const iso = date.toISOString().slice(0, 10);
        const [year = '', month = '', day = ''] = iso.split('-');
        const written = (isDayFirst ? [day, month, year] : [month, day, year]).join(separator);
        expect(isoDate(written, isDayFirst ? 'day-first' : 'month-first')).toBe(iso);
        const order = isDayFirst ? 'day-first' : 'month-first';
        expect([order, 'ambiguous']).toContain(dateFinding(evidenceOf([written])));
      }),
    );
  });
});
