import * as SheetJs from 'xlsx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, crc32InJs } from '../../files/crc32';
import { callUntyped } from '../testing/untyped';
import { isDateFormat, isoFromSerial, roundToExcelPrecision } from './cell-values';
import { decodeCellText } from './xml-text';

describe('a serial date', () => {
  it('is ISO text in either calendar', () => {
    expect(isoFromSerial(45_385, false)).toBe('2024-04-03');
    expect(isoFromSerial(45_385 - 1_462, true)).toBe('2024-04-03');
    expect(isoFromSerial(45_385.75, false)).toBe('2024-04-03T18:00:00');
    expect(isoFromSerial(0.5, false)).toBe('12:00:00');
    expect(isoFromSerial(1, false)).toBe('1900-01-01');
    expect(isoFromSerial(-5, false)).toBe(-5);
    expect(isoFromSerial(9e9, false)).toBe(9e9);
  });

  it('ends with the year 9999, as Excel’s calendar does', () => {
    expect(isoFromSerial(2_958_465, false)).toBe('9999-12-31');
    expect(isoFromSerial(2_958_466, false)).toBe(2_958_466);
    // Rounded to a second, it is a day that there is no more.
    expect(isoFromSerial(2_958_465.999_999, false)).toBe(2_958_465.999_999);
  });
});

describe('a number format', () => {
  it('is told to be a date as SheetJS tells it', () => {
    const codes = [
      'General',
      '0.00',
      'yyyy-mm-dd',
      'dd/mm/yy',
      'h:mm',
      '[h]:mm',
      '#,##0 "days"',
      '[Red]0',
      '@',
      '0.00E+00',
      '[$-409]d-mmm',
      '"h" 0',
      '"a; "yyyy',
      '"Due; "0',
    ];
    for (const code of codes)
      expect([code, isDateFormat(164, code)]).toEqual([code, callUntyped(SheetJs.SSF, 'is_date', code)]);
    expect([isDateFormat(14, undefined), isDateFormat(2, undefined)]).toEqual([true, false]);
  });
});

describe('a value', () => {
  it('shows what Excel shows', () => {
    expect(roundToExcelPrecision(0.1 + 0.2)).toBe(0.3);
    expect(roundToExcelPrecision(966_512_345_678)).toBe(966_512_345_678);
    expect(decodeCellText('a &amp;&lt;&#10;&#x41; _x0041_ _x005F_x0041_')).toBe('a &<\nA A _x0041_');
    // Only a small x begins an escape, whatever stands beside it.
    expect(decodeCellText('_X0041_ _x00e9_')).toBe('_X0041_ é');
    expect(() => decodeCellText('&nope;')).toThrow('unknown entity');
  });

  it('has the same CRC-32 in JavaScript as in zlib', () => {
    expect(crc32InJs(Buffer.from('123456789'), 0)).toBe(0xcbf43926);
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(crc32InJs(b, crc32InJs(a, 0))).toBe(crc32(Buffer.concat([a, b]), 0));
      }),
    );
  });
});
