import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { CellValue } from './cell';
import type { ColumnTarget } from './column-mapping';
import { createRowValidator, splitTags, validateRow, type RowOptions, type RowResult } from './contact-row';
import { isE164 } from './phone';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const OPTIONS: RowOptions = { defaultCountry: 'SA', validatePhone: true, tags: ['2024 import'] };
const MAPPING: ColumnTarget[] = [
  { field: 'phone' },
  { field: 'name' },
  { field: 'email' },
  { field: 'tags' },
  { field: 'custom', key: 'order_id' },
  { field: 'ignore' },
];
const PHONE_AND_MORE: ColumnTarget[] = [{ field: 'phone' }, { field: 'country' }, { field: 'optOut' }];
const validate = createRowValidator(MAPPING, OPTIONS);

function codes(result: RowResult): string[] {
  return result.kind === 'rejected'
    ? result.reasons.map(({ column, code }) => `${column}:${code}`)
    : [result.kind];
}

describe('a row', () => {
  it('becomes a contact', () => {
    expect(
      validate(['0512345678', ' Fatima \n Zahra ', 'Fatima@Example.COM', 'vip; new|VIP', 12345, 'x']),
    ).toEqual({
      kind: 'valid',
      contact: {
        phone: '+966512345678',
        name: 'Fatima Zahra',
        email: 'Fatima@example.com',
        tags: ['vip', 'new', '2024 import'],
        customFields: { order_id: '12345' },
        country: 'SA',
      },
      notes: ['country-default'],
    });
  });

  it('leaves out what is blank', () => {
    expect(validate([966512345678, null, '  ', undefined, '\u0000'])).toEqual({
      kind: 'valid',
      contact: {
        ...{ phone: '+966512345678', tags: ['2024 import'], onlyImportTags: true },
        ...{ customFields: {}, country: 'SA' },
      },
      notes: ['plus-restored'],
    });
  });

  it('is blank when only ignored columns hold something', () => {
    expect(validate([]).kind).toBe('blank');
    expect(validate([null, '', ' ', undefined, '\t', 'noise']).kind).toBe('blank');
  });

  it('is rejected with every reason, each naming its cell', () => {
    const result = validate(['9.66512E+11', 'x'.repeat(201), 'john@', 'a', 'y'.repeat(2001)]);
    expect(codes(result)).toEqual(['0:digits-lost', '2:no-domain-ending', '4:too-long', '-1:too-long']);
    const bad = validate(['0512345678', 'John', 'not an address']);
    expect(bad).toEqual({
      kind: 'rejected',
      reasons: [{ column: 2, field: 'email', code: 'no-at', message: '“not an address” has no @.' }],
    });
  });

  it('never quotes half a character, which PostgreSQL would refuse', () => {
    const at = (length: number): string => `${'a'.repeat(length - 1)}😀${'b'.repeat(100)}`;
    const reasons = [at(39), at(59)].flatMap((text) => {
      const result = validateRow(
        [text, text, text],
        [{ field: 'phone' }, { field: 'email' }, { field: 'country' }],
        OPTIONS,
      );
      return result.kind === 'rejected' ? result.reasons.map(({ message }) => message) : [];
    });
    expect(reasons).toHaveLength(6);
    for (const reason of reasons) expect(reason).not.toMatch(/\p{Surrogate}/u);
  });

  it('takes no error of a spreadsheet for a value', () => {
    expect(codes(validate(['0512345678', '#N/A', '#REF!', 'vip', '#DIV/0!', '#N/A']))).toEqual([
      '1:spreadsheet-error',
      '2:spreadsheet-error',
    ]);
    expect(codes(validate(['0512345678', null, null, null, '#DIV/0!']))).toEqual(['valid']);
    expect(codes(validate(['0512345678', null, null, '#NAME?']))).toEqual(['3:spreadsheet-error']);
    expect(codes(validate(['#N/A']))).toEqual(['0:not-a-phone']);
    expect(codes(validate(['0512345678', '#1 customer', null, '#vip']))).toEqual(['valid']);
  });

  it('needs a phone', () => {
    expect(codes(validate([null, 'John']))).toEqual(['0:missing']);
    expect(codes(validateRow(['John'], [{ field: 'name' }], OPTIONS))).toEqual(['-1:missing']);
  });

  it('takes more tags than a contact can hold for a mistake', () => {
    const many = Array.from({ length: 60 }, (_, i) => `t${i}`).join(',');
    expect(codes(validate(['0512345678', null, null, many]))).toEqual(['-1:too-long']);
  });

  it('keeps text as text: formulas, long digits and leading zeros are not touched', () => {
    const result = validate(['0512345678', '=HYPERLINK("http://x")', null, null, '00012345678901234567890']);
    expect(result.kind === 'valid' && result.contact.name).toBe('=HYPERLINK("http://x")');
    expect(result.kind === 'valid' && result.contact.customFields['order_id']).toBe(
      '00012345678901234567890',
    );
  });
});

