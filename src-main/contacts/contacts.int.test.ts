import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContactId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { context, openImportStage, profiles, type ImportStage } from '../imports/testing/import-stage';
import { createContactHandlers } from './handlers';
import { createContactService } from './service';

describe.each(profiles)('contacts on the %s profile', (profile) => {
  let stage: ImportStage;
  let worker: { shutdown: () => Promise<void> };
  let handlers: ReturnType<typeof createContactHandlers>;
  beforeAll(async () => {
    stage = await openImportStage(profile);
    worker = await stage.startWorker();
    handlers = createContactHandlers(
      createContactService({ database: stage.database, audit: () => Promise.resolve() }),
    );
    const lines = [
      'Phone,Name,Email,Tags,City,Unsubscribed',
      '+966512345601,Fatima Al-Harbi,fatima@example.com,vip;riyadh,Riyadh,',
      '+966512345602,Omar 100% Sure,omar@example.com,vip,,',
      '+4917604069012,Jürgen Fatah,j@example.org,,Berlin,yes',
      ...Array.from({ length: 60 }, (_, n) => `+9665555000${10 + n},Person ${n},,bulk,,`),
    ];
    const draft = await stage.open(await stage.write('people.csv', lines.join('\n')));
    await stage.start(draft);
    await stage.until(draft.id, 'completed', 'failed');
  }, 60_000);
  afterAll(async () => {
    await worker.shutdown();
    await stage.close();
  });

  const find = async (filter: Record<string, unknown>): Promise<(string | null)[]> => {
    const { contacts, total } = unwrap(await handlers.list({ limit: 100, ...filter }, context(stage)));
    expect(total).toBe(contacts.length);
    return contacts.map(({ name }) => name).sort();
  };

  it('are found by the beginning of a name’s words, a phone or an email', async () => {
    expect(await find({ search: 'fat' })).toEqual(['Fatima Al-Harbi', 'Jürgen Fatah']);
    expect(await find({ search: '  JÜR' })).toEqual(['Jürgen Fatah']);
    expect(await find({ search: 'atima' })).toEqual([]);
    expect(await find({ search: '00966 51-234' })).toEqual(['Fatima Al-Harbi', 'Omar 100% Sure']);
    expect(await find({ search: 'omar@ex' })).toEqual(['Omar 100% Sure']);
    expect(await find({ search: '100%' })).toEqual(['Omar 100% Sure']);
    expect(await find({ search: '%' })).toEqual([]);
  });

  it('are told apart from one that gets the same number at the very moment', async () => {
    const [person] = unwrap(await handlers.list({ limit: 1, search: 'person 7' }, context(stage))).contacts;
    if (person === undefined) throw new Error('Person 7 is there');
    const phone = '+966512345688';
    const other = await stage.pool.connect();
    await other.query('BEGIN');
    await other.query('INSERT INTO contacts (organization_id, phone) VALUES ($1, $2)', [
      stage.actor.organizationId,
      phone,
    ]);
    const correcting = handlers.update({ contactId: person.id, phone }, context(stage));
    // It has looked for the number by then, and waits for the other one's end.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await other.query('COMMIT');
    other.release();
    expect(await correcting).toMatchObject({ ok: false, error: { code: 'conflict' } });
    await stage.pool.query('DELETE FROM contacts WHERE phone = $1', [phone]);
  });

  it('are corrected for good, and that is taken back', async () => {
    const [omar] = unwrap(await handlers.list({ limit: 10, search: 'omar' }, context(stage))).contacts;
    if (omar === undefined) throw new Error('Omar is there');
    const update = (patch: object) => handlers.update({ contactId: omar.id, ...patch }, context(stage));
    const fixed = unwrap(
      await update({ phone: '+966 51 234 5699', name: 'Omar', email: '', fields: { city: 'Jeddah' } }),
    );
    expect(fixed.contact).toMatchObject({
      ...{ phone: '+966512345699', name: 'Omar', email: null },
      customFields: { city: 'Jeddah' },
    });
    expect(await update({ phone: '+966512345601' })).toMatchObject({ error: { code: 'conflict' } });
    expect(await update({ phone: '12', email: 'nobody' })).toMatchObject({
      error: { issues: [{ path: 'phone' }, { path: 'email' }] },
    });
    const back = unwrap(await update(fixed.before));
    expect({ ...back.contact, updatedAt: omar.updatedAt }).toEqual(omar);
  });

  it('are narrowed down by tags, import and opt-out', async () => {
    expect(await find({ tags: ['vip', 'riyadh'] })).toEqual(['Fatima Al-Harbi']);
    expect(await find({ optedOut: true })).toEqual(['Jürgen Fatah']);
    const { contacts } = unwrap(await handlers.list({ limit: 1 }, context(stage)));
    expect(await find({ importId: contacts[0]?.importId })).toHaveLength(63);
    expect(unwrap(await handlers.tags({}, context(stage))).tags).toEqual([
      { tag: 'bulk', contacts: 60 },
      { tag: 'vip', contacts: 2 },
      { tag: 'riyadh', contacts: 1 },
    ]);
    expect(unwrap(await handlers.fields({}, context(stage))).fields).toEqual(['city']);
  });

  it('come page by page, each once, although they were made in the same moment', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = unwrap(
        await handlers.list({ limit: 25, ...(cursor === undefined ? {} : { cursor }) }, context(stage)),
      );
      expect(page.total).toBe(63);
      seen.push(...page.contacts.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(63);
    expect(seen).toHaveLength(63);
    expect(await handlers.list({ limit: 1, cursor: 'x' }, context(stage))).toMatchObject({
      ok: false,
      error: { code: 'invalid_input' },
    });
  });

  it('opt out of every channel and in again, and tell their history', async () => {
    const { contacts } = unwrap(await handlers.list({ search: 'fatima', limit: 1 }, context(stage)));
    const contactId = contacts[0]?.id ?? ContactId.parse('');
    const suppressed = async (): Promise<string[]> => {
      const { rows } = await stage.pool.query<{ address: string }>(
        'SELECT address FROM suppressions ORDER BY address',
      );
      return rows.map(({ address }) => address);
    };
    // The file said so of one of them.
    expect(await suppressed()).toEqual(['+4917604069012', 'j@example.org']);
    await handlers.setOptOut({ contactId, optedOut: true }, context(stage));
    expect(await suppressed()).toEqual([
      '+4917604069012',
      '+966512345601',
      'fatima@example.com',
      'j@example.org',
    ]);
    const { contact, history } = unwrap(await handlers.get({ contactId }, context(stage)));
    expect(contact.optedOutAt).not.toBeNull();
    expect(history).toMatchObject([
      { what: 'opted-out', title: 'Opted out' },
      { what: 'created', title: 'Imported', detail: 'people.csv' },
    ]);
    unwrap(await handlers.setOptOut({ contactId, optedOut: false }, context(stage)));
    expect(await suppressed()).toHaveLength(2);
  });

  it('of another organization are not there', async () => {
    const { contacts } = unwrap(await handlers.list({ limit: 1 }, context(stage)));
    const stranger = { ...stage.actor, organizationId: '00000000-0000-4000-8000-000000000000' };
    const asStranger = { actor: stranger, signal: new AbortController().signal };
    expect(unwrap(await handlers.list({ limit: 10 }, asStranger)).total).toBe(0);
    const contactId = contacts[0]?.id ?? ContactId.parse('');
    expect(await handlers.get({ contactId }, asStranger)).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});
