import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContactConditions, type Audience, type RecipientFilter } from '@shared/contract/audiences';
import { Message } from '@shared/contract/campaigns';
import { DraftId, type ContactId } from '@shared/domain/ids';
import { templateParameterProblems } from '@shared/domain/whatsapp-parameters';
import { unwrap } from '@shared/errors';
import {
  addContacts,
  detailOf,
  openStage,
  profiles,
  statesOf,
  type Stage,
} from '../../../e2e/fixtures/campaign-stage';
import { SET_UP_MS } from '../../database/testing/databases';
import { prepareMessage } from '../message';
import { createAudienceHandlers } from './handlers';
import { createAudienceRepository } from './repository';

describe.each(profiles)('the pre-flight on the %s profile', (profile) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(profile);
  }, SET_UP_MS);
  afterAll(() => stage.close());

  const context = () => ({ actor: stage.actor, signal: new AbortController().signal });
  const never = () => Promise.reject(new Error('not in this test'));
  const audiences = () =>
    createAudienceHandlers({
      database: stage.database,
      spreadsheets: { inspect: never, list: never },
      files: { uploaded: () => null, release: never },
    });
  const text = (body: string) => Message.parse({ channel: 'whatsapp', body });
  const those = (contacts: readonly { readonly id: ContactId }[]): Audience => ({
    kind: 'contacts',
    contactIds: contacts.map(({ id }) => id),
  });
  const where = (conditions: Partial<ContactConditions>): Audience => ({
    kind: 'filter',
    where: ContactConditions.parse(conditions),
    excludeTags: [],
  });
  const preview = async (audience: Audience, body: string, draftId?: DraftId) =>
    unwrap(
      await stage.campaigns.handlers.preview(
        { audience, message: text(body), limit: 30, draftId },
        context(),
      ),
    );
  const preflight = async (audience: Audience, body: string, draftId?: DraftId) => {
    const found = (await preview(audience, body, draftId)).preflight;
    if (found === null) throw new Error('it compiles');
    return found;
  };
  const list = async (audience: Audience, body: string, filter: RecipientFilter, draftId?: DraftId) =>
    unwrap(
      await stage.campaigns.handlers.recipients(
        { audience, message: text(body), filter, start: 0, count: 100, draftId },
        context(),
      ),
    );
  const paste = async (pasted: string) =>
    unwrap(await audiences().paste({ text: pasted, defaultCountry: 'SA' }, context()));
  const matched = async (audience: Audience) => (await preflight(audience, 'Hi')).matched;

  it('counts each of an audience once, and launches exactly whom it names', async () => {
    const contacts = await addContacts(stage, 60, (n) => ({
      custom: n % 6 === 0 ? {} : { order_id: `O-${n}`, note: n % 10 === 1 ? 'x'.repeat(4_090) : 'short' },
      optedOut: n >= 50,
    }));
    const body = 'Order {{order_id}}: {{note|none}}';
    const found = await preflight(those(contacts), body);
    expect(found).toMatchObject({ matched: 60, dropped: { opted_out: 10 }, reach: 36 });
    expect(found.problems).toEqual([
      { problem: 'missing_value', variable: 'order_id', recipients: 9 },
      { problem: 'too_long', variable: null, recipients: 5 },
    ]);
    const launched = unwrap(
      await stage.campaigns.handlers.launch(
        {
          ...{ name: 'Exactly', audience: those(contacts), message: text(body), priority: 1 },
          ...{ missing: 'skip', expected: found, canary: false, stopAtFailureShare: null },
        },
        context(),
      ),
    );
    expect(launched).toMatchObject({ recipients: found.reach, skipped: 14 });
    const reached = await list(those(contacts), body, { show: 'reached' });
    const { rows } = await stage.pool.query<{ recipient: string; parameters: unknown }>(
      `SELECT recipient, parameters FROM deliveries WHERE campaign_id = $1 AND state = 'pending' ORDER BY recipient`,
      [launched.campaignId],
    );
    const expected = reached.rows.map(({ recipient, values }) => ({ recipient, parameters: values }));
    expect(rows).toEqual(expected.sort((a, b) => (a.recipient < b.recipient ? -1 : 1)));
  });

  it('refuses to send where something has changed since it was looked at', async () => {
    const contacts = await addContacts(stage, 5, () => ({ custom: { order_id: 'O-1' } }));
    const body = 'Order {{order_id}}';
    const expected = await preflight(those(contacts), body);
    const launch = () =>
      stage.campaigns.handlers.launch(
        {
          ...{ name: 'Changed', audience: those(contacts), message: text(body), priority: 1 },
          ...{ missing: 'refuse', expected, canary: false, stopAtFailureShare: null },
        },
        context(),
      );
    await stage.pool.query(`UPDATE contacts SET custom_fields = '{"order_id": "O-2"}' WHERE id = $1`, [
      contacts[0]?.id,
    ]);
    expect(await launch()).toMatchObject({ error: { code: 'conflict' } });
    await stage.pool.query('UPDATE contacts SET opted_out_at = now() WHERE id = $1', [contacts[0]?.id]);
    expect(await launch()).toMatchObject({
      error: { message: expect.stringContaining('4 recipients now, and not to 5') as string },
    });
    const { rows } = await stage.pool.query(`SELECT 1 FROM campaigns WHERE name = 'Changed'`);
    expect(rows).toEqual([]);
  });

  it('takes a pasted list: known ones matched, unknown ones written to, doubles and nonsense dropped', async () => {
    const [known, gone, blocked] = await addContacts(stage, 3, (n) => ({
      name: ['Known', 'Gone', 'Blocked'][n] ?? null,
      optedOut: n === 1,
      tags: n === 0 ? ['pasted-vip'] : [],
    }));
    await stage.pool.query(
      `INSERT INTO suppressions (organization_id, channel, address, reason)
       VALUES ($1, 'whatsapp', $2, 'test'), ($1, 'whatsapp', '+966599999991', 'test')`,
      [stage.actor.organizationId, blocked?.phone],
    );
    const pasted = await paste(
      [
        known?.phone,
        gone?.phone,
        blocked?.phone,
        '0599999990',
        '+966 59 999 9990',
        '0599999991',
        'call them',
      ].join('\n'),
    );
    const audience: Audience = { kind: 'list', listId: pasted.id, excludeTags: [] };
    const found = await preflight(audience, 'Hi {{name|friend}}');
    expect(pasted).toMatchObject({ entries: 7, source: 'pasted' });
    expect(found.matched).toBe(7);
    expect(found.dropped).toMatchObject({ duplicate: 1 });
    const everyone = await list(audience, 'Hi {{name|friend}}', { show: 'all' });
    expect(everyone.total).toBe(7);
    expect(everyone.rows.find(({ recipient }) => recipient === 'call them')).toMatchObject({
      drop: 'invalid',
      why: expect.stringContaining('call them') as string,
    });
    expect(everyone.rows.filter(({ recipient }) => recipient === '+966599999990')).toMatchObject([
      { drop: null, contactId: null },
      { drop: 'duplicate' },
    ]);
    expect(everyone.rows.find(({ recipient }) => recipient === '+966599999991')).toMatchObject({
      drop: 'suppressed',
    });
  });

  it('matches a list to contacts by phone and by email, and leaves tags out', async () => {
    await stage.pool.query(
      `INSERT INTO contacts (organization_id, phone, name, email, tags, opted_out_at, custom_fields) VALUES
         ($1, '+966512340001', 'Sara', 'sara@list.example', '{list-a}', NULL, '{"order_id": "O-1"}'),
         ($1, '+966512340002', 'Omar', 'omar@list.example', '{list-b}', now(), '{}'),
         ($1, '+966512340003', 'Lena', 'lena@list.example', '{}', NULL, '{}')`,
      [stage.actor.organizationId],
    );
    const pasted = await paste('0512340001, omar@list.example; LENA@list.example\nnobody@list.example');
    expect(pasted).toMatchObject({ entries: 4, invalid: 0, known: 3 });
    const audience: Audience = { kind: 'list', listId: pasted.id, excludeTags: [] };
    const everyone = await list(audience, '{{name|you}} {{order_id|none}}', { show: 'all' });
    expect(everyone.rows.map(({ recipient, drop, values }) => [recipient, drop, values['name']])).toEqual([
      ['+966512340001', null, 'Sara'],
      ['+966512340002', 'opted_out', undefined],
      ['+966512340003', null, 'Lena'],
      ['nobody@list.example', 'no_address', undefined],
    ]);
    const mail = await stage.campaigns.handlers.estimate({ audience, channel: 'email' }, context());
    expect(mail).toMatchObject({ value: { matched: 4, sendable: 3, optedOut: 1 } });
    expect(await matched({ ...audience, excludeTags: ['list-a'] })).toBe(3);
  });

  it.each<[string, Partial<ContactConditions>, number]>([
    ['one of the tags', { tagsAny: ['f-red', 'f-blue'] }, 8],
    ['all of the tags', { tagsAll: ['f-red', 'f-blue'] }, 2],
    ['none of the tags', { tagsAll: ['f'], tagsNone: ['f-red'] }, 5],
    [
      'a field that equals',
      { tagsAll: ['f'], fields: [{ field: 'city', is: 'equals', value: ' RIYADH' }] },
      4,
    ],
    [
      'a field that contains, with pattern characters as they are',
      { tagsAll: ['f'], fields: [{ field: 'city', is: 'contains', value: '%' }] },
      1,
    ],
    ['an empty field', { tagsAll: ['f'], fields: [{ field: 'city', is: 'empty', value: '' }] }, 5],
    ['a filled name', { tagsAll: ['f'], fields: [{ field: 'name', is: 'filled', value: '' }] }, 9],
    ['an email', { tagsAll: ['f'], hasEmail: true }, 3],
    ['no email', { tagsAll: ['f'], hasEmail: false }, 7],
    ['the country', { tagsAll: ['f'], phonePrefixes: ['+966'] }, 10],
    ['another country', { tagsAll: ['f'], phonePrefixes: ['+49', '+1'] }, 0],
    ['made since', { tagsAll: ['f'], createdSince: '2020-01-01T00:00:00.000Z' }, 10],
    ['made since a time to come', { tagsAll: ['f'], createdSince: '2999-01-01T00:00:00.000Z' }, 0],
    ['imported since', { tagsAll: ['f'], importedSince: '2020-01-01T00:00:00.000Z' }, 0],
  ])('filters by %s', async (_, conditions, expected) => {
    const { rows } = await stage.pool.query(`SELECT 1 FROM contacts WHERE 'f' = ANY(tags) LIMIT 1`);
    if (rows.length === 0) {
      await addContacts(stage, 10, (n) => ({
        name: n === 9 ? null : `F ${n}`,
        tags: ['f', ...(n < 5 ? ['f-red'] : []), ...(n >= 3 && n < 8 ? ['f-blue'] : [])],
        custom: n < 4 ? { city: 'Riyadh' } : n === 4 ? { city: '100 %' } : {},
        email: n < 3 ? `f${n}@example.com` : null,
      }));
    }
    expect(await matched(where(conditions))).toBe(expected);
  });

  it('mends values for one campaign only: of one recipient, of all who lack one, and by leaving out', async () => {
    const contacts = await addContacts(stage, 6, (n) => ({ custom: n < 4 ? {} : { order_id: `O-${n}` } }));
    const draftId = DraftId.parse(randomUUID());
    const body = 'Order {{order_id}}';
    const [first, second] = contacts;
    if (first === undefined || second === undefined) throw new Error('no contacts');
    const { mend, mendAll } = audiences();
    await mend({ draftId, recipient: first.phone, values: { order_id: 'O-own' } }, context());
    await mend({ draftId, recipient: second.phone, values: {}, leaveOut: true }, context());
    expect(await preflight(those(contacts), body, draftId)).toMatchObject({
      reach: 3,
      dropped: { left_out: 1 },
      problems: [{ problem: 'missing_value', variable: 'order_id', recipients: 2 }],
      mended: { recipients: 1, forAll: {} },
    });
    await mendAll({ draftId, variable: 'order_id', value: 'soon' }, context());
    const mended = await preflight(those(contacts), body, draftId);
    expect(mended).toMatchObject({ reach: 5, problems: [], mended: { forAll: { order_id: 'soon' } } });
    expect((await preflight(those(contacts), body)).reach).toBe(2);
    const launched = unwrap(
      await stage.campaigns.handlers.launch(
        {
          ...{ name: 'Mended', audience: those(contacts), message: text(body), priority: 1 },
          ...{ missing: 'refuse', draftId, expected: mended, canary: false, stopAtFailureShare: null },
        },
        context(),
      ),
    );
    const { rows } = await stage.pool.query<{ value: string }>(
      `SELECT parameters ->> 'order_id' AS value FROM deliveries WHERE campaign_id = $1 ORDER BY 1`,
      [launched.campaignId],
    );
    expect(rows.map(({ value }) => value)).toEqual(['O-4', 'O-5', 'O-own', 'soon', 'soon']);
    await mend({ draftId, recipient: first.phone, values: { order_id: '' } }, context());
    await mend({ draftId, recipient: second.phone, values: {}, leaveOut: false }, context());
    await mendAll({ draftId, variable: 'order_id', value: '' }, context());
    expect((await preflight(those(contacts), body, draftId)).reach).toBe(2);
  });

  it('shows the worst cases first, and says of each why it is shown', async () => {
    const contacts = await addContacts(stage, 40, (n) => ({
      name: n === 7 ? 'سارة' : n === 8 ? 'Mia 🎉' : n === 9 ? null : n === 10 ? 'L'.repeat(60) : `P${n}`,
      custom: n === 11 ? {} : { order_id: `O-${n}` },
    }));
    const { recipients } = await preview(those(contacts), 'Hi {{name|you}}: {{order_id}}');
    const why = new Map([...recipients].reverse().map((one) => [one.why, one]));
    expect(recipients[0]).toMatchObject({ why: 'value missing', missing: ['order_id'] });
    expect(why.get('longest')?.name).toBe('L'.repeat(60));
    expect(why.get('empty value')?.text).toBe('Hi you: O-9');
    expect(why.get('emoji')?.name).toBe('Mia 🎉');
    expect(why.get('right to left')?.name).toBe('سارة');
    expect(recipients.at(-1)?.why).toBeNull();
    expect(new Set(recipients.map(({ recipient }) => recipient)).size).toBe(recipients.length);
  });

  it('finds values that WhatsApp refuses in a parameter of a template', async () => {
    const values = ['fine', 'four    spaces', 'five     spaces', 'two\nlines', 'a\ttab', ''];
    const contacts = await addContacts(stage, values.length, (n) => ({ custom: { note: values[n] } }));
    const plain = unwrap(prepareMessage(text('{{note|none}}')));
    const inTemplate = {
      ...plain,
      freeText: false,
      variables: plain.variables.map((variable) => ({ ...variable, inParameter: true })),
    };
    const repository = createAudienceRepository(stage.database);
    const scope = {
      organizationId: stage.actor.organizationId,
      channel: 'whatsapp' as const,
      audience: those(contacts),
    };
    const { preflight: found } = await repository.check(scope, inTemplate, { limit: 10 });
    expect(found).toMatchObject({
      reach: 3,
      outsideWindow: 0,
      problems: [{ problem: 'bad_parameter', variable: 'note', recipients: 3 }],
    });
    const refused = await repository.list(
      scope,
      inTemplate,
      { show: 'bad_parameter' },
      { start: 0, count: 10 },
    );
    for (const { values: given } of refused.rows)
      expect(templateParameterProblems(given['note'] ?? '')).not.toEqual([]);
    expect((await repository.check(scope, plain, { limit: 1 })).preflight.outsideWindow).toBe(6);
  });

  it('finds spaces that only come together in a parameter, and takes them once they are mended', async () => {
    const given = [
      { a: 'x', b: 'y' },
      { a: 'x  ', b: '  y' },
      { a: 'x ', b: 'y' },
      { a: 'x', b: '   ' },
      { b: 'y' },
      { a: '   ', b: '   ' },
    ];
    const contacts = await addContacts(stage, given.length, (n) => ({ custom: given[n] ?? {} }));
    const message = Message.parse({
      channel: 'whatsapp',
      type: 'template',
      template: {
        name: 'order',
        language: 'en',
        components: [{ type: 'body', parameters: [{ text: '{{a|}}  {{b}}' }, { text: '{{b}}' }] }],
      },
    });
    const draft = { audience: those(contacts), message, draftId: DraftId.parse(randomUUID()) };
    const list = async (show: 'bad_parameter' | 'reached') =>
      unwrap(
        await stage.campaigns.handlers.recipients(
          { ...draft, filter: { show }, start: 0, count: 10 },
          context(),
        ),
      ).rows;
    const bad = await list('bad_parameter');
    expect(bad.map(({ recipient, bad: names }) => [recipient, [...names].sort()]).sort()).toEqual([
      [contacts[1]?.phone, ['a', 'b']],
      [contacts[3]?.phone, ['b']],
      [contacts[5]?.phone, ['a', 'b']],
    ]);
    const { mend } = audiences();
    await mend(
      { draftId: draft.draftId, recipient: contacts[1]?.phone ?? '', values: { a: 'x' } },
      context(),
    );
    expect((await list('reached')).map(({ recipient }) => recipient)).toContain(contacts[1]?.phone);
  });

  it('sends a test on the way of every message, and shows it in no list', async () => {
    const contacts = await addContacts(stage, 2, (n) => ({ name: `T${n}` }));
    const test = await stage.campaigns.handlers.test(
      {
        audience: those(contacts),
        message: text('Hi {{name}}'),
        to: '0512345678',
        recipient: contacts[1]?.phone,
      },
      context(),
    );
    // The stage has no default country: a national number cannot be read.
    expect(test).toMatchObject({ error: { issues: [{ path: 'to' }] } });
    const sent = unwrap(
      await stage.campaigns.handlers.test(
        {
          audience: those(contacts),
          message: text('Hi {{name}}'),
          to: '+966512345678',
          recipient: contacts[1]?.phone,
        },
        context(),
      ),
    );
    expect(sent).toMatchObject({ to: '+966512345678', valuesOf: contacts[1]?.phone });
    const job = await stage.engine.queue('bulk-messages').job(`campaign-${sent.campaignId}-0` as never);
    expect(job).toMatchObject({ state: 'waiting', data: { recipients: 1 } });
    expect(await statesOf(stage, sent.campaignId)).toEqual({ pending: 1 });
    const { rows } = await stage.pool.query('SELECT parameters FROM deliveries WHERE campaign_id = $1', [
      sent.campaignId,
    ]);
    expect(rows).toEqual([{ parameters: { name: 'T1' } }]);
    const listed = unwrap(await stage.campaigns.handlers.list({ limit: 200 }, context()));
    expect(listed.campaigns.some(({ id }) => id === sent.campaignId)).toBe(false);
    expect((await detailOf(stage, sent.campaignId)).recipients).toBe(1);
  });
});
