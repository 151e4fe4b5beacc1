import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  columnMappingSchema,
  customKeyProblem,
  headerFingerprint,
  mappingProblems,
  newCustomKey,
  type ColumnTarget,
} from './column-mapping';
import { customFieldKey, normaliseHeader, similarity } from './header-text';
import { parseCountry } from './country-names';
import { parseYesNo } from './yes-no';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const codes = (mapping: ColumnTarget[]): string[] => mappingProblems(mapping).map(({ code }) => code);

describe('a mapping', () => {
  it('needs a phone, and each single-valued field once', () => {
    expect(
      codes([{ field: 'phone' }, { field: 'name' }, { field: 'name' }, { field: 'tags' }, { field: 'tags' }]),
    ).toEqual([]);
    expect(codes([{ field: 'name' }])).toEqual(['phone-missing']);
    expect(mappingProblems([{ field: 'phone' }, { field: 'phone' }])).toEqual([
      { code: 'field-twice', columns: [0, 1], message: 'Only one column can be the phone number.' },
    ]);
  });

  it('needs custom field names that differ and hide no field of the contact', () => {
    const phone: ColumnTarget = { field: 'phone' };
    expect(codes([phone, { field: 'custom', key: 'a' }, { field: 'custom', key: 'a' }])).toEqual([
      'key-twice',
    ]);
    expect(codes([phone, { field: 'custom', key: 'name' }])).toEqual(['key-unusable']);
    const many = Array.from({ length: 101 }, (_, i): ColumnTarget => ({ field: 'custom', key: `k${i}` }));
    expect(codes([phone, ...many])).toEqual(['too-many-custom-fields']);
  });

  it('says what is wrong with the name of an own field', () => {
    expect(customKeyProblem('order id')).toBeUndefined();
    expect(customKeyProblem('x'.repeat(64))).toBeUndefined();
    expect(customKeyProblem('  ')).toBe('Give this field a name.');
    expect(customKeyProblem('x'.repeat(65))).toBe('A field name has at most 64 characters.');
    expect(customKeyProblem(' email ')).toBe(
      '“email” is a name of the contact itself. Choose another one for this field.',
    );
    expect(customKeyProblem('a}}')).toContain('no braces');
    expect(customKeyProblem('__proto__')).toBe('This field name cannot be used.');
    expect(codes([{ field: 'phone' }, { field: 'custom', key: ' ' }])).toEqual(['key-unusable']);
  });

  it('is parsed at the boundary', () => {
    expect(
      columnMappingSchema.safeParse([{ field: 'phone' }, { field: 'custom', key: 'order_id' }]).success,
    ).toBe(true);
    for (const bad of [
      { field: 'x' },
      { field: 'custom' },
      { field: 'custom', key: 'a}}' },
      { field: 'custom', key: '__proto__' },
    ]) {
      expect(columnMappingSchema.safeParse([bad]).success).toBe(false);
    }
  });
});

describe('custom field keys', () => {
  it.each([
    ['Order ID', 'order_id'],
    ['order_id', 'order_id'],
    ['orderId', 'orderId'],
    ['OrderID', 'order_id'],
    ['  Größe (cm) ', 'grosse_cm'],
    ['Prénom usuel', 'prenom_usuel'],
    ['رقم الطلب', 'رقم_الطلب'],
    ['हिन्दी नाम', 'हिन्दी_नाम'],
    ['!!!', 'field'],
    ['1st order', '1st_order'],
  ])('%s → %s', (header, key) => {
    expect(customFieldKey(header)).toBe(key);
  });

  it('differ from those taken and from the contact’s own', () => {
    expect(newCustomKey('Name', new Set())).toBe('name_2');
    expect(newCustomKey('Order', new Set(['order', 'order_2']))).toBe('order_3');
  });

  it('are stable, and always usable in a template', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const key = newCustomKey(header, new Set());
        expect(columnMappingSchema.safeParse([{ field: 'custom', key }]).success).toBe(true);
        expect(newCustomKey(key, new Set())).toBe(key);
      }),
    );
  });
});

describe('header text', () => {
  it('ignores case, accents, punctuation and Arabic spelling variants', () => {
    expect(normaliseHeader('  E-Mail_Adresse* ')).toBe('e mail adresse');
    expect(normaliseHeader('TÉLÉPHONE')).toBe('telephone');
    expect(normaliseHeader('الإسم')).toBe(normaliseHeader('الاسم'));
    expect(normaliseHeader('الدولة')).toBe('الدوله');
    expect(headerFingerprint(['Phone', 'E-Mail'])).toBe(headerFingerprint([' phone ', 'e mail']));
    expect(headerFingerprint(['a', 'b'])).not.toBe(headerFingerprint(['b', 'a']));
    expect(headerFingerprint(['a b'])).not.toBe(headerFingerprint(['a', 'b']));
  });

  it('measures likeness from 0 to 1, the same both ways', () => {
    expect(similarity('phone', 'phnoe')).toBeCloseTo(0.8);
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const value = similarity(a, b);
        expect(value).toBeCloseTo(similarity(b, a));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value === 1).toBe(a === b);
      }),
    );
  });
});

describe('countries and yes or no', () => {
  it.each([
    ['SA', 'SA'],
    ['sa', 'SA'],
    ['Saudi Arabia', 'SA'],
    ['Saudi-Arabien', 'SA'],
    ['Arabie saoudite', 'SA'],
    ['المملكة العربية السعودية', 'SA'],
    ['UK', 'GB'],
    ['Allemagne', 'DE'],
    ['Brasil', 'BR'],
    ['Atlantis', undefined],
    ['', undefined],
  ])('%s is %s', (text, country) => {
    expect(parseCountry(text)).toBe(country);
  });

  it.each([
    ['Yes', true],
    ['X', true],
    [true, true],
    [1, true],
    ['Sí', true],
    ['نعم', true],
    ['✓', true],
    ['', false],
    [null, false],
    ['No', false],
    ['لا', false],
    [0, false],
    ['maybe', undefined],
    ['2024-01-01', undefined],
  ])('%s says %s', (cell, answer) => {
    expect(parseYesNo(cell)).toBe(answer);
  });
});
