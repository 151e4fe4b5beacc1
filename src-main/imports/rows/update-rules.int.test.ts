import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportOptions, Mapping } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { context, profiles, type ImportStage } from '../testing/import-stage';
import { withImportStage } from '../testing/with-import-stage';

const FULL = '+966512345671';
const EMPTY = '+966512345672';
const MAPPING: Mapping = [
  { field: 'phone' },
  { field: 'name' },
  { field: 'email' },
  { field: 'tags' },
  { field: 'custom', key: 'city' },
  { field: 'custom', key: 'order' },
];
const FILLED = ['New', 'new@example.com', 'new', 'Jeddah', 'B-2'];
const BLANK = ['', '', '', '', ''];

describe.each(profiles)('rules for contacts that exist on the %s profile', (profile) => {
  let stage: ImportStage;
  let files = 0;

  withImportStage(profile, (opened) => (stage = opened));
  beforeEach(async () => {
    await stage.pool.query(
      `INSERT INTO contacts (organization_id, phone, name, email, tags, custom_fields, opted_out_at)
       VALUES ($1, $2, 'Old', 'old@example.com', '{old}', '{"city": "Riyadh", "order": "A-1", "own": 7}', now()),
              ($1, $3, NULL, NULL, '{}', '{"city": ""}', NULL)`,
      [stage.actor.organizationId, FULL, EMPTY],
    );
  });

  /** Imports this row for both contacts. */
  const update = async (
    row: readonly string[],
    options: Partial<ImportOptions>,
    mapping: Mapping = MAPPING,
  ): Promise<ImportId> => {
    files += 1;
    const lines = [FULL, EMPTY].map((phone) => [phone, ...row].join(','));
    const draft = await stage.open(
      await stage.write(`rules-${files}.csv`, ['Phone,Name,Email,Tags,City,Order', ...lines].join('\n')),
    );
    const { id } = await stage.start(draft, { ...options, updateExisting: true }, mapping);
    const { totals } = await stage.until(id, 'completed', 'failed');
    expect(totals).toMatchObject({ read: 2, updated: 2 });
    return id;
  };
  const contacts = async () => {
    const [full, empty] = await stage.contacts();
    return { full, empty };
  };
  const all = (rule: 'overwrite' | 'fill' | 'keep'): ImportOptions['updateRules'] => ({
    ...{ name: rule, email: rule, tags: rule, 'custom:city': rule, 'custom:order': rule },
  });
  const NEW = { name: 'New', email: 'new@example.com', custom: { city: 'Jeddah', order: 'B-2' } };

  it('overwrites, and adds tags, unless told otherwise', async () => {
    await update(FILLED, {});
    const { full, empty } = await contacts();
    expect(full).toMatchObject({ ...NEW, tags: ['old', 'new'], custom: { ...NEW.custom, own: 7 } });
    expect(empty).toMatchObject({ ...NEW, tags: ['new'] });
  });

  it('replaces tags where they are overwritten', async () => {
    await update(FILLED, { updateRules: { tags: 'overwrite' } });
    expect((await contacts()).full).toMatchObject({ tags: ['new'] });
  });

  it('fills only what is not there', async () => {
    const before = await contacts();
    await update(FILLED, { updateRules: all('fill'), blanksOverwrite: true });
    const { full, empty } = await contacts();
    expect(full).toEqual(before.full);
    expect(empty).toMatchObject({ ...NEW, tags: ['new'] });
  });

  it('keeps what is to be kept, filled or not', async () => {
    const before = await contacts();
    await update(FILLED, { updateRules: all('keep') });
    await update(BLANK, { updateRules: all('keep'), blanksOverwrite: true });
    expect(await contacts()).toEqual(before);
  });

  it('leaves alone what a blank cell does not concern', async () => {
    const before = await contacts();
    await update(BLANK, { updateRules: { ...all('overwrite'), tags: 'overwrite' } });
    expect(await contacts()).toEqual(before);
  });

  it('writes no contact again that its row says nothing new of', async () => {
    /** Another one for each time that a contact is written. */
    const versions = async (): Promise<(string | undefined)[]> => {
      const { rows } = await stage.pool.query<{ version: string }>(
        'SELECT xmin::text AS version FROM contacts ORDER BY phone',
      );
      return rows.map(({ version }) => version);
    };
    await update(FILLED, {});
    const [full, empty] = await versions();
    await update(FILLED, {});
    expect(await versions()).toEqual([full, empty]);
    // That somebody opts out is new, also where all else is known.
    const optOut: Mapping = [...MAPPING.slice(0, 5), { field: 'optOut' }];
    await update([...FILLED.slice(0, 4), 'yes'], {}, optOut);
    expect(await versions()).toEqual([full, expect.not.stringMatching(`^${empty}$`)]);
    expect(await contacts()).toMatchObject({ full: { optedOut: true }, empty: { optedOut: true } });
  });

  it('empties by blanks what is overwritten, and nothing that no column becomes', async () => {
    await update(BLANK, {
      blanksOverwrite: true,
      updateRules: { tags: 'overwrite', 'custom:order': 'fill' },
    });
    expect((await contacts()).full).toMatchObject({
      ...{ name: null, email: null, tags: [], custom: { order: 'A-1', own: 7 } },
      // Nobody is written to again because a cell is blank.
      optedOut: true,
    });
    const onlyPhones: Mapping = MAPPING.map((target) =>
      target.field === 'phone' ? target : { field: 'ignore' },
    );
    const before = await contacts();
    await update(BLANK, { blanksOverwrite: true, updateRules: { tags: 'overwrite' } }, onlyPhones);
    expect(await contacts()).toEqual(before);
  });

  it('gives the tags of the import to everybody, whatever the rule for the tags of the file', async () => {
    for (const [rule, cell, expected] of [
      ['keep', 'new', ['old', 'spring']],
      ['fill', 'new', ['old', 'spring']],
      ['overwrite', '', ['old', 'spring']],
      // The cell names what the import gives anyway: it replaces all the same.
      ['overwrite', 'spring', ['spring']],
      ['add', 'new', ['old', 'new', 'spring']],
    ] as const) {
      await stage.pool.query(`UPDATE contacts SET tags = '{old}'`);
      await update(['', '', cell, '', ''], { tags: ['spring'], updateRules: { tags: rule } });
      expect((await contacts()).full?.tags, `${rule} “${cell}”`).toEqual(expected);
    }
  });

  it('takes every kind of update back exactly', async () => {
    const before = await contacts();
    for (const rule of ['overwrite', 'fill', 'keep'] as const) {
      for (const row of [FILLED, BLANK]) {
        const importId = await update(row, {
          ...{ updateRules: all(rule), blanksOverwrite: true, tags: ['spring'] },
        });
        unwrap(await stage.imports.handlers.undo({ importId }, context(stage)));
        const undo = async () => unwrap(await stage.imports.handlers.get({ importId }, context(stage))).undo;
        await expect.poll(async () => (await undo())?.finishedAt, { timeout: 20_000 }).not.toBeNull();
        expect(await undo()).toMatchObject({ removed: 0, restored: 2, kept: 0 });
        expect(await contacts()).toEqual(before);
      }
    }
  });

  it('refuses rules that cannot be followed, by name', async () => {
    const draft = await stage.open(await stage.write('refused.csv', `Phone,Name\n${FULL},X\n`));
    await expect(stage.start(draft, { updateRules: { name: 'add' } })).rejects.toMatchObject({
      error: { code: 'invalid_input', issues: [{ path: 'options.updateRules.name' }] },
    });
    await expect(stage.start(draft, { updateRules: { 'custom:town': 'keep' } })).rejects.toMatchObject({
      error: { code: 'invalid_input', issues: [{ path: 'options.updateRules.custom:town' }] },
    });
    const refused = await stage.imports.service.importContacts(
      [{ phone: FULL }],
      { ...draft.options, updateRules: { email: 'add' } },
      stage.actor,
    );
    expect(refused).toMatchObject({
      error: { code: 'invalid_input', issues: [{ path: 'importOptions.updateRules.email' }] },
    });
  });

  it('lets a contact that comes as JSON empty nothing that none of them names', async () => {
    const { importId } = unwrap(
      await stage.imports.service.importContacts(
        [{ phone: FULL, email: '' }, { phone: EMPTY }],
        {
          ...(await stage.open(await stage.write('defaults.csv', 'Phone\n1\n'))).options,
          ...{ updateExisting: true, blanksOverwrite: true },
        },
        stage.actor,
      ),
    );
    await stage.until(importId, 'completed');
    expect((await contacts()).full).toMatchObject({ name: 'Old', email: null, tags: ['old'] });
  });
});