describe('names, countries and opt-outs', () => {
  const mapping: ColumnTarget[] = [
    { field: 'phone' },
    { field: 'firstName' },
    { field: 'lastName' },
    { field: 'country' },
    { field: 'optOut' },
  ];
  const read = createRowValidator(mapping, { validatePhone: true, tags: [] });

  it('join first and last name, and keep both for templates', () => {
    const result = read(['+966512345678', 'Fatima', 'Zahra']);
    expect(result).toMatchObject({
      contact: { name: 'Fatima Zahra', customFields: { first_name: 'Fatima', last_name: 'Zahra' } },
    });
  });

  it('join several name columns in the order of the file', () => {
    const result = validateRow(
      ['+966512345678', 'Dr.', 'Fatima', 'Zahra'],
      [{ field: 'phone' }, { field: 'name' }, { field: 'name' }, { field: 'name' }],
      OPTIONS,
    );
    expect(result).toMatchObject({ contact: { name: 'Dr. Fatima Zahra' } });
  });

  it("read the phone in the row's own country", () => {
    expect(read(['0151 12345678', null, null, 'Germany'])).toMatchObject({
      contact: { phone: '+4915112345678', country: 'DE' },
    });
    expect(read(['0512345678', null, null, 'المملكة العربية السعودية'])).toMatchObject({
      contact: { phone: '+966512345678' },
    });
    expect(codes(read(['+966512345678', null, null, 'Atlantis']))).toEqual(['3:country-unknown']);
  });

  it('never guess an opt-out', () => {
    expect(read(['+966512345678', null, null, null, 'yes'])).toMatchObject({ contact: { optOut: true } });
    expect(read(['+966512345678', null, null, null, 'no'])).not.toMatchObject({ contact: { optOut: true } });
    expect(codes(read(['+966512345678', null, null, null, 'perhaps']))).toEqual(['4:not-yes-no']);
  });
});

describe('texts that look the same', () => {
  it('are the same, however a program has written their accents', () => {
    const written = (form: 'NFC' | 'NFD') =>
      validate(
        ['+966512345678', 'José', null, 'Café; crème', 'Łódź, Ürümqi'].map(
          (cell) => cell?.normalize(form) ?? null,
        ),
      );
    expect(written('NFD')).toEqual(written('NFC'));
  });

  it('are not put in order where a letter has thousands of accents: it would take longer than any test may', () => {
    const endless = `a${'\u0301\u0316'.repeat(100_000)}`;
    const result = validate(['0512345678', endless, '', endless]);
    expect(codes(result)).toEqual(['-1:too-long', '-1:too-long']);
    const optOut = validateRow(['0512345678', endless, endless], PHONE_AND_MORE, OPTIONS);
    expect(codes(optOut)).toEqual(['1:country-unknown', '2:not-yes-no']);
  });
});

describe('tags', () => {
  it('split on comma, semicolon, bar and line break, each once', () => {
    expect(splitTags(' vip, New;new | a\nb,, ،c')).toEqual(['vip', 'New', 'a', 'b', 'c']);
  });
});

describe('properties', () => {
  it('every row ends as exactly one of valid, rejected and blank, with nothing PostgreSQL refuses', () => {
    const cell: fc.Arbitrary<CellValue> = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('0512345678', '+966512345679', 'a@example.com', '\u0000', '\ud800'),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 7 }), (cells) => {
        const result = validate(cells);
        if (result.kind === 'rejected') expect(result.reasons.length).toBeGreaterThan(0);
        if (result.kind !== 'valid') return;
        expect(isE164(result.contact.phone)).toBe(true);
        const text = JSON.stringify(result.contact);
        expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      }),
      { numRuns: 1000 },
    );
  });
});
