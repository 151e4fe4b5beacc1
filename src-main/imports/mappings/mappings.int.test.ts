import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Mapping } from '@shared/contract/imports';
import { MappingId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import type { AuditRecord } from '../../activity/audit';
import { context, profiles, type ImportStage } from '../testing/import-stage';
import { withImportStage } from '../testing/with-import-stage';
import { createMappings, type Mappings } from './mappings';

const HEADERS = ['Tel', 'Vorname', 'Nachname', 'Kundennummer'];
const MAPPING: Mapping = [
  { field: 'phone' },
  { field: 'name' },
  { field: 'name' },
  { field: 'custom', key: 'customer no' },
];
const FILE = `${HEADERS.join(',')}\n+966512345678,Sara,Al-Harbi,K-1\n`;

describe.each(profiles)('saved mappings on the %s profile', (profile) => {
  let stage: ImportStage;
  let mappings: Mappings;
  const audited: AuditRecord[] = [];

  withImportStage(profile, (opened) => {
    stage = opened;
    const audit = (record: AuditRecord): Promise<void> => {
      audited.push(record);
      return Promise.resolve();
    };
    mappings = createMappings({ database: stage.database, audit });
  });
  beforeEach(() => {
    audited.length = 0;
  });

  const open = async (name = 'people.csv') => stage.open(await stage.write(name, FILE));

  it('are made when an import starts, applied to the next file, and say what would be suggested', async () => {
    const draft = await open();
    expect(draft.remembered).toBeNull();
    const suggested = draft.columns.map(({ target }) => target);
    await stage.start(draft, { defaultCountry: 'SA' }, MAPPING);
    await stage.until(draft.id, 'completed');
    // Several columns go into the name, in the order of the file.
    expect((await stage.contacts())[0]).toMatchObject({
      name: 'Sara Al-Harbi',
      custom: { 'customer no': 'K-1' },
    });
    const again = await open('again.csv');
    expect(again.columns.map(({ target }) => target)).toEqual(MAPPING);
    expect(again.options.defaultCountry).toBe('SA');
    expect(again.remembered).toMatchObject({ uses: 1, usedAt: expect.any(String) as string });
    expect(again.remembered?.suggested.map(({ target }) => target)).toEqual(suggested);
    await stage.start(again, {}, MAPPING);
    await stage.until(again.id, 'completed');
    expect(await mappings.list(stage.actor)).toMatchObject([
      { headers: HEADERS, mapping: MAPPING, defaultCountry: 'SA', uses: 2 },
    ]);
  });

  it('join the name in the order of the columns, whatever the order of their names', async () => {
    const draft = await stage.open(
      await stage.write('order.csv', 'Last,Phone,First,Title\nAl-Harbi,+966512345678,Sara,Dr.\n'),
    );
    const name = { field: 'name' } as const;
    await stage.start(draft, {}, [name, { field: 'phone' }, name, name]);
    await stage.until(draft.id, 'completed');
    expect((await stage.contacts())[0]?.name).toBe('Al-Harbi Sara Dr.');
  });

  it('are saved without an import, edited and forgotten, and each is written down', async () => {
    const saved = unwrap(await mappings.save({ headers: HEADERS, mapping: MAPPING }, stage.actor));
    expect(saved).toMatchObject({ headers: HEADERS, uses: 0, usedAt: null, defaultCountry: null });
    const withCountry = { headers: HEADERS, mapping: MAPPING, defaultCountry: 'DE' };
    expect(unwrap(await mappings.save(withCountry, stage.actor)).id).toBe(saved.id);
    const edited: Mapping = [...MAPPING.slice(0, 3), { field: 'ignore' }];
    expect(unwrap(await mappings.save({ headers: HEADERS, mapping: edited }, stage.actor))).toEqual({
      ...saved,
      mapping: edited,
      // Not said: it stays.
      defaultCountry: 'DE',
    });
    expect((await open()).columns.map(({ target }) => target)).toEqual(edited);
    expect(unwrap(await mappings.forget(saved.id, stage.actor))).toEqual({});
    expect(await mappings.list(stage.actor)).toEqual([]);
    expect((await open()).remembered).toBeNull();
    expect(audited.map(({ action }) => action)).toEqual([
      ...['mappings.save', 'mappings.save', 'mappings.save', 'mappings.forget'],
    ]);
    expect(audited.every(({ target }) => target === saved.id)).toBe(true);
  });

  it('are those of one organization, and must be usable', async () => {
    const saved = unwrap(await mappings.save({ headers: HEADERS, mapping: MAPPING }, stage.actor));
    const stranger = { ...stage.actor, organizationId: randomUUID() };
    expect(await mappings.list(stranger)).toEqual([]);
    expect(await mappings.forget(saved.id, stranger)).toMatchObject({ error: { code: 'not_found' } });
    expect(await mappings.forget(MappingId.parse(randomUUID()), stage.actor)).toMatchObject({
      error: { code: 'not_found' },
    });
    const refuse = async (mapping: Mapping, message: string): Promise<void> =>
      expect(await mappings.save({ headers: HEADERS, mapping }, stage.actor)).toMatchObject({
        error: { code: 'invalid_input', message: expect.stringContaining(message) as string },
      });
    await refuse(MAPPING.slice(1), 'each column needs one');
    await refuse([{ field: 'name' }, ...MAPPING.slice(1)], 'phone number');
    await refuse([...MAPPING.slice(0, 3), { field: 'custom', key: 'email' }], 'of the contact itself');
    const listed = unwrap(await stage.imports.handlers.savedMappings({}, context(stage)));
    expect(listed.mappings).toEqual([saved]);
  });
});
