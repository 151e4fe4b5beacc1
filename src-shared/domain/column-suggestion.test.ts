import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { CellValue } from './cell';
import { mappingProblems, type ColumnTarget } from './column-mapping';
import { suggestMapping, type ColumnSuggestion } from './column-suggestion';
import { surenessOf } from './sureness';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

function short(target: ColumnTarget): string {
  return target.field === 'custom' ? `{${target.key}}` : target.field;
}

function suggest(headers: string[], rows: CellValue[][] = []): string[] {
  return suggestMapping(headers, rows, { defaultCountry: 'SA' }).map(({ target }) => short(target));
}

function first(suggestions: ColumnSuggestion[]): ColumnSuggestion {
  const [suggestion] = suggestions;
  if (suggestion === undefined) throw new Error('no suggestion');
  return suggestion;
}

const PEOPLE: CellValue[][] = Array.from({ length: 30 }, (_, i) => [
  `+96651234${String(1000 + i)}`,
  `${['Fatima', 'John', 'Jürgen', 'محمد'][i % 4] ?? ''} ${String.fromCharCode(65 + (i % 26))}.`,
  `person${i}@example.com`,
  i % 2 === 0 ? 'vip; new' : 'customer',
  100_000 + i,
]);

describe('headers in six languages', () => {
  it.each<[string, string[], string[]]>([
    ['en', ['Phone', 'Name', 'Email', 'Tags', 'Order ID'], ['phone', 'name', 'email', 'tags', '{order_id}']],
    [
      'de',
      ['Handynummer', 'Name', 'E-Mail-Adresse', 'Gruppe', 'Bestellnummer'],
      ['phone', 'name', 'email', 'tags', '{bestellnummer}'],
    ],
    [
      'fr',
      ['Numéro de téléphone', 'Nom complet', 'Courriel', 'Étiquettes', 'N° de commande'],
      ['phone', 'name', 'email', 'tags', '{n_de_commande}'],
    ],
    [
      'es',
      ['Teléfono móvil', 'Nombre completo', 'Correo electrónico', 'Etiquetas', 'Pedido'],
      ['phone', 'name', 'email', 'tags', '{pedido}'],
    ],
    [
      'pt',
      ['Telemóvel', 'Nome', 'E-mail', 'Marcadores', 'Nº do pedido'],
      ['phone', 'name', 'email', 'tags', '{no_do_pedido}'],
    ],
    [
      'ar',
      ['رقم الجوال', 'الإسم', 'البريد الإلكتروني', 'المجموعة', 'رقم الطلب'],
      ['phone', 'name', 'email', 'tags', '{رقم_الطلب}'],
    ],
  ])('%s', (_language, headers, targets) => {
    expect(suggest(headers, PEOPLE)).toEqual(targets);
    expect(suggest(headers)).toEqual(targets);
  });

  it.each([
    ['Mobile No.', 'phone'],
    ['WHATSAPP_NUMBER', 'phone'],
    ['phoneNumber', 'phone'],
    ['Customer Phone Number', 'phone'],
    ['Phnoe', 'phone'],
    ['Telefonummer', 'phone'],
    ['E-Mail (required)', 'email'],
    ['First Name', 'firstName'],
    ['surname', 'lastName'],
    ['Company name', '{company_name}'],
    ['Product', '{product}'],
    ['orderId', '{orderId}'],
    ['Email opt-in', '{email_opt_in}'],
    ['Phone type', '{phone_type}'],
    ['Opted-out?', 'optOut'],
    ['Pays', 'country'],
    ['__proto__', '{proto}'],
  ])('%s is %s', (header, target) => {
    expect(suggest([header])).toEqual([target]);
  });
});

describe('names in parts', () => {
  it('reads the words that depend on their neighbour', () => {
    expect(suggest(['Prénom', 'Nom', 'Téléphone'])).toEqual(['firstName', 'lastName', 'phone']);
    expect(suggest(['Nom', 'Téléphone'])).toEqual(['name', 'phone']);
    expect(suggest(['Vorname', 'Name'])).toEqual(['firstName', 'lastName']);
    expect(suggest(['Nombre', 'Apellidos'])).toEqual(['firstName', 'lastName']);
    expect(suggest(['Nome', 'Sobrenome'])).toEqual(['firstName', 'lastName']);
    expect(suggest(['Full name', 'First name', 'Last name'])).toEqual(['name', 'firstName', 'lastName']);
  });
});

