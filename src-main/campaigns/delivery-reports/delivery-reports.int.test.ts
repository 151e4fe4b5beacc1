import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DELIVERY_STATES,
  stateAfterReports,
  webhookStatusSchema,
  type DeliveryState,
  type WebhookStatus,
} from '@shared/domain/delivery';
import { EmailContent, WhatsAppContent } from '@shared/contract/message';
import { ContactId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import {
  addContacts,
  detailOf,
  launchTo,
  openStage,
  profiles,
  quiet,
  statesOf,
  type Stage,
} from '../../../e2e/fixtures/campaign-stage';
import { SET_UP_MS } from '../../database/testing/databases';
import type { DeliveryReport } from '../../providers/report';
import { readResendWebhook, ResendWebhook } from '../../providers/resend-webhook';
import { createLedgerRepository, type OwnedOutcome } from '../ledger/repository';
import { createDeliveryReports, type DeliveryReports } from './service';

describe.each(profiles)('delivery reports on the %s profile', (profile) => {
  let stage: Stage;
  let reports: DeliveryReports;
  beforeAll(async () => {
    stage = await openStage(profile);
    reports = createDeliveryReports(stage.database, quiet);
  }, SET_UP_MS);
  afterAll(() => stage.close());

  const says = (
    deliveryId: string | null,
    status: WebhookStatus,
    { messageId = `wamid.${deliveryId}`, code = '131000' } = {},
  ): DeliveryReport => ({
    deliveryId,
    messageId,
    event: status,
    status,
    at: new Date(1_790_000_000_000),
    key: `${messageId}:${status}`,
    error: status === 'failed' ? { code, message: 'said the provider' } : null,
  });

  /** Deliveries in a state, as if workers had brought them there. */
  const deliveriesIn = async (
    state: DeliveryState,
    count: number,
    safety: { readonly stopAtFailureShare?: number } = {},
  ): Promise<{ campaignId: string; ids: string[]; phones: string[] }> => {
    const contacts = await addContacts(stage, count);
    const { campaignId } = await launchTo(stage, contacts, {}, null, safety);
    const { rows } = await stage.pool.query<{ id: string; recipient: string }>(
      `UPDATE deliveries SET state = $2, attempts = 1, claimed_by = 'worker', sending_at = now()
        WHERE campaign_id = $1 RETURNING id, recipient`,
      [campaignId, state],
    );
    return { campaignId, ids: rows.map(({ id }) => id), phones: rows.map(({ recipient }) => recipient) };
  };
  const rowOf = async (id: string) => {
    const { rows } = await stage.pool.query<{
      state: DeliveryState;
      provider_message_id: string | null;
      error_code: string | null;
      error_kind: string | null;
    }>(`SELECT state, provider_message_id, error_code, error_kind FROM deliveries WHERE id = $1`, [id]);
    const [row] = rows;
    if (row === undefined) throw new Error('no such delivery');
    return row;
  };
  const eventsOf = async (id: string) => {
    const { rows } = await stage.pool.query<{ event: string; detail: Record<string, unknown> }>(
      `SELECT event, detail FROM delivery_events WHERE delivery_id = $1 ORDER BY id`,
      [id],
    );
    return rows;
  };
  const outcome = (id: string, providerMessageId: string): OwnedOutcome => ({
    owner: 'worker',
    id,
    state: 'accepted',
    providerMessageId,
    errorCode: null,
    errorKind: null,
    errorMessage: null,
    retryInMs: null,
  });
  const suppressed = async (address: string) => {
    const { rows } = await stage.pool.query<{ until: Date | null; reason: string }>(
      `SELECT until, reason FROM suppressions WHERE address = $1`,
      [address],
    );
    return rows[0];
  };

  it('stop a campaign whose messages fail after they were accepted, until an operator lets it go on', async () => {
    const { campaignId, ids } = await deliveriesIn('accepted', 40, { stopAtFailureShare: 0.5 });
    await stage.pool.query(`UPDATE campaigns SET state = 'running' WHERE id = $1`, [campaignId]);
    const fail = async (some: readonly string[]) => {
      // As on a console that was started since, so that the last look at this campaign is long ago.
      const fresh = createDeliveryReports(stage.database, quiet);
      await fresh.take(
        'whatsapp',
        some.map((id) => says(id, 'failed', { code: '131030' })),
      );
    };
    await fail(ids.slice(0, 19));
    expect((await detailOf(stage, campaignId)).state).toBe('running');
    await fail(ids.slice(19, 20));
    const stopped = await detailOf(stage, campaignId);
    expect(stopped.state).toBe('paused');
    expect(stopped.problem).toMatch(
      /^Stopped: 20 of the last 40 messages failed\. Most often: The sender is a test/,
    );
    await stage.campaigns.service.resume(campaignId, stage.actor);
    await fail(ids.slice(20, 30));
    expect((await detailOf(stage, campaignId)).state).toBe('running');
  });

  it('stop what sends with a template that WhatsApp has paused, and everything where the quality has dropped', async () => {
    const template = WhatsAppContent.parse({
      channel: 'whatsapp',
      type: 'template',
      template: { name: 'spring_sale', language: 'en', components: [] },
    });
    const [one, two] = [await addContacts(stage, 1), await addContacts(stage, 1)];
    const using = await launchTo(stage, one, template);
    const other = await launchTo(stage, two);
    const stateOf = async (id: string) => (await detailOf(stage, id)).state;
    const { organizationId } = stage.actor;
    await reports.notices(organizationId, [
      { type: 'template', name: 'spring_sale', language: 'en', event: 'PAUSED' },
    ]);
    expect([await stateOf(using.campaignId), await stateOf(other.campaignId)]).toEqual(['paused', 'running']);
    expect((await detailOf(stage, using.campaignId)).problem).toContain('paused the template');
    await reports.notices(organizationId, [{ type: 'quality', event: 'FLAGGED' }]);
    expect(await stateOf(other.campaignId)).toBe('paused');
  });

  it('move a delivery forward, whatever their order, however often, and never back', async () => {
    const status = fc.constantFrom(...webhookStatusSchema.options);
    const start = fc.constantFrom(...DELIVERY_STATES);
    const story = fc.tuple(start, fc.array(status, { minLength: 1, maxLength: 8 }), fc.array(fc.nat(3)));
    const stories = fc.sample(story, { numRuns: 120, seed: 7 });
    const { ids } = await deliveriesIn('accepted', stories.length);
    await Promise.all(
      stories.map(async ([state, statuses, cuts], n) => {
        const id = ids[n] ?? '';
        await stage.pool.query(`UPDATE deliveries SET state = $2 WHERE id = $1`, [id, state]);
        let expected: DeliveryState = state;
        const seen: WebhookStatus[] = [];
        for (let from = 0, cut = 0; from < statuses.length; cut += 1) {
          // Some come in one call, some apart.
          const together = statuses.slice(from, from + 1 + (cuts[cut] ?? 0));
          from += together.length;
          seen.push(...together);
          expected = stateAfterReports(expected, [{ statuses: seen, current: true }]);
          await reports.take(
            'whatsapp',
            together.map((one) => says(id, one)),
          );
        }
        expect([statuses, (await rowOf(id)).state]).toEqual([statuses, expected]);
        expect(await eventsOf(id)).toHaveLength(new Set(statuses).size);
      }),
    );
  });
  it('end the same in every order, from every state in which a message may be under way', async () => {
    const sets: WebhookStatus[][] = [
      ['sent', 'failed'],
      ['sent', 'delivered', 'read'],
      ['failed', 'delivered'],
      ['sent', 'failed', 'read'],
    ];
    for (const state of ['sending', 'accepted', 'unknown'] as const) {
      for (const set of sets) {
        const orders = permutations(set);
        const { ids } = await deliveriesIn(state, orders.length);
        // Step by step: one call holds what each delivery hears next.
        for (let step = 0; step < set.length * 2; step += 1) {
          const heard = orders.map((order, n) => says(ids[n] ?? '', order[step % set.length] ?? 'sent'));
          await reports.take('whatsapp', heard);
        }
        const ends = await Promise.all(ids.map(async (id) => (await rowOf(id)).state));
        expect(new Set(ends).size).toBe(1);
      }
    }
  });

  it('that are faster than the answer are not undone by it', async () => {
    const { campaignId, ids } = await deliveriesIn('sending', 3);
    const [first = '', second = '', third = ''] = ids;
    await reports.take('whatsapp', [says(first, 'delivered'), says(second, 'failed', { code: '131026' })]);
    const ledger = createLedgerRepository(stage.database);
    await ledger.record(ids.map((id) => outcome(id, `wamid.${id}`)));
    expect(await rowOf(first)).toMatchObject({ state: 'delivered', provider_message_id: `wamid.${first}` });
    expect(await rowOf(second)).toMatchObject({
      state: 'failed',
      error_code: '131026',
      error_kind: 'recipient-unreachable',
    });
    expect(await rowOf(third)).toMatchObject({ state: 'accepted' });
    expect(await statesOf(stage, campaignId)).toEqual({ delivered: 1, failed: 1, accepted: 1 });
  });

  it('a late failure of an earlier attempt does not hide what the present one was answered', async () => {
    const { ids } = await deliveriesIn('sending', 1);
    const [id = ''] = ids;
    await reports.take('whatsapp', [says(id, 'failed', { messageId: 'wamid.earlier' })]);
    await createLedgerRepository(stage.database).record([outcome(id, 'wamid.now')]);
    expect(await rowOf(id)).toMatchObject({
      state: 'accepted',
      provider_message_id: 'wamid.now',
      error_code: null,
    });
  });

  it('resolve what is unknown, by our own id or by the provider’s', async () => {
    const { campaignId, ids } = await deliveriesIn('unknown', 3);
    const [own = '', theirs = '', refused = ''] = ids;
    await stage.pool.query(`UPDATE deliveries SET provider_message_id = 'wamid.theirs' WHERE id = $1`, [
      theirs,
    ]);
    await reports.take('whatsapp', [
      says(own, 'sent'),
      says(null, 'delivered', { messageId: 'wamid.theirs' }),
      says(refused, 'failed', { code: '131047' }),
      says(null, 'sent', { messageId: 'wamid.of somebody else' }),
      says(randomUUID(), 'sent'),
    ]);
    expect(await statesOf(stage, campaignId)).toEqual({ sent: 1, delivered: 1, failed: 1 });
    expect((await detailOf(stage, campaignId)).failures).toMatchObject([{ code: '131047', recipients: 1 }]);
  });

  it('come after an operator’s word: the provider knows better, and each step is in the timeline', async () => {
    const { campaignId, ids } = await deliveriesIn('unknown', 3);
    const [saidFailed = '', saidSent = '', retried = ''] = ids;
    const { service } = stage.campaigns;
    await service.resolveUnknown(campaignId, [saidFailed, retried], 'failed', stage.actor);
    await service.resolveUnknown(campaignId, [saidSent], 'sent', stage.actor);
    await reports.take('whatsapp', [says(saidFailed, 'sent'), says(saidSent, 'failed', { code: '131026' })]);
    expect([(await rowOf(saidFailed)).state, (await rowOf(saidSent)).state]).toEqual(['sent', 'failed']);
    // The one that waits for its second attempt arrived the first time: it is not sent again.
    expect(await service.retryFailed(campaignId, 'resolved_failed', stage.actor)).toMatchObject({
      value: { retried: 1 },
    });
    expect((await rowOf(retried)).state).toBe('pending');
    await reports.take('whatsapp', [says(retried, 'delivered')]);
    expect((await rowOf(retried)).state).toBe('delivered');
    expect(
      (await eventsOf(saidFailed)).map(({ event, detail }) => [event, detail['by'] ?? detail['via']]),
    ).toEqual([
      ['resolved', stage.actor.userId],
      ['sent', 'webhook'],
    ]);
    expect((await eventsOf(retried)).map(({ event }) => event)).toEqual(['resolved', 'retried', 'delivered']);
  });

  it('suppress as the policy table says', async () => {
    const { ids, phones } = await deliveriesIn('accepted', 4);
    await reports.take('whatsapp', [
      says(ids[0] ?? '', 'failed', { code: '131026' }),
      says(ids[1] ?? '', 'failed', { code: '131050' }),
      says(ids[2] ?? '', 'failed', { code: '131049' }),
      says(ids[3] ?? '', 'failed', { code: '131047' }),
    ]);
    expect(await suppressed(phones[0] ?? '')).toBeUndefined();
    expect((await suppressed(phones[1] ?? ''))?.until).toBeNull();
    expect((await suppressed(phones[2] ?? ''))?.until?.getTime()).toBeGreaterThan(Date.now() + 86_000_000);
    expect(await suppressed(phones[3] ?? '')).toBeUndefined();

    const contact = await stage.pool.query<{ id: string }>(`SELECT id FROM contacts WHERE phone = $1`, [
      phones[0],
    ]);
    const again = await launchTo(
      stage,
      contact.rows.map(({ id }) => ({ id: ContactId.parse(id) })),
    );
    const { rows } = await stage.pool.query<{ id: string }>(
      `UPDATE deliveries SET state = 'accepted' WHERE campaign_id = $1 RETURNING id`,
      [again.campaignId],
    );
    const second = says(rows[0]?.id ?? '', 'failed', { code: '131026' });
    await reports.take('whatsapp', [second, second]);
    await reports.take('whatsapp', [second]);
    expect((await suppressed(phones[0] ?? ''))?.until).toBeNull();
  });

  it('suppress also where the database fails in the middle and the provider comes again', async () => {
    const { ids, phones } = await deliveriesIn('accepted', 1);
    const report = says(ids[0] ?? '', 'failed', { code: '131050' });
    await stage.pool.query(
      `ALTER TABLE suppressions ADD CONSTRAINT in_the_way CHECK (channel <> 'whatsapp') NOT VALID`,
    );
    await expect(reports.take('whatsapp', [report])).rejects.toThrow();
    await stage.pool.query('ALTER TABLE suppressions DROP CONSTRAINT in_the_way');
    await reports.take('whatsapp', [report]);
    expect((await suppressed(phones[0] ?? ''))?.until).toBeNull();
  });

  it('pause campaign and sender where the account itself is refused', async () => {
    const { campaignId, ids } = await deliveriesIn('accepted', 2);
    await stage.pool.query(`UPDATE deliveries SET state = 'pending' WHERE id = $1`, [ids[1]]);
    await reports.take('whatsapp', [says(ids[0] ?? '', 'failed', { code: '131042' })]);
    const after = await detailOf(stage, campaignId);
    expect([after.state, after.counts.failed]).toEqual(['paused', 1]);
    const { rows } = await stage.pool.query<{ state: string; pause_error_code: string }>(
      `SELECT sender.state, pause_error_code FROM senders AS sender JOIN campaigns ON sender_id = sender.id WHERE campaigns.id = $1`,
      [campaignId],
    );
    expect(rows).toEqual([{ state: 'paused', pause_error_code: '131042' }]);
    unwrap(await stage.campaigns.service.resume(campaignId, stage.actor));
  });

  it('are in the totals of a campaign that has ended, at once', async () => {
    const { campaignId, ids } = await deliveriesIn('accepted', 3);
    await stage.campaigns.recovery.recover();
    const listed = async () => {
      const { campaigns } = await stage.campaigns.service.list(stage.actor, { limit: 200 });
      return campaigns.find(({ id }) => id === campaignId);
    };
    expect(await listed()).toMatchObject({ state: 'completed', counts: { accepted: 3 } });
    await reports.take('whatsapp', [says(ids[0] ?? '', 'read'), says(ids[1] ?? '', 'failed')]);
    expect(await listed()).toMatchObject({
      counts: { accepted: 1, read: 1, failed: 1 },
      outcome: 'partial_success',
    });
    await stage.campaigns.recovery.recover();
    const stored = await stage.pool.query(`SELECT totals, totals_stale FROM campaigns WHERE id = $1`, [
      campaignId,
    ]);
    expect(stored.rows).toEqual([{ totals: { accepted: 1, read: 1, failed: 1 }, totals_stale: false }]);
  });

  it('of emails: bounces and complaints suppress, and what was opened was read', async () => {
    const contacts = await addContacts(stage, 4, (n) => ({ email: `Reader${n}.${profile}@Example.com` }));
    const { campaignId } = await launchTo(
      stage,
      contacts,
      EmailContent.parse({
        channel: 'email',
        emailType: 'campaign',
        subject: 'Hello',
        body: '<p>Hello</p>',
        templateId: null,
      }),
    );
    const { rows } = await stage.pool.query<{ id: string; recipient: string }>(
      `UPDATE deliveries SET state = 'accepted', provider_message_id = 'e-' || recipient WHERE campaign_id = $1
       RETURNING id, recipient`,
      [campaignId],
    );
    rows.sort((a, b) => a.recipient.localeCompare(b.recipient));
    const say = async (n: number, type: string, data: object = {}): Promise<void> => {
      const report = readResendWebhook(
        ResendWebhook.parse({
          type,
          created_at: '2026-09-30T12:00:00Z',
          data: { email_id: `e-${rows[n]?.recipient ?? ''}`, ...data },
        }),
      );
      await reports.take('email', report === null ? [] : [report]);
    };
    await say(0, 'email.bounced', { bounce: { type: 'Permanent', message: 'no such user' } });
    await say(1, 'email.complained');
    await say(2, 'email.bounced', { bounce: { type: 'Transient', message: 'mailbox full' } });
    await say(3, 'email.delivery_delayed');
    await say(3, 'email.opened');
    await say(3, 'email.delivered');
    expect(await statesOf(stage, campaignId)).toEqual({ failed: 2, delivered: 1, read: 1 });
    expect((await detailOf(stage, campaignId)).failures).toMatchObject([
      { code: 'email_bounced', retryable: false },
      { code: 'email_bounced_temporarily', retryable: true },
    ]);
    const address = (n: number): string => rows[n]?.recipient.toLowerCase() ?? '';
    expect((await suppressed(address(0)))?.until).toBeNull();
    expect((await suppressed(address(1)))?.reason).toContain('spam');
    expect(await suppressed(address(2))).toBeUndefined();
    expect(await suppressed(address(3))).toBeUndefined();
    expect((await eventsOf(rows[3]?.id ?? '')).map(({ event }) => event)).toEqual([
      'delivery_delayed',
      'opened',
      'delivered',
    ]);
  });

  it('keep when somebody wrote last, whatever the order', async () => {
    const at = (hour: number): Date => new Date(Date.UTC(2026, 9, 1, hour));
    const message = (hour: number) => ({ to: '42', from: '+966500000001', at: at(hour) });
    await reports.inbound(stage.actor.organizationId, [message(3), message(9), { ...message(1), to: '43' }]);
    await reports.inbound(stage.actor.organizationId, [message(5)]);
    const { rows } = await stage.pool.query(
      `SELECT sender_address, last_inbound_at FROM conversations WHERE phone = '+966500000001' ORDER BY 1`,
    );
    expect(rows).toEqual([
      { sender_address: '42', last_inbound_at: at(9) },
      { sender_address: '43', last_inbound_at: at(1) },
    ]);
  });

  it('a thousand at once are one short transaction', async () => {
    const { campaignId, ids } = await deliveriesIn('accepted', 1_000);
    const startedAt = performance.now();
    await reports.take(
      'whatsapp',
      ids.map((id) => says(id, 'delivered')),
    );
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await statesOf(stage, campaignId)).toEqual({ delivered: 1_000 });
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, n) =>
    permutations([...items.slice(0, n), ...items.slice(n + 1)]).map((rest) => [item, ...rest]),
  );
}
