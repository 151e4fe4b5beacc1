import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audience } from '@shared/contract/campaigns';
import { Message } from '@shared/contract/campaigns';
import type { ContactId } from '@shared/domain/ids';
import {
  addContacts,
  detailOf,
  launchTo,
  openStage,
  profiles,
  statesOf,
  type Stage,
} from '../../e2e/fixtures/campaign-stage';
import { SET_UP_MS } from '../database/testing/databases';

describe.each(profiles)('planning a campaign on the %s profile', (profile) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(profile);
  }, SET_UP_MS);
  afterAll(() => stage.close());

  const context = () => ({ actor: stage.actor, signal: new AbortController().signal });
  const text = (body: string) => Message.parse({ channel: 'whatsapp', body });
  const those = (contacts: readonly { readonly id: ContactId }[]): Audience => ({
    kind: 'contacts',
    contactIds: contacts.map(({ id }) => id),
  });
  const preview = (audience: Audience, body: string, limit = 10) =>
    stage.campaigns.handlers.preview({ audience, message: text(body), limit }, context());
  const unguarded = { canary: false, stopAtFailureShare: null };
  const launch = (audience: Audience, body: string, missing: 'refuse' | 'skip' = 'refuse') =>
    stage.campaigns.handlers.launch(
      { name: 'Sale', audience, message: text(body), priority: 1, missing, ...unguarded },
      context(),
    );

  it('counts who is reached and who is left out, and why', async () => {
    const contacts = await addContacts(stage, 20, (n) => ({
      tags: ['estimate', ...(n < 4 ? ['staff'] : [])],
      optedOut: n >= 4 && n < 7,
      email: n % 2 === 0 ? `Same${n < 10 ? '' : n}@example.com` : null,
    }));
    await stage.pool.query(
      `INSERT INTO suppressions (organization_id, channel, address, reason) VALUES ($1, 'whatsapp', $2, 'test')`,
      [stage.actor.organizationId, contacts[10]?.phone],
    );
    const audience: Audience = { kind: 'tags', tags: ['estimate'], excludeTags: ['staff'] };
    expect(
      await stage.campaigns.handlers.estimate({ audience, channel: 'whatsapp' }, context()),
    ).toMatchObject({
      value: { matched: 16, sendable: 12, optedOut: 3, suppressed: 1, noAddress: 0 },
    });
    // Email: numbers 8 to 18 have one; 4 and 6 opted out.
    expect(await stage.campaigns.handlers.estimate({ audience, channel: 'email' }, context())).toMatchObject({
      value: { matched: 16, sendable: 6, optedOut: 2, noAddress: 8 },
    });
  });

  it.each<[string, (tag: string) => Audience, number]>([
    ['all tags named', (tag) => ({ kind: 'tags', tags: [tag, 'vip'], excludeTags: [] }), 5],
    ['the beginning of a word', (tag) => ({ kind: 'search', search: `${tag} al`, excludeTags: [] }), 5],
    ['no pattern characters', () => ({ kind: 'search', search: '%', excludeTags: [] }), 0],
  ])('finds by %s', async (label, audience, expected) => {
    const tag = `t${label.length}`;
    await addContacts(stage, 10, (n) => ({
      name: n < 5 ? `${tag} Ali ${n}` : `${tag} Bea ${n}`,
      tags: [tag, ...(n % 2 === 0 ? ['vip'] : [])],
    }));
    expect(
      await stage.campaigns.handlers.estimate({ audience: audience(tag), channel: 'whatsapp' }, context()),
    ).toMatchObject({ value: { matched: expected } });
  });

  it('never sees another organization', async () => {
    const contacts = await addContacts(stage, 2);
    const { rows } = await stage.pool.query<{ id: string }>(
      `INSERT INTO organizations (name) VALUES ('Other') RETURNING id`,
    );
    const stranger = { ...context(), actor: { ...stage.actor, organizationId: rows[0]?.id ?? '' } };
    const { handlers } = stage.campaigns;
    expect(
      await handlers.estimate({ audience: those(contacts), channel: 'whatsapp' }, stranger),
    ).toMatchObject({
      value: { matched: 0 },
    });
    const { campaignId } = await launchTo(stage, contacts);
    expect(await handlers.get({ campaignId }, stranger)).toMatchObject({ error: { code: 'not_found' } });
    expect(await handlers.cancel({ campaignId }, stranger)).toMatchObject({ error: { code: 'not_found' } });
  });

  it('shows the worst cases first and counts what lacks over the whole audience', async () => {
    const contacts = await addContacts(stage, 60, (n) => ({
      name: n === 33 ? 'A very long name, much longer than all the others' : n === 40 ? null : `P${n}`,
      custom: n % 10 === 0 ? {} : { order_id: `O-${n}`, city: n === 44 ? '' : 'Riyadh' },
    }));
    const result = await preview(those(contacts), 'Hi {{name|you}}: {{order_id}} in {{city|town}}', 6);
    if (!result.ok) throw new Error(result.error.message);
    const { recipients, missing, tooLong } = result.value;
    expect(missing).toEqual([{ variable: 'order_id', recipients: 6 }]);
    expect(tooLong).toBe(0);
    expect(recipients).toHaveLength(6);
    expect(recipients[0]).toMatchObject({ why: 'value missing', missing: ['order_id'] });
    const longest = recipients.find(({ why }) => why === 'longest');
    expect(longest?.text).toBe('Hi A very long name, much longer than all the others: O-33 in Riyadh');
    expect(recipients.some(({ why }) => why === null)).toBe(true);
  });

  it('says exactly whom it reaches where some lack several values', async () => {
    const contacts = await addContacts(stage, 20, (n) => ({
      custom: n < 4 ? {} : n < 9 ? { order_id: `O-${n}` } : { order_id: `O-${n}`, city: 'Riyadh' },
    }));
    const result = await preview(those(contacts), '{{order_id}} in {{city}}');
    expect(result).toMatchObject({
      value: {
        missing: [
          { variable: 'city', recipients: 9 },
          { variable: 'order_id', recipients: 4 },
        ],
        reach: 11,
      },
    });
  });

  it('takes exactly as many characters as WhatsApp does, in any script', async () => {
    const wide = ['x'.repeat(100), 'x'.repeat(101), '👍'.repeat(100), 'قارئ'.repeat(25), 'قارئ'.repeat(26)];
    const contacts = await addContacts(stage, wide.length, (n) => ({ name: wide[n] ?? null }));
    const result = await preview(those(contacts), `{{name}}${'y'.repeat(3_996)}`);
    expect(result).toMatchObject({ value: { tooLong: 2 } });
    const [number, list] = await addContacts(stage, 2, (n) => ({
      custom: n === 0 ? { v: 42 } : { v: [4_200] },
    }));
    if (number === undefined || list === undefined) throw new Error('no contacts');
    const fallback = `{{v|none}}${'y'.repeat(4_080)}`;
    expect(await preview(those([number, list]), fallback)).toMatchObject({ value: { tooLong: 0 } });
  });

  it('names compile errors with their place', async () => {
    const contacts = await addContacts(stage, 1);
    expect(await preview(those(contacts), 'ok\nHello {{name')).toMatchObject({
      value: { problems: [{ line: 2, column: 7 }], recipients: [] },
    });
    const refused = await launch(those(contacts), 'ok\nHello {{name');
    if (refused.ok || refused.error.code !== 'invalid_input') throw new Error('it was to be refused');
    expect(refused.error.issues).toMatchObject([{ path: 'message.body' }]);
    expect(refused.error.issues[0]?.message).toContain('Line 2, column 7');
  });

  it('refuses to send with values missing, or leaves these recipients out', async () => {
    const contacts = await addContacts(stage, 10, (n) => ({ custom: n < 3 ? {} : { order_id: n } }));
    const refused = await launch(those(contacts), 'Order {{order_id}} is ready, {{name}}!');
    expect(refused).toMatchObject({
      error: { code: 'invalid_input', issues: [{ message: '3 recipients have no value for {{order_id}}.' }] },
    });
    const { rows } = await stage.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM deliveries WHERE recipient = ANY($1)',
      [contacts.map(({ phone }) => phone)],
    );
    expect(rows[0]?.n).toBe(0);
    const skipped = await launch(those(contacts), 'Order {{order_id}} is ready, {{name}}!', 'skip');
    expect(skipped).toMatchObject({ value: { recipients: 7, skipped: 3 } });
    const id = skipped.ok ? skipped.value.campaignId : '';
    expect(await statesOf(stage, id)).toEqual({ pending: 7, skipped: 3 });
    expect((await detailOf(stage, id)).failures).toMatchObject([{ code: 'missing_value', recipients: 3 }]);
  });

  it('refuses an audience of nobody, a text message without text and media without a link', async () => {
    const contacts = await addContacts(stage, 1, () => ({ optedOut: true }));
    expect(await launch(those(contacts), 'Hi')).toMatchObject({ error: { issues: [{ path: 'audience' }] } });
    const [one] = await addContacts(stage, 1);
    if (one === undefined) throw new Error('no contact');
    expect(await launch(those([one]), '  ')).toMatchObject({ error: { issues: [{ path: 'message.body' }] } });
    const image = Message.parse({ channel: 'whatsapp', type: 'image', body: 'x' });
    const input = { name: 'x', audience: those([one]), message: image };
    expect(
      await stage.campaigns.handlers.launch(
        { ...input, priority: 1, missing: 'refuse', ...unguarded },
        context(),
      ),
    ).toMatchObject({
      error: { issues: [{ path: 'message.mediaUrl' }] },
    });
  });

  it('queues one job for a batch, a flow for more, and waits for its time', async () => {
    const contacts = await addContacts(stage, 2_300);
    const few = await launchTo(stage, contacts.slice(0, 5));
    expect(await stage.engine.queue('bulk-messages').job(few.jobId ?? never())).toMatchObject({
      state: 'waiting',
      data: { batchNo: 0, recipients: 5 },
      subject: 'Spring sale · batch 1 · 5 recipients',
    });
    const many = await launchTo(stage, contacts);
    const parent = await stage.engine.queue('bulk-messages').job(many.jobId ?? never());
    expect(parent).toMatchObject({ state: 'waiting-children', data: { batchNo: null, recipients: 2_300 } });
    expect(parent?.children).toHaveLength(3);
    const later = await launchTo(stage, contacts, {}, new Date(Date.now() + 3_600_000));
    expect(await detailOf(stage, later.campaignId)).toMatchObject({
      state: 'scheduled',
      counts: { pending: 2_300 },
    });
    const counts = await stage.engine.queue('bulk-messages').counts();
    expect(counts.delayed).toBe(3);
    await stage.campaigns.service.cancel(later.campaignId, stage.actor);
    expect((await stage.engine.queue('bulk-messages').counts()).delayed).toBe(0);
    const { rows } = await stage.pool.query<{ status: string }>(
      `SELECT status FROM job_logs WHERE job_id LIKE $1`,
      [`campaign-${later.campaignId}-%`],
    );
    // Three batches and the parent that would have closed the campaign.
    expect(rows.map(({ status }) => status)).toEqual(Array(4).fill('cancelled'));
  });

  it('freezes values at launch: later changes of a contact change nothing', async () => {
    const contacts = await addContacts(stage, 1, () => ({ name: 'Before' }));
    const { campaignId } = await launchTo(stage, contacts, { body: 'Hi {{name}}' });
    const before = await detailOf(stage, campaignId);
    await stage.pool.query(`UPDATE contacts SET name = 'After' WHERE id = $1`, [contacts[0]?.id]);
    const { rows } = await stage.pool.query<{ parameters: unknown }>(
      'SELECT parameters FROM deliveries WHERE campaign_id = $1',
      [campaignId],
    );
    expect(rows).toEqual([{ parameters: { name: 'Before' } }]);
    expect(before.contentHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('recovers a launch that died before its jobs were added, and jobs that the queue has lost', async () => {
    const contacts = await addContacts(stage, 3);
    const { campaignId, jobId } = await launchTo(stage, contacts);
    const queue = stage.engine.queue('bulk-messages');
    await queue.remove(jobId ?? never());
    await stage.pool.query(
      `UPDATE campaigns SET state = 'launching', job_id = NULL, created_at = now() - interval '1 minute' WHERE id = $1`,
      [campaignId],
    );
    await stage.campaigns.recovery.recover();
    expect(await queue.job(jobId ?? never())).toMatchObject({ state: 'waiting' });
    await queue.remove(jobId ?? never());
    await stage.campaigns.recovery.recover();
    await stage.campaigns.recovery.recover();
    expect(await queue.job(jobId ?? never())).toMatchObject({ state: 'waiting' });
    expect((await detailOf(stage, campaignId)).state).toBe('running');
  });
});

const never = (): never => {
  throw new Error('it has a job');
};
