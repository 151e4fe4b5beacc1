import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addContacts, detailOf, profiles, statesOf } from '../../e2e/fixtures/campaign-stage';
import { WhatsAppContent } from '@shared/contract/message';
import { unwrap } from '@shared/errors';
import { createLimitKeeper } from '../campaigns/portfolio/keeper';
import { SET_UP_MS } from '../database/testing/databases';
import { until } from '../engine/testing/until';
import { cron, openScheduleStage, runIn, type ScheduleStage } from './testing/schedule-stage';

const LIMIT = 2;

describe.each(profiles)('what a worker host launches by a schedule on the %s profile', (profile) => {
  let stage: ScheduleStage;
  beforeAll(async () => {
    stage = await openScheduleStage(profile);
  }, SET_UP_MS);
  afterAll(() => stage.close());

  it('keeps to WhatsApp’s limit as it was set last: who does not fit waits', async () => {
    await createLimitKeeper(stage.database).change(stage.actor.organizationId, LIMIT, null);
    const contacts = await addContacts(stage, 5);
    const step = {
      kind: 'campaign' as const,
      name: 'Weekly',
      audience: { kind: 'contacts' as const, contactIds: contacts.map(({ id }) => id) },
      message: WhatsAppContent.parse({ channel: 'whatsapp', body: 'Hi!' }),
      priority: 2 as const,
      missing: 'skip' as const,
    };
    const { service } = stage.schedules;
    const schedule = unwrap(await service.save(cron([step], '0 9 * * 1'), undefined, stage.actor));
    await stage.work();
    unwrap(await service.runNow(schedule.id, stage.actor));
    const run = await runIn(stage, schedule.id, 'running', 'succeeded');
    const campaignId = await until('a campaign that has sent to who fits', async () => {
      const found = unwrap(await service.runs(schedule.id, 1, stage.actor))[0]?.steps[0]?.campaignId;
      if (found == null) return undefined;
      const { accepted = 0 } = await statesOf(stage, found);
      return accepted >= LIMIT ? found : undefined;
    });
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: LIMIT, pending: 3 });
    expect(await detailOf(stage, campaignId)).toMatchObject({
      state: 'running',
      keepsLimit: true,
      budget: { waiting: 3, limit: LIMIT },
    });
    expect(run.state).toBe('running');
  }, 60_000);
});
