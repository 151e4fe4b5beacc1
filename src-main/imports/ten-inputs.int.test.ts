import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as SheetJs from 'xlsx';
import type {
  ImportDraft,
  ImportOptions,
  ImportPreview,
  Mapping,
  PreviewRow,
} from '@shared/contract/imports';
import { openImportStage, profiles, type ImportStage } from './testing/import-stage';

const book = (rows: unknown[][], options: SheetJs.WritingOptions = {}, date1904 = false): Buffer => {
  const workbook = SheetJs.utils.book_new(SheetJs.utils.aoa_to_sheet(rows, { UTC: true }), 'Contacts');
  if (date1904) workbook.Workbook = { WBProps: { date1904: true } };
  return Buffer.from(SheetJs.write(workbook, { type: 'buffer', bookType: 'xlsx', ...options }) as Uint8Array);
};

/** The ten inputs of the import design that must come out right, from the file to the contacts. */
describe.each(profiles)('the ten inputs on the %s profile', (profile) => {
  let stage: ImportStage;
  let worker: { shutdown: () => Promise<void> };
  beforeAll(async () => {
    stage = await openImportStage(profile);
    worker = await stage.startWorker();
  }, 60_000);
  afterAll(async () => {
    await worker.shutdown();
    await stage.close();
  });
  beforeEach(async () => {
    await stage.database.deleteFrom('contacts').execute();
    await stage.database.deleteFrom('saved_mappings').execute();
  });

  const run = async (
    file: { readonly name: string; readonly content: string | Buffer },
    chosen: Partial<ImportOptions> = {},
    given?: Mapping,
  ): Promise<{ draft: ImportDraft; preview: ImportPreview; rows: PreviewRow[] }> => {
    const draft = await stage.open(await stage.write(file.name, file.content));
    const { preview, rows } = await stage.look(draft, chosen, given);
    await stage.start(draft, chosen, given);
    const { totals } = await stage.until(draft.id, 'completed', 'failed');
    // What the preview promised is what was done.
    expect(totals).toMatchObject({
      read: preview.read,
      inserted: preview.fates.create,
      updated: preview.fates.update,
      rejected: preview.fates.reject,
      skipped: preview.fates.skip,
    });
    return { draft, preview, rows };
  };
  const phones = async (): Promise<string[]> => (await stage.contacts()).map(({ phone }) => phone);

  it('1: restores the + of a numeric cell, and says so', async () => {
    const { rows } = await run({
      name: '1.xlsx',
      content: book([
        ['Phone', 'Name'],
        [966512345678, 'A'],
      ]),
    });
    expect(rows[0]).toMatchObject({ phone: '+966512345678', notes: ['+ restored'] });
    expect(await phones()).toEqual(['+966512345678']);
  });

  it('2: rejects digits that Excel has lost, and never expands them', async () => {
    const content = book([
      ['Phone', 'Name'],
      ['9.66512E+11', 'A'],
      [9.66512345678123e17, 'B'],
    ]);
    const { preview } = await run({ name: '2.xlsx', content }, { defaultCountry: 'SA' });
    expect(preview.byReason).toMatchObject([{ code: 'phone-digits-lost', rows: 2 }]);
    expect(preview.byReason[0]?.message).toContain('digits lost in Excel');
    expect(await phones()).toEqual([]);
  });

  it('3: reads prefixes, brackets, Arabic digits and no-break spaces as one number', async () => {
    const rows = ['00966512345678', '(05) 1234-5678', '٠٥١٢٣٤٥٦٧٨', '+966\u00a051\u00a0234\u00a05678'];
    const content = ['Phone;Name', ...rows.map((phone, n) => `${phone};${n}`)].join('\n');
    const { preview } = await run({ name: '3.csv', content }, { defaultCountry: 'SA' });
    expect(preview).toMatchObject({ valid: 1, duplicates: 3, invalid: 0 });
    expect(await phones()).toEqual(['+966512345678']);
  });

  it('4: takes a number without its zero only by the default country, and shows it', async () => {
    const content = 'Phone,Name\n512345678,A\n';
    const alone = await run({ name: '4a.csv', content });
    expect(alone.preview.byReason[0]?.code).toBe('phone-country-unknown');
    const helped = await run({ name: '4b.csv', content }, { defaultCountry: 'SA' });
    expect(helped.rows[0]?.notes).toEqual(['Read as a number of the default country']);
    expect(await phones()).toEqual(['+966512345678']);
  });

  it('5: makes one contact of three spellings, and cites the row that won', async () => {
    const content = 'Phone,Name\n+966512345678,First\n00966512345678,Second\n0512345678,Third\n';
    const { rows } = await run({ name: '5.csv', content }, { defaultCountry: 'SA' });
    expect(rows.filter(({ outcome }) => outcome === 'duplicate')).toMatchObject([
      { row: 3, reasons: [{ message: 'Row 2 has the same phone number and comes first.' }] },
      { row: 4, reasons: [{ message: 'Row 2 has the same phone number and comes first.' }] },
    ]);
    expect(await stage.contacts()).toMatchObject([{ name: 'First' }]);
  });

  it('5b: a rejected row does not win over a later good one', async () => {
    const content = 'Phone,Email\n+966512345678,not an address\n+966512345678,a@example.com\n';
    await run({ name: '5b.csv', content });
    expect(await stage.contacts()).toMatchObject([{ email: 'a@example.com' }]);
  });

  it('6: finds the header below titles, names blank and double ones, counts no blank rows', async () => {
    const content = book([
      ['Customers 2024'],
      [],
      ['Phone', 'Name', 'City', 'City', ''],
      ['+966512345678', 'A', 'Riyadh', 'Jeddah', 'x'],
      [],
      ['+966512345679', 'B', '', '', ''],
      ['', '', '', '', ''],
      [' ', null, '', '', ''],
    ]);
    const { draft, preview } = await run({ name: '6.xlsx', content });
    expect(draft.headerRow).toBe(3);
    expect(draft.columns.map(({ header }) => header)).toEqual([
      'Phone',
      'Name',
      'City',
      'City (2)',
      'Column 5',
    ]);
    expect(preview).toMatchObject({ read: 2, valid: 2 });
    expect((await stage.contacts())[0]?.custom).toMatchObject({ city: 'Riyadh' });
  });

  it.each([
    [
      'Windows-1252 with semicolons',
      'csv, Windows-1252, semicolon',
      Buffer.from('Phone;Name\r\n+4917604069012;J\xfcrgen Gro\xdf\r\n', 'latin1'),
    ],
    [
      'UTF-16 with tabs',
      'tsv, UTF-16, tab',
      Buffer.from('\ufeffPhone\tName\r\n+4917604069012\tJürgen Groß\r\n', 'utf16le'),
    ],
    ['a byte order mark', 'csv, UTF-8, comma', Buffer.from('\ufeffPhone,Name\n+4917604069012,Jürgen Groß\n')],
    [
      'a sep= line',
      'csv, UTF-8, semicolon',
      Buffer.from('sep=;\r\nPhone;Name\r\n+4917604069012;Jürgen Groß\r\n'),
    ],
  ])('7: reads %s with the right characters', async (name, format, content) => {
    const { draft } = await run({ name: `7 ${name}.txt`, content });
    expect(draft.format).toBe(format);
    expect(draft.columns.map(({ header }) => header)).toEqual(['Phone', 'Name']);
    expect(await stage.contacts()).toMatchObject([{ phone: '+4917604069012', name: 'Jürgen Groß' }]);
  });

  it('7b: notices the first foreign letter behind 64 KB of plain ones', async () => {
    const plain = Array.from({ length: 3_000 }, (_, n) => `+9665${10_000_000 + n},Person ${n}`);
    const content = Buffer.from(['Phone,Name', ...plain, '+4917604069012,J\xfcrgen'].join('\n'), 'latin1');
    const { draft } = await run({ name: '7b.csv', content });
    expect(draft.format).toBe('csv, Windows-1252, comma');
    expect((await stage.contacts())[0]).toMatchObject({ name: 'Jürgen' });
  });

  it.each([false, true])(
    '8: reads dates as ISO text (1904: %s) and leaves written ones as they are',
    async (is1904) => {
      const content = book(
        [
          ['Phone', 'Joined', 'Written'],
          // 3 April 2024 as a serial of either calendar; SheetJS writes numbers as they are.
          ['+966512345678', { t: 'n', v: is1904 ? 43_923 : 45_385, z: 'yyyy-mm-dd' }, '03/04/2024'],
        ],
        {},
        is1904,
      );
      const given: Mapping = [
        { field: 'phone' },
        { field: 'custom', key: 'joined' },
        { field: 'custom', key: 'written' },
      ];
      await run({ name: `8 ${String(is1904)}.xlsx`, content }, {}, given);
      expect((await stage.contacts())[0]?.custom).toEqual({ joined: '2024-04-03', written: '03/04/2024' });
    },
  );

  it('8: the whole column says how its dates are written; where it cannot, somebody is asked', async () => {
    const mapping: Mapping = [
      { field: 'phone' },
      { field: 'custom', key: 'born' },
      { field: 'custom', key: 'joined' },
    ];
    const content = [
      'Phone,Born,Joined',
      '+966512345678,03/04/1990,03/04/2024',
      '+966512345679,13/04/1991,05/06/2024',
    ].join('\n');
    const { preview } = await run({ name: '8b.csv', content }, {}, mapping);
    expect(preview.dates).toEqual([
      { key: 'born', finding: 'day-first', example: '13/04/1991' },
      { key: 'joined', finding: 'ambiguous', example: '03/04/2024' },
    ]);
    expect((await stage.contacts()).map(({ custom }) => custom)).toEqual([
      { born: '1990-04-03', joined: '03/04/2024' },
      { born: '1991-04-13', joined: '05/06/2024' },
    ]);
    const answered = { dateOrders: { born: 'text', joined: 'month-first' } as const, updateExisting: true };
    await run({ name: '8c.csv', content }, answered, mapping);
    expect((await stage.contacts())[0]?.custom).toEqual({ born: '03/04/1990', joined: '2024-03-04' });
  });

  it('10: keeps a formula-like text as text', async () => {
    const content = book([
      ['Phone', 'Name'],
      ['+966512345678', '=HYPERLINK("http://x")'],
    ]);
    await run({ name: '10.xlsx', content });
    expect(await stage.contacts()).toMatchObject([{ name: '=HYPERLINK("http://x")' }]);
  });

  it.each(['xls', 'xlsb', 'ods', 'xlsx', 'xlml'] as const)(
    'reads the same contacts from .%s',
    async (bookType) => {
      const rows = [
        ['Phone', 'Name', 'Order ID', 'Amount', 'Paid', 'Day'],
        ['+966512345678', 'Åsa & <Bo>', '00123', 12.5, true, new Date(Date.UTC(2024, 1, 29))],
        [966512345679, 'محمد', 'A-2', 1e15, false, null],
      ];
      await run({ name: `same.${bookType}`, content: book(rows, { bookType, compression: true }) });
      expect(await stage.contacts()).toMatchObject([
        {
          phone: '+966512345678',
          name: 'Åsa & <Bo>',
          custom: { order_id: '00123', amount: '12.5', paid: 'true', day: '2024-02-29' },
        },
        {
          phone: '+966512345679',
          name: 'محمد',
          custom: { order_id: 'A-2', amount: '1000000000000000', paid: 'false' },
        },
      ]);
    },
  );
});
