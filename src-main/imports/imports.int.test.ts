import { describe, expect, it } from 'vitest';
import * as SheetJs from 'xlsx';
import { ImportOptions, type ImportSummary } from '@shared/contract/imports';
import { unwrap } from '@shared/errors';
import { context, profiles, type ImportStage } from './testing/import-stage';
import { withImportStage } from './testing/with-import-stage';

const sheet = (rows: unknown[][], bookType: SheetJs.BookType = 'xlsx'): Buffer => {
  const book = SheetJs.utils.book_new(SheetJs.utils.aoa_to_sheet(rows), 'Contacts');
  return Buffer.from(SheetJs.write(book, { type: 'buffer', bookType }) as Uint8Array);
};

const sum = ({ totals }: ImportSummary): number =>
  totals.inserted + totals.updated + totals.skipped + totals.rejected;

describe.each(profiles)('imports on the %s profile', (profile) => {
  let stage: ImportStage;

  withImportStage(profile, (opened) => (stage = opened));

  const importFile = async (
    path: string,
    options: Parameters<ImportStage['start']>[1] = {},
  ): Promise<ImportSummary> => {
    const started = await stage.start(await stage.open(path), options);
    return stage.until(started.id, 'completed', 'failed');
  };

  it('takes a spreadsheet from the file to the contacts', async () => {
    const path = await stage.write(
      'people.xlsx',
      sheet([
        ['Phone', 'Name', 'Email', 'Tags', 'Order ID'],
        ['+966512345678', 'Fatima', 'f@example.com', 'vip; riyadh', 'A-1'],
        ['+966512345679', 'Omar', '', '', 'A-2'],
        ['12', 'Nobody', '', '', 'A-3'],
        ['+966512345678', 'Fatima again', '', '', 'A-4'],
        ['', '', '', '', ''],
      ]),
    );
    const draft = await stage.open(path);
    expect(draft).toMatchObject({ fileName: 'people.xlsx', format: 'xlsx', sheet: 'Contacts', headerRow: 1 });
    expect(draft.columns.map(({ target }) => target)).toEqual([
      { field: 'phone' },
      { field: 'name' },
      { field: 'email' },
      { field: 'tags' },
      { field: 'custom', key: 'order_id' },
    ]);
    const { preview, rows } = await stage.look(draft);
    expect(preview).toMatchObject({ read: 4, valid: 2, duplicates: 1, invalid: 1, existing: 0 });
    expect(rows.find(({ row }) => row === 5)?.reasons[0]).toMatchObject({
      column: 'Phone',
      code: 'duplicate-in-file',
      message: 'Row 2 has the same phone number and comes first.',
    });
    expect(await stage.contacts()).toEqual([]);

    const started = await stage.start(draft, { tags: ['spring'] });
    expect(started.state).toBe('staging');
    const done = await stage.until(started.id, 'completed', 'failed');
    expect(done).toMatchObject({
      state: 'completed',
      totals: { read: 4, staged: 4, inserted: 2, updated: 0, skipped: 1, rejected: 1 },
      jobId: `import-${draft.id}`,
      problem: null,
      createdBy: 'Op',
    });
    expect(await stage.contacts()).toEqual([
      {
        phone: '+966512345678',
        name: 'Fatima',
        email: 'f@example.com',
        tags: ['vip', 'riyadh', 'spring'],
        custom: { order_id: 'A-1' },
        optedOut: false,
      },
      {
        phone: '+966512345679',
        name: 'Omar',
        email: null,
        tags: ['spring'],
        custom: { order_id: 'A-2' },
        optedOut: false,
      },
    ]);
  });

  it('gives the rejected rows back as a spreadsheet that can be mended and dropped again', async () => {
    const path = await stage.write(
      'mixed.csv',
      'Phone,Name,City\r\n0512345678,=HYPERLINK("http://x"),Riyadh\r\nnot a phone,Lina,\r\n+966512345671,Ok,Jeddah\r\n',
    );
    const done = await importFile(path);
    expect(done.totals).toMatchObject({ read: 3, inserted: 1, rejected: 2 });
    const rejected = unwrap(
      await stage.imports.handlers.rejected({ importId: done.id, start: 0, count: 10 }, context(stage)),
    );
    expect(rejected).toMatchObject({ total: 2, headers: ['Phone', 'Name', 'City'] });
    expect(rejected.rows[0]).toMatchObject({
      row: 2,
      cells: ['0512345678', '=HYPERLINK("http://x")', 'Riyadh'],
      reasons: [{ column: 'Phone', code: 'phone-country-unknown' }],
    });

    const download = unwrap(
      await stage.imports.handlers.exportRejected({ importId: done.id }, context(stage)),
    );
    expect(download.fileName).toBe('mixed - rejected.xlsx');
    const offered = stage.files.resolve(download.url);
    expect(stage.files.resolve(download.url)).toBeNull();
    const again = await stage.open(offered?.path ?? '');
    expect(again.head[1]?.cells.slice(0, 4)).toEqual(['0512345678', '=HYPERLINK("http://x")', 'Riyadh', '2']);
    expect(again.head[1]?.cells[4]).toContain('Phone: 0512345678 has no country code');
    expect(again.columns.slice(3).map(({ target }) => target.field)).toEqual(['ignore', 'ignore']);
    const started = await stage.start(again, { defaultCountry: 'SA' });
    const mended = await stage.until(started.id, 'completed', 'failed');
    expect(mended.totals).toMatchObject({ read: 2, inserted: 1, rejected: 1 });
    expect((await stage.contacts())[1]).toMatchObject({
      phone: '+966512345678',
      name: '=HYPERLINK("http://x")',
      custom: { city: 'Riyadh' },
    });
  });

  it('updates, skips or rejects contacts that exist already, as it was told', async () => {
    const first = await stage.write(
      'first.csv',
      'phone,name,email,tags\n+966512345670,Old,o@example.com,a\n',
    );
    await importFile(first);
    const second = await stage.write(
      'second.csv',
      'phone,name,email,tags,city\n+966512345670,New,,b,Riyadh\n',
    );

    expect((await importFile(second, { skipDuplicates: true })).totals).toMatchObject({ skipped: 1 });
    expect((await stage.contacts())[0]).toMatchObject({ name: 'Old', tags: ['a'] });

    const refused = await importFile(second, { skipDuplicates: false });
    expect(refused.totals).toMatchObject({ rejected: 1, read: 1 });
    const { rows } = unwrap(
      await stage.imports.handlers.rejected({ importId: refused.id, start: 0, count: 1 }, context(stage)),
    );
    expect(rows[0]).toMatchObject({
      cells: ['+966512345670', 'New', '', 'b', 'Riyadh'],
      reasons: [{ code: 'already-exists' }],
    });

    expect((await importFile(second, { updateExisting: true })).totals).toMatchObject({ updated: 1 });
    expect((await stage.contacts())[0]).toMatchObject({
      name: 'New',
      email: 'o@example.com',
      tags: ['a', 'b'],
      custom: { city: 'Riyadh' },
    });
    const { rows: images } = await stage.pool.query<{ before_image: unknown }>(
      `SELECT before_image FROM import_rows WHERE state = 'updated'`,
    );
    expect(images[0]?.before_image).toMatchObject({ name: 'Old', tags: ['a'], customFields: {} });
  });

  it('tells that a file was imported before, and maps its columns as the last time', async () => {
    const path = await stage.write('same.csv', 'phone,who knows\n+966512345660,x\n');
    const draft = await stage.open(path);
    expect(draft.sameFile).toBeNull();
    const started = await stage.start(draft, {}, [{ field: 'phone' }, { field: 'name' }]);
    await stage.until(started.id, 'completed');
    const again = await stage.open(path);
    expect(again.sameFile).toMatchObject({ id: started.id });
    expect(again.columns[1]).toMatchObject({ target: { field: 'name' }, confidence: 1 });
    expect(await stage.imports.handlers.discardDraft({ importId: again.id }, context(stage))).toMatchObject({
      ok: true,
    });
  });

  it('keeps cells and headers that are cut in the middle of a character', async () => {
    const header = `${'h'.repeat(199)}😀`;
    const cell = `${'a'.repeat(32_766)}😀`;
    const path = await stage.write('long.csv', `Phone,${header}\n+966512345678,x\n12,${cell}\n`);
    const done = await importFile(path);
    expect(done).toMatchObject({ state: 'completed', totals: { read: 2, inserted: 1, rejected: 1 } });
    const { headers, rows } = unwrap(
      await stage.imports.handlers.rejected({ importId: done.id, start: 0, count: 1 }, context(stage)),
    );
    expect(headers[1]).toBe('h'.repeat(199));
    expect(rows[0]?.cells[1]).toBe('a'.repeat(32_766));
  });

  it('imports contacts that came as JSON by the same rules', async () => {
    const contacts = [
      { phone: '+966512345601', name: 'A', tags: ['x', 'y'], customFields: { company: 'Acme' } },
      { phone: '966512345601', name: 'A again' },
      { phone: 'nonsense' },
      { phone: '+966512345602', email: 'not an address' },
    ];
    const { importId, jobId } = unwrap(
      await stage.imports.service.importContacts(contacts, ImportOptions.parse({}), stage.actor),
    );
    expect(await stage.engine.queue('contact-import').job(jobId)).toMatchObject({
      subject: 'API, 4 contacts · 4 rows',
    });
    const done = await stage.until(importId, 'completed', 'failed');
    expect(done.totals).toMatchObject({ read: 4, inserted: 1, skipped: 1, rejected: 2 });
    expect(await stage.contacts()).toMatchObject([
      { phone: '+966512345601', tags: ['x', 'y'], custom: { company: 'Acme' } },
    ]);
  });

  it('reads the dates of JSON contacts as those of a file: as answered, else as all of them show', async () => {
    const contacts = [
      {
        phone: '+966512345601',
        customFields: { born: '03/04/1990', joined: '03/04/2024', seen: '05/06/2024' },
      },
      {
        phone: '+966512345602',
        customFields: { born: '13/04/1991', joined: '05/06/2024', seen: '25/12/2024' },
      },
    ];
    const options = ImportOptions.parse({ dateOrders: { seen: 'text' } });
    const { service } = stage.imports;
    const { importId } = unwrap(await service.importContacts(contacts, options, stage.actor));
    const done = await stage.until(importId, 'completed', 'failed');
    expect(done.options.dateOrders).toEqual({ seen: 'text', born: 'day-first' });
    expect((await stage.contacts()).map(({ custom }) => custom)).toEqual([
      { born: '1990-04-03', joined: '03/04/2024', seen: '05/06/2024' },
      { born: '1991-04-13', joined: '05/06/2024', seen: '25/12/2024' },
    ]);
  });

  it('keeps a whole story in the stream of changes, with totals that add up', async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => `+9665${10_000_000 + n},Person ${n}`);
    const draft = await stage.open(await stage.write('five.csv', ['phone,name', ...rows].join('\n')));
    const started = await stage.start(draft);
    const seen: ImportSummary[] = [];
    await new Promise<void>((resolve) => {
      void stage.imports.handlers.changes(
        { importId: started.id },
        { next: (value) => seen.push(value), end: () => resolve() },
        context(stage),
      );
    });
    const last = seen.at(-1);
    expect(last).toMatchObject({ state: 'completed', totals: { read: 5_000, inserted: 5_000 } });
    for (const summary of seen) {
      if (summary.totals.read !== null) expect(sum(summary)).toBeLessThanOrEqual(summary.totals.read);
    }
    const { imports } = unwrap(await stage.imports.handlers.list({ limit: 200 }, context(stage)));
    expect(imports[0]?.id).toBe(started.id);
    for (const summary of imports) expect(sum(summary)).toBe(summary.totals.read);
  });
});
