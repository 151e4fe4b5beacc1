import { readFile } from 'node:fs/promises';
import { read as readWorkbook, utils } from 'xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryState } from '@shared/domain/delivery';
import { CampaignId, OrganizationId, ProfileId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import {
  addContacts,
  launchTo,
  openStage,
  profiles,
  testRun,
  type Stage,
} from '../../e2e/fixtures/campaign-stage';
import { startFakeWhatsApp, type FakeWhatsApp } from '../../e2e/fixtures/providers';
import { SET_UP_MS } from '../database/testing/databases';
import { SANDBOX_SETTINGS } from '../providers/gateways';
import { createBulkMessageProcessor } from './processor';

let fake: FakeWhatsApp;
beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
afterAll(() => fake.close());

describe.each(profiles)('what is known of recipients, on the %s profile', (profile) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(profile);
    stage.gateways.configure({
      ...SANDBOX_SETTINGS,
      whatsapp: { mode: 'cloud-api', apiBaseUrl: fake.url, phoneNumberId: '1', token: 't' },
      messagesPerSecond: Infinity,
    });
  }, SET_UP_MS);
  afterAll(() => stage.close());

  const run = (campaignId: string, recipients: number) =>
    createBulkMessageProcessor({ ...stage, coordination: stage.engine.coordination })(
      testRun('bulk-messages', {
        organizationId: OrganizationId.parse(stage.actor.organizationId),
        userId: ProfileId.parse(stage.actor.userId),
        campaignId: CampaignId.parse(campaignId),
        batchNo: 0,
        recipients,
      }),
    );

  it('is told step by step, with reasons and who resolved what was not known', async () => {
    const contacts = await addContacts(stage, 3, (n) => ({ name: `Person ${n}` }));
    const [refused, lost, fine] = contacts.map(({ phone }) => phone);
    fake.behave(({ to }) => {
      if (to === refused) return { type: 'error', code: 131026 };
      return to === lost ? { type: 'accept-and-drop' } : { type: 'accept' };
    });
    const { campaignId } = await launchTo(stage, contacts, { body: 'Hello {{name}}' });
    const { service } = stage.campaigns;
    await run(campaignId, 3);
    const page = unwrap(await service.deliveries(campaignId, {}, { start: 0, count: 10 }, stage.actor));
    const idOf = (phone: string | undefined): string =>
      page.deliveries.find(({ recipient }) => recipient === phone)?.id ?? '';
    await service.resolveUnknown(campaignId, [idOf(lost)], 'failed', stage.actor);
    const open = async (phone: string | undefined) =>
      unwrap(await service.delivery(campaignId, idOf(phone), stage.actor));

    const good = await open(fine);
    expect(good).toMatchObject({ text: 'Hello Person 2', parameters: { name: 'Person 2' } });
    expect(good.timeline.map(({ event }) => event)).toEqual(['frozen', 'sending', 'accepted']);
    const bad = await open(refused);
    expect(bad.timeline.map(({ event }) => event)).toEqual(['frozen', 'sending', 'failed']);
    expect(bad.timeline.at(-1)?.detail).toContain('not on WhatsApp');
    const resolved = await open(lost);
    expect(resolved.timeline.map(({ event }) => event)).toEqual(['frozen', 'sending', 'unknown', 'resolved']);
    expect(resolved.timeline.at(-1)?.detail).toMatch(/: it did not arrive\.$/);
  });

  it('is found by a part of the name, or of the number as people write it', async () => {
    const contacts = await addContacts(stage, 12, (n) => ({
      name: n === 4 ? 'Łucja 50% Ångström' : `P${n}`,
    }));
    const { campaignId } = await launchTo(stage, contacts, { body: 'Hello' });
    const found = async (search: string, states: readonly DeliveryState[] = []) =>
      unwrap(
        await stage.campaigns.service.deliveries(
          campaignId,
          { search, states },
          { start: 0, count: 20 },
          stage.actor,
        ),
      ).deliveries.map(({ name }) => name);
    const phone = contacts[7]?.phone ?? '';
    const spaced = `(${phone.slice(0, 4)}) ${phone.slice(4, 8)}-${phone.slice(8)}`;
    expect(await found(spaced)).toEqual(['P7']);
    expect(await found('50% ång')).toEqual(['Łucja 50% Ångström']);
    expect(await found('5_%')).toEqual([]);
    expect(await found('P7', ['pending'])).toEqual(['P7']);
    expect(await found('P7', ['failed'])).toEqual([]);
    const file = unwrap(
      await stage.campaigns.service.exportDeliveries(campaignId, { search: spaced }, 'csv', stage.actor),
    );
    expect(file.fileName).toContain('.csv');
  });

  it('is not found under another campaign', async () => {
    const one = await launchTo(stage, await addContacts(stage, 1));
    const other = await launchTo(stage, await addContacts(stage, 1));
    const { service } = stage.campaigns;
    const page = unwrap(await service.deliveries(one.campaignId, {}, { start: 0, count: 1 }, stage.actor));
    const id = page.deliveries[0]?.id ?? '';
    expect(await service.delivery(other.campaignId, id, stage.actor)).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('goes into a spreadsheet with what became of each and its values, by reason', async () => {
    const contacts = await addContacts(stage, 600, (n) => ({ name: n === 0 ? '=1+1' : `Person ${n}` }));
    const failing = new Set(contacts.slice(0, 3).map(({ phone }) => phone));
    fake.behave(({ to }) => (failing.has(to) ? { type: 'error', code: 131026 } : { type: 'accept' }));
    const { campaignId } = await launchTo(stage, contacts, { body: 'Hello {{name}}' });
    await run(campaignId, 600);
    const { service } = stage.campaigns;
    const read = async (filter: { errorCode?: string }, format: 'csv' | 'xlsx') => {
      const { url, fileName } = unwrap(
        await service.exportDeliveries(campaignId, filter, format, stage.actor),
      );
      const path = stage.files.resolve(url)?.path ?? '';
      const sheet = readWorkbook(await readFile(path), { type: 'buffer', raw: true });
      const [first] = sheet.SheetNames;
      const rows = utils.sheet_to_json<Record<string, unknown>>(sheet.Sheets[first ?? ''] ?? {});
      return { fileName, rows, text: await readFile(path, 'utf8') };
    };
    const all = await read({}, 'xlsx');
    expect(all.rows).toHaveLength(600);
    expect(all.fileName).toBe('Spring sale - recipients.xlsx');
    const failed = await read({ errorCode: '131026' }, 'xlsx');
    expect(failed.rows.map((row) => row['Address']).sort()).toEqual([...failing].sort());
    expect(failed.rows.map((row) => row['State'])).toEqual(['failed', 'failed', 'failed']);
    expect(failed.rows.map((row) => row['name'])).toContain('=1+1');
    const csv = await read({ errorCode: '131026' }, 'csv');
    expect(csv.text).toContain("'=1+1");
    expect(csv.rows).toHaveLength(3);
  });
});
