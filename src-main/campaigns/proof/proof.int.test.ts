import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '@shared/errors';
import { addContacts, launchTo, openStage, profiles, type Stage } from '../../../e2e/fixtures/campaign-stage';
import { SET_UP_MS } from '../../database/testing/databases';

describe.each(profiles)('the hash of a campaign on the %s profile', (profile) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(profile);
  }, SET_UP_MS);
  afterAll(() => stage.close());

  const launch = async () => {
    const contacts = await addContacts(stage, 5, (n) => ({ name: n === 4 ? null : `Person ${n} ‮é` }));
    return (await launchTo(stage, contacts, { body: 'Hello {{name}}' })).campaignId;
  };
  const verify = async (campaignId: string) =>
    unwrap(await stage.campaigns.service.verify(campaignId, stage.actor));

  it('is found again after everything that may happen to a campaign', async () => {
    const campaignId = await launch();
    expect(await verify(campaignId)).toMatchObject({ verified: true, recipients: 5, differences: [] });
    await stage.pool.query(
      `UPDATE deliveries SET state = 'failed', error_code = '131000', error_kind = 'transient', attempts = 5
        WHERE campaign_id = $1 AND state = 'pending'`,
      [campaignId],
    );
    await stage.campaigns.service.retryFailed(campaignId, undefined, stage.actor);
    await stage.pool.query(
      `DELETE FROM contacts WHERE id IN (SELECT contact_id FROM deliveries WHERE campaign_id = $1)`,
      [campaignId],
    );
    const proof = await verify(campaignId);
    expect(proof).toMatchObject({ verified: true, recipients: 5, contentHash: proof.computedHash });
  });

  it.each([
    [
      'a recipient',
      ['people'],
      `UPDATE deliveries SET recipient = '+966599999999' WHERE id = (SELECT id FROM deliveries WHERE campaign_id = $1 LIMIT 1)`,
    ],
    [
      'a parameter',
      ['values'],
      `UPDATE deliveries SET parameters = parameters || '{"name": "Eve"}' WHERE campaign_id = $1 AND recipient = (SELECT min(recipient) FROM deliveries WHERE campaign_id = $1)`,
    ],
    [
      'somebody more',
      ['recipients'],
      `INSERT INTO deliveries (organization_id, campaign_id, recipient, batch_no) SELECT organization_id, id, '+966588888888', 0 FROM campaigns WHERE id = $1`,
    ],
    [
      'somebody less',
      ['recipients'],
      `DELETE FROM deliveries WHERE id = (SELECT id FROM deliveries WHERE campaign_id = $1 LIMIT 1)`,
    ],
    [
      'somebody who was to be left out',
      ['people'],
      `UPDATE deliveries SET batch_no = 0, state = 'pending' WHERE campaign_id = $1 AND batch_no = -1`,
    ],
    [
      'the message',
      ['message'],
      `UPDATE campaigns SET message = jsonb_set(message, '{body}', '"Bye {{name}}"') WHERE id = $1`,
    ],
    [
      'the audience',
      ['audience'],
      `UPDATE campaigns SET audience = '{"kind": "all", "excludeTags": []}' WHERE id = $1`,
    ],
  ])('is another one when %s was changed, and says so', async (_, differences, sql) => {
    const campaignId = await launch();
    await stage.pool.query(sql, [campaignId]);
    const proof = await verify(campaignId);
    expect(proof).toMatchObject({ verified: false, differences, frozenRecipients: 5 });
    expect(proof.computedHash).not.toBe(proof.contentHash);
  });

  it('of an earlier version is not called wrong', async () => {
    const campaignId = await launch();
    await stage.pool.query(
      `UPDATE campaigns SET content_hash = 'abc', content_hash_version = 1, content_hash_parts = NULL WHERE id = $1`,
      [campaignId],
    );
    expect(await verify(campaignId)).toMatchObject({ verified: null, contentHash: 'abc', differences: null });
  });
});
