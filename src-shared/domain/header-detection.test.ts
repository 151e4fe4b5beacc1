import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { CellValue } from './cell';
import { detectHeader, headerNames } from './header-detection';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const PEOPLE: CellValue[][] = [
  ['+966512345678', 'Fatima Zahra', 'f@example.com', 100],
  ['+966512345679', 'John Doe', 'j@example.com', 200],
  ['+966512345670', 'Anna', null, 300],
];
const HEADER: CellValue[] = ['Phone', 'Name', 'Email', 'Order'];

function found(rows: CellValue[][]): [number | null, number] {
  const { headerRow, dataStart } = detectHeader(rows);
  return [headerRow, dataStart];
}

describe('the header row', () => {
  it('is the first row of a tidy file', () => {
    expect(detectHeader([HEADER, ...PEOPLE])).toMatchObject({ headerRow: 0, dataStart: 1, names: HEADER });
  });

  it('is found below titles and blank rows', () => {
    const title: CellValue[][] = [
      ['Contacts of the Riyadh branch'],
      [null, null],
      ['Exported', '2024-03-04'],
      [],
    ];
    expect(found([...title, HEADER, ...PEOPLE])).toEqual([4, 5]);
    expect(found([['Call us: +966 11 123 4567'], HEADER, ...PEOPLE])).toEqual([1, 2]);
  });

  it('is found by contrast where its names are not known', () => {
    expect(found([['A', 'Who', 'Wohin', 'Menge'], ...PEOPLE])).toEqual([0, 1]);
    expect(
      found([
        ['Kennung', 'Betrag'],
        ['x', 1],
        ['y', 2],
        ['z', 3],
      ]),
    ).toEqual([0, 1]);
  });

  it('is found in a file of one column, and in one without rows', () => {
    expect(found([['Phone'], ['+966512345678'], ['+966512345679']])).toEqual([0, 1]);
    expect(found([['phone']])).toEqual([0, 1]);
    expect(found([HEADER])).toEqual([0, 1]);
  });

  it('survives a year among its names and a damaged phone column', () => {
    expect(found([['Phone', 'Name', 2024, 'City'], ...PEOPLE])).toEqual([0, 1]);
    expect(
      found([
        ['Phone', 'Name'],
        ['9.66512E+11', 'Anna'],
        ['n/a', 'Ben'],
      ]),
    ).toEqual([0, 1]);
  });

  it('is found in other languages', () => {
    expect(
      found([
        ['رقم الجوال', 'الاسم'],
        ['٠٥١٢٣٤٥٦٧٨', 'محمد'],
      ]),
    ).toEqual([0, 1]);
    expect(
      found([
        ['Téléphone', 'Prénom'],
        ['0612345678', 'Anne'],
      ]),
    ).toEqual([0, 1]);
  });

  it('is missing where the first row is a contact', () => {
    const detection = detectHeader(PEOPLE);
    expect(detection).toMatchObject({ headerRow: null, dataStart: 0 });
    expect(detection.names).toEqual(['Column 1', 'Column 2', 'Column 3', 'Column 4']);
    expect(found([['Title of the list'], [], ...PEOPLE])).toEqual([null, 2]);
    expect(found([['+966512345678'], ['+966512345679']])).toEqual([null, 0]);
  });

  it('copes with nothing at all', () => {
    expect(detectHeader([])).toMatchObject({ headerRow: null, dataStart: 0, names: [] });
    expect(detectHeader([[], [null]])).toMatchObject({ headerRow: null, dataStart: 0, names: [] });
  });
});

describe('names', () => {
  it('are never blank and never twice', () => {
    const rows: CellValue[][] = [
      ['Name', 'name', null, 'Name', 'Name (2)', ' '],
      [1, 2, 3, 4, 5, 6, 7],
    ];
    expect(headerNames(rows, 0)).toEqual([
      'Name',
      'name (2)',
      'Column 3',
      'Name (3)',
      'Name (2) (2)',
      'Column 6',
      'Column 7',
    ]);
  });

  it('do not count trailing blank columns', () => {
    expect(
      headerNames(
        [
          ['a', 'b', null, ''],
          [1, 2, ' '],
        ],
        0,
      ),
    ).toEqual(['a', 'b']);
  });

  it('are distinct and one per column, whatever the rows hold', () => {
    const cell: fc.Arbitrary<CellValue> = fc.oneof(
      fc.string(),
      fc.double(),
      fc.constantFrom('Name', 'Phone', null, true),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 8 }), (rows) => {
        const { headerRow, dataStart, names } = detectHeader(rows);
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
        expect(names.every((name) => name.trim() !== '')).toBe(true);
        if (headerRow !== null) expect(dataStart).toBe(headerRow + 1);
        expect(dataStart).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