describe('cells', () => {
  it('find phone, e-mail and name without any header', () => {
    const headers = ['Column 1', 'Column 2', 'Column 3', 'Column 4', 'Column 5'];
    expect(suggest(headers, PEOPLE)).toEqual(['phone', 'name', 'email', '{column_4}', '{column_5}']);
  });

  it('correct a header that lies', () => {
    const rows = PEOPLE.map(([phone, name]) => [name ?? null, phone ?? null]);
    expect(suggest(['Mobile', 'Contact number'], rows)[1]).toBe('phone');
    expect(suggest(['Phone', 'Number'], rows)).toEqual(
      ['name', 'phone'].map((t, i) => (i === 0 ? '{phone_2}' : t)),
    );
  });

  it('choose the main phone of two, and keep the other', () => {
    const rows = PEOPLE.map(([phone]) => [phone ?? null, phone ?? null]);
    expect(suggest(['Home phone', 'Phone'], rows)).toEqual(['{home_phone}', 'phone']);
    expect(
      suggest(
        ['Home phone', 'Order'],
        rows.map(([phone]) => [phone ?? null, 'A1']),
      ),
    ).toEqual(['phone', '{order}']);
    const second = suggestMapping(['Phone', 'Phone 2'], rows)[1];
    expect(second?.reason).toContain('Another column is the phone number');
  });

  it('do not take order numbers, dates or prices for phones', () => {
    const rows = Array.from({ length: 20 }, (_, i) => [
      4_100_000_000 + i,
      `2024-03-${String(i + 1).padStart(2, '0')}`,
      12.5 + i,
    ]);
    expect(suggest(['Order number', 'Placed on', 'Total'], rows)).toEqual([
      '{order_number}',
      '{placed_on}',
      '{total}',
    ]);
    expect(suggest(['Invoice', 'Placed on', 'Total'], rows)).toEqual(['{invoice}', '{placed_on}', '{total}']);
  });

  it('take a phone column that Excel damaged for one', () => {
    expect(
      suggest(
        ['Phone'],
        Array.from({ length: 20 }, () => ['9.66512E+11']),
      ),
    ).toEqual(['phone']);
  });

  it('lower the confidence where they disagree with the header', () => {
    const sure = first(suggestMapping(['Phone'], PEOPLE));
    const unsure = first(
      suggestMapping(
        ['Phone'],
        PEOPLE.map((row, i) => [i % 3 === 0 ? (row[0] ?? null) : 'n/a']),
      ),
    );
    expect(sure.confidence).toBeGreaterThan(0.95);
    expect(unsure.confidence).toBeLessThan(0.8);
    expect(sure.reason).toBe('“Phone” means phone number; 30 of 30 cells are phone numbers.');
  });

  it('say in words how sure the suggestion is', () => {
    const rows = PEOPLE.map((row, i) => [row[0] ?? null, i, i % 2 === 0 ? (row[0] ?? null) : 'n/a', 'x']);
    const headers = ['Phone', 'Shoe size', 'Mobil', ''];
    expect(suggestMapping(headers, rows).map(({ confidence }) => surenessOf(confidence))).toEqual([
      ...['sure', 'likely', 'guess', 'guess'],
    ]);
    expect([1, 0.85, 0.84, 0.6, 0.59, 0].map(surenessOf)).toEqual([
      ...['sure', 'sure', 'likely', 'likely', 'guess', 'guess'],
    ]);
  });

  it('ignore a column that is empty', () => {
    expect(
      suggest(
        ['Phone', 'Notes'],
        [
          ['+966512345678', null],
          ['+966512345679', '  '],
        ],
      ),
    ).toEqual(['phone', 'ignore']);
  });
});

describe('properties', () => {
  it('always gives one usable target per column, whatever the file holds', () => {
    const cell = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
    const header = fc.oneof(
      fc.string(),
      fc.constantFrom('Phone', 'Name', 'E-mail', 'Phone', 'constructor', ''),
    );
    fc.assert(
      fc.property(
        fc.array(header, { maxLength: 12 }),
        fc.array(fc.array(cell), { maxLength: 5 }),
        (headers, rows) => {
          const suggestions = suggestMapping(headers, rows);
          expect(suggestions.map(({ column }) => column)).toEqual(headers.map((_, i) => i));
          const problems = mappingProblems(suggestions.map(({ target }) => target));
          expect(problems.filter(({ code }) => code !== 'phone-missing')).toEqual([]);
          for (const { confidence, reason } of suggestions) {
            expect(confidence).toBeGreaterThan(0);
            expect(confidence).toBeLessThan(1);
            expect(reason).not.toBe('');
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is fast enough to run while a file is dropped', () => {
    const headers = Array.from({ length: 40 }, (_, i) => `Header number ${i}`);
    const rows = Array.from({ length: 200 }, (_, i) => headers.map((_h, j) => `value ${i * j}`));
    suggestMapping(headers, rows);
    const start = performance.now();
    suggestMapping(headers, rows);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
