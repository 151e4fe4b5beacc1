import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createAddressReader, createRowReader, listColumns, pastedAddresses } from './recipient-list';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const read = createAddressReader('SA');
const pasted = (text: string) => [...pastedAddresses(text)].map(read);

describe('a pasted list', () => {
  it.each<[string, string, (string | null)[]]>([
    [
      'lines',
      '0512345678\n+966 51 234 5679\r\n\n00966512345670',
      ['+966512345678', '+966512345679', '+966512345670'],
    ],
    [
      'commas, semicolons and tabs',
      '0512345678, 0512345679;0512345670\t0512345671',
      ['+966512345678', '+966512345679', '+966512345670', '+966512345671'],
    ],
    ['emails with spaces between them', 'a@example.com b@EXAMPLE.com', ['a@example.com', 'b@example.com']],
    ['both', '٠٥١٢٣٤٥٦٧٨\nSara <sara@example.com>', ['+966512345678', 'sara@example.com']],
    ['what is neither', 'call the office; 12', [null, null]],
  ])('%s', (_, text, expected) => {
    expect(pasted(text).map(({ phone, email }) => phone ?? email)).toEqual(expected);
  });

  it('keeps the name of a mail program, and says why an entry cannot be read', () => {
    expect(pasted('"Sara Ali" <sara@example.com>')).toMatchObject([{ name: 'Sara Ali' }]);
    expect(pasted('call the office')[0]?.problem).toContain('call the office');
    expect(createAddressReader(null)('0512345678').problem).toContain('country code');
  });

  it('loses no address, whatever stands between them', () => {
    const number = fc.integer({ min: 500_000_000, max: 599_999_999 }).map((n) => `+966${n}`);
    const between = fc.constantFrom('\n', '\r\n', ',', '; ', '\t', ' ,\n');
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 30 }), between, (numbers, separator) => {
        expect([...pastedAddresses(numbers.join(separator))]).toEqual(numbers);
      }),
    );
  });
});

describe('a list in a file', () => {
  const columns = listColumns([
    { field: 'name' },
    { field: 'phone' },
    { field: 'email' },
    { field: 'custom', key: 'order_id' },
    { field: 'ignore' },
  ]);
  const row = createRowReader(columns, 'SA');

  it('offers its other columns to variables', () => {
    expect(row(['Sara', 512345678, 'sara@example.com', 'O-1', 'x'])).toEqual({
      written: '512345678',
      phone: '+966512345678',
      email: 'sara@example.com',
      name: 'Sara',
      given: { order_id: 'O-1' },
      problem: null,
    });
  });

  it('takes an email alone, passes a blank row over and says what is wrong', () => {
    expect(row([null, null, 'a@example.com', null])).toMatchObject({ phone: null, email: 'a@example.com' });
    expect(row([null, '', ' ', null])).toBeUndefined();
    expect(row(['Sara', null, null, 'O-1'])?.problem).toContain('neither');
    expect(row(['Sara', 'office', null, null])).toMatchObject({ written: 'office', phone: null });
  });
});
