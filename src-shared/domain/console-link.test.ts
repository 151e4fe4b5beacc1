import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, addressOfLink, ConsoleTarget, lineOf, linkTo, targetOf } from './console-link';

const words = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const target = fc
  .oneof(
    fc.record({ kind: fc.constant('job'), queue: words, id: words }),
    fc.record({ kind: fc.constant('queue'), queue: words }),
    fc.record({
      kind: fc.constantFrom('campaign', 'import', 'contact', 'template', 'schedule', 'incident'),
      id: fc.uuid({ version: 4 }),
    }),
    fc.record({ kind: fc.constant('failures'), cause: fc.stringMatching(/^[0-9a-f]{1,16}$/) }),
    fc.record({ kind: fc.constant('search'), q: words }),
  )
  .map((value) => ConsoleTarget.parse(value));

/** As the router of the window reads an address. */
const searchOf = (address: string): Record<string, unknown> =>
  Object.fromEntries(
    [...new URL(address, 'http://window').searchParams].map(([name, value]) => {
      try {
        return [name, JSON.parse(value) as unknown];
      } catch {
        return [name, value];
      }
    }),
  );

describe('a link into the console', () => {
  it('is read back as what it was made of', () => {
    fc.assert(
      fc.property(target, (each) => {
        expect(targetOf(linkTo(each))).toEqual(each);
      }),
    );
  });

  it('shows texts as texts, also where they look like numbers', () => {
    fc.assert(
      fc.property(target, (each) => {
        const values: unknown[] = Object.values(searchOf(addressOf(each)));
        const { kind: _kind, ...fields } = each;
        expect(values).toEqual(expect.arrayContaining(Object.values(fields)));
      }),
    );
    expect(addressOfLink('adsapp://job?queue=bulk-messages&id=42')).toBe(
      '/jobs?queue=bulk-messages&job=%2242%22',
    );
  });

  it.each([
    ['adsapp://job/bulk-messages/42', '/jobs?queue=bulk-messages&job=%2242%22'],
    ['adsapp://job/reports/month%2F11/', '/jobs?queue=reports&job=month%2F11'],
    [
      'adsapp://campaign/0b7e2f0e-4a43-4d43-8f0c-7d5c5e9a0c11',
      '/campaigns?id=0b7e2f0e-4a43-4d43-8f0c-7d5c5e9a0c11',
    ],
    ['adsapp://queue/reports', '/jobs?queue=reports'],
  ])('reads what somebody wrote by hand: %s', (link, address) => {
    expect(addressOfLink(link)).toBe(address);
  });

  it('shows any screen by its address', () => {
    expect(addressOfLink('adsapp://open/jobs?state=failed')).toBe('/jobs?state=failed');
  });

  it.each([
    'adsapp://job?id=1',
    'adsapp://campaign?id=not-an-id',
    'adsapp://campaign/not-an-id',
    'adsapp://job/reports',
    'adsapp://job/reports/1/2',
    'adsapp://job/reports/%E0%A4%A',
    'adsapp://run?id=1',
    'adsapp:job?queue=a&id=1',
    'https://job?queue=a&id=1',
    'javascript:alert(1)',
    '',
  ])('is not %s', (link) => {
    expect(targetOf(link)).toBeNull();
    expect(addressOfLink(link)).toBeNull();
  });

  it('never breaks on what somebody pastes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (pasted) => {
        targetOf(`adsapp:${pasted}`);
        addressOfLink(`adsapp://${pasted}`);
        expect(lineOf(pasted)).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe('what was pasted', () => {
  it('is its first line, without what mail programs put around it', () => {
    expect(lineOf('\n  <adsapp://job?queue=a&id=1>  \nand more')).toBe('adsapp://job?queue=a&id=1');
    expect(lineOf(' "42" ')).toBe('42');
  });
});
