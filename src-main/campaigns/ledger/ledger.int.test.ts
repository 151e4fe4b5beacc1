import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addContacts,
  launchTo,
  openStage,
  profiles,
  statesOf,
  type Stage,
} from '../../../e2e/fixtures/campaign-stage';
import { SET_UP_MS } from '../../database/testing/databases';
import { createLedgerRepository, type Claim, type LedgerRepository, type OwnedOutcome } from './repository';

const SILENCE_MS = 30_000;

describe.each(profiles)('the ledger on the %s profile', (profile) => {
  let stage: Stage;
  let ledger: LedgerRepository;
  beforeAll(async () => {
    stage = await openStage(profile);
    ledger = createLedgerRepository(stage.database);
  }, SET_UP_MS);
  afterAll(() => stage.close());

  const launch = async (recipients: number): Promise<string> => {
    const { campaignId } = await launchTo(stage, await addContacts(stage, recipients));
    await stage.pool.query(`UPDATE campaigns SET state = 'running' WHERE id = $1`, [campaignId]);
    return campaignId;
  };
  const claimsOf = async (campaignId: string, owner: string): Promise<Claim[]> =>
    (await ledger.due({ campaignId, batchNo: 0 }, 1_000, [])).map(({ id, attempts }) => ({
      id,
      campaignId,
      owner,
      attempts,
    }));
  const begin = async (claims: readonly Claim[]): Promise<string[]> => {
    const isBegun = await ledger.beginSending(claims, SILENCE_MS);
    return claims.filter(isBegun).map(({ id }) => id);
  };
  const accepted = (id: string, owner: string): OwnedOutcome => ({
    ...{ id, owner, state: 'accepted', providerMessageId: `wamid.${id}` },
    ...{ errorCode: null, errorKind: null, errorMessage: null, retryInMs: null },
  });

  it('gives each recipient to one of the runs that have read them all', async () => {
    const campaignId = await launch(200);
    const owners = ['a', 'b', 'c', 'd'];
    const read = await Promise.all(owners.map((owner) => claimsOf(campaignId, owner)));
    expect(read.map((claims) => claims.length)).toEqual([200, 200, 200, 200]);
    // Two of them in statements of their own, the other two in one.
    const [a = [], b = [], c = [], d = []] = read;
    const begun = await Promise.all([begin(a), begin(b), begin([...c, ...d])]);
    const all = begun.flat();
    expect(all).toHaveLength(200);
    expect(new Set(all).size).toBe(200);
    // What one run was sending, another one's word does not change.
    await ledger.record(all.map((id) => accepted(id, 'nobody')));
    expect(await statesOf(stage, campaignId)).toEqual({ sending: 200 });
    for (const owner of owners) await ledger.record(all.map((id) => accepted(id, owner)));
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 200 });
  });

  it('claims several campaigns at once, and nobody of one that does not run', async () => {
    const [running, paused] = [await launch(3), await launch(3)];
    const claims = [...(await claimsOf(running, 'w')), ...(await claimsOf(paused, 'w'))];
    await stage.campaigns.service.pause(paused, stage.actor);
    expect(await begin(claims)).toEqual(claims.slice(0, 3).map(({ id }) => id));
    expect(await statesOf(stage, paused)).toEqual({ pending: 3 });
  });

  it('claims nobody who was sent to, or put off, since they were read', async () => {
    const campaignId = await launch(3);
    const [first, second, third] = await claimsOf(campaignId, 'w');
    if (first === undefined || second === undefined || third === undefined) throw new Error('not launched');
    await begin([{ ...first, owner: 'other' }]);
    const again = {
      state: 'retry_wait',
      providerMessageId: null,
      errorCode: '131000',
      retryInMs: 0,
    } as const;
    await ledger.record([{ ...accepted(first.id, 'other'), ...again }]);
    await ledger.postpone([{ id: second.id, ms: 60_000 }]);
    expect(await begin([first, second, third])).toEqual([third.id]);
    expect(await statesOf(stage, campaignId)).toEqual({ pending: 1, sending: 1, retry_wait: 1 });
  });

  it('does not lose a group’s outcomes over one provider’s odd words', async () => {
    const campaignId = await launch(2);
    const claims = await claimsOf(campaignId, 'w');
    await begin(claims);
    const [odd = '', plain = ''] = claims.map(({ id }) => id);
    const words = { state: 'failed', errorCode: '100', errorMessage: 'a\0b \ud800' } as const;
    await ledger.record([{ ...accepted(odd, 'w'), ...words }, accepted(plain, 'w')]);
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 1, failed: 1 });
  });

  it('counts a campaign anew that had ended before a worker that was taken for dead wrote its outcomes down', async () => {
    const campaignId = await launch(3);
    const claims = await claimsOf(campaignId, 'slow');
    await begin(claims);
    await stage.pool.query(
      `UPDATE deliveries SET alive_until = now() - interval '1 s' WHERE campaign_id = $1`,
      [campaignId],
    );
    await stage.campaigns.recovery.recover();
    const listed = async () => {
      const { campaigns } = await stage.campaigns.service.list(stage.actor, { limit: 50 });
      return campaigns.find(({ id }) => id === campaignId);
    };
    expect(await listed()).toMatchObject({ state: 'completed', counts: { unknown: 3 } });
    await ledger.record(claims.map(({ id }) => accepted(id, 'slow')));
    expect(await listed()).toMatchObject({ counts: { accepted: 3, unknown: 0 }, outcome: 'success' });
  });
});
